// Python with ib_async for the tests of this folder: an environment outside the checkout, made once per
// Python version and list of requirements. It never installs anything into the machine's own Python.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { resolveCacheDir } from '../../tools/setup/dirs.mjs';

const run = promisify(execFile);
const requirements = new URL('requirements.txt', import.meta.url).pathname;
const names = ['python3', 'python', 'python3.14', 'python3.13', 'python3.12', 'python3.11'];
const leastMinor = 10;
const installWithinMs = 110_000;

/** The interpreter to use, or why there is none. */
export type Python = { readonly path: string } | { readonly missing: string };

/** An interpreter that can import ib_async. Takes seconds the first time and needs the network then. */
export async function preparePython(): Promise<Python> {
  const found = await findPython();
  if (found === null) return { missing: `no Python ≥ 3.${leastMinor} is installed` };
  const hash = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const { dir: cache } = resolveCacheDir();
  const home = join(cache, `compat-py${found.version}-${hash}`);
  const path = join(home, 'bin', 'python');
  if (existsSync(path)) return { path };
  const draft = `${home}.${process.pid}`;
  try {
    await run(found.name, ['-m', 'venv', draft]);
    const pip = ['-m', 'pip', 'install', '--quiet', '--no-deps', '--require-hashes'];
    const only = ['--only-binary', ':all:', '--disable-pip-version-check', '--no-input'];
    await run(join(draft, 'bin', 'python'), [...pip, ...only, '-r', requirements], {
      timeout: installWithinMs,
    });
  } catch (failure) {
    rmSync(draft, { recursive: true, force: true });
    return { missing: `its packages could not be installed: ${lastLine(failure)}` };
  }
  moveInto(draft, home);
  return { path };
}

async function findPython(): Promise<{ name: string; version: string } | null> {
  const ask = 'import sys; print("%d.%d" % sys.version_info[:2])';
  for (const name of names) {
    try {
      const version = (await run(name, ['-c', ask])).stdout.trim();
      const [major, minor] = version.split('.').map(Number);
      if (major === 3 && (minor ?? 0) >= leastMinor) return { name, version };
    } catch {
      continue; // not installed, or a stub that only offers to install it
    }
  }
  return null;
}

/** Two test runs may have made it at once; the first one stays. */
function moveInto(draft: string, home: string): void {
  try {
    renameSync(draft, home);
  } catch (failure) {
    if (!existsSync(home)) throw failure;
    rmSync(draft, { recursive: true, force: true });
  }
}

function lastLine(failure: unknown): string {
  const { stderr, message } = failure as { stderr?: string; message: string };
  return (stderr ?? message).trim().split('\n').at(-1) ?? message;
}
