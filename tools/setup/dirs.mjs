// Where things live outside the checkout: one cache for everything fetched, one state directory per
// checkout, so that two checkouts never share a database.
import { createHash } from 'node:crypto';
import { accessSync, chmodSync, constants, mkdirSync, realpathSync } from 'node:fs';
import { homedir, tmpdir, userInfo } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { SetupError, exitCodes } from './setup-error.mjs';

/** The directory for everything that is fetched once; created if missing. */
export function resolveCacheDir(env = process.env) {
  if (env.COUNTERSIGN_CACHE) return chosen(env.COUNTERSIGN_CACHE, 'COUNTERSIGN_CACHE', 0o755);
  const home = env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return firstUsable('cache', isRoot() ? '/var/cache' : home, home, 'countersign', 0o755);
}

/** The state directory of one checkout; created if missing. */
export function resolveStateDir(checkout, env = process.env) {
  // PostgreSQL does not run as root, and its user has to pass through this directory.
  const mode = isRoot() ? 0o711 : 0o700;
  if (env.COUNTERSIGN_HOME) return chosen(env.COUNTERSIGN_HOME, 'COUNTERSIGN_HOME', mode);
  const home = env.XDG_DATA_HOME || join(homedir(), '.local', 'share');
  const name = join('countersign', checkoutName(checkout));
  return firstUsable('state', isRoot() ? '/var/lib' : home, home, name, mode);
}

/** The base name of a checkout and eight digits that tell it from its namesakes. */
export function checkoutName(checkout) {
  const path = realpathSync(checkout);
  return `${basename(path)}-${createHash('sha256').update(path).digest('hex').slice(0, 8)}`;
}

function isRoot() {
  return process.getuid?.() === 0;
}

function chosen(dir, variable, mode) {
  if (usable(dir, mode)) return { dir };
  throw new SetupError(
    `${variable} is ${dir}, which cannot be created or written: choose another directory.`,
    exitCodes.cannotCreate,
  );
}

function firstUsable(what, first, second, name, mode) {
  const preferred = join(first, name);
  for (const base of [first, second, join(tmpdir(), `countersign-${userInfo().uid}`)]) {
    const dir = join(base, name);
    if (!usable(dir, mode)) continue;
    if (dir === preferred) return { dir };
    return { dir, notice: `${preferred} cannot be written: the ${what} directory is ${dir}.` };
  }
  const variable = what === 'cache' ? 'COUNTERSIGN_CACHE' : 'COUNTERSIGN_HOME';
  throw new SetupError(
    `No ${what} directory can be written (${preferred} was tried first): set ${variable}.`,
    exitCodes.cannotCreate,
  );
}

function usable(dir, mode) {
  try {
    const created = mkdirSync(dir, { recursive: true, mode });
    // A strict umask must not close what PostgreSQL's user has to pass through.
    for (let path = dir; created && path.startsWith(created); path = dirname(path)) {
      chmodSync(path, mode);
    }
    accessSync(dir, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
