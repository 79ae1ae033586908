// Makes node_modules match package-lock.json: a stamp answers in a millisecond, npm's own hidden lock
// is believed after a manual `npm ci`, and only then are packages installed.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstatSync, readFileSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeTransfer, say, startProgress } from './progress.mjs';
import { SetupError, exitCodes } from './setup-error.mjs';

const stampName = '.countersign-lock';

/** Whether the installed packages are those of the lock, on this platform. */
export function packagesMatch(checkout) {
  const lockText = readText(join(checkout, 'package-lock.json'));
  if (lockText === undefined) return false;
  const stampPath = join(checkout, 'node_modules', stampName);
  if (readText(stampPath) === lockStamp(lockText)) return true;
  const hidden = readText(join(checkout, 'node_modules', '.package-lock.json'));
  if (hidden === undefined || !installedMatchesLock(JSON.parse(lockText), JSON.parse(hidden))) {
    return false;
  }
  if (!isShared(checkout)) writeStamp(checkout, lockText);
  return true;
}

/** Installs the packages of the lock unless they are there. */
export async function ensurePackages(checkout) {
  if (packagesMatch(checkout)) return;
  if (isShared(checkout)) {
    throw new SetupError(
      'node_modules is a link to an install that does not match package-lock.json: update it there, ' +
        'or remove the link.',
      exitCodes.configuration,
    );
  }
  const first = await npmCi(checkout);
  if (first.code !== 0) {
    say(`  packages   npm ci failed (${first.lastLine}); trying once more`);
    const second = await npmCi(checkout);
    if (second.code !== 0) {
      throw new SetupError(
        `npm ci failed twice (${second.lastLine}). Check the network and the npm registry setting ` +
          '(npm config get registry), then run the same command again: it resumes from the cache.',
        exitCodes.unavailable,
      );
    }
  }
  writeStamp(checkout, readText(join(checkout, 'package-lock.json')));
}

/** What the stamp of an install of this lock says. */
export function lockStamp(lockText) {
  const hash = createHash('sha256').update(lockText).digest('hex');
  return `${hash} ${process.platform}-${process.arch}\n`;
}

/** Compares the lock with npm's record of an install; packages for other platforms may be missing. */
export function installedMatchesLock(lock, hidden) {
  return Object.entries(lock.packages).every(([path, wanted]) => {
    if (path === '' || wanted.link) return true;
    const installed = hidden.packages[path];
    if (installed === undefined) return wanted.optional === true || wanted.devOptional === true;
    return installed.version === wanted.version && installed.integrity === wanted.integrity;
  });
}

function npmCi(checkout) {
  const lock = JSON.parse(readText(join(checkout, 'package-lock.json')) ?? '{"packages":{}}');
  const expected = Object.keys(lock.packages).length - 1;
  const progress = startProgress('packages');
  const freeBefore = freeBytes(checkout);
  let fetched = 0;
  let lastLine = '';
  const show = () => {
    // The growth of the disk, because npm tells no sizes: other programs may blur it.
    const bytes = Math.max(0, freeBefore - freeBytes(checkout));
    const transfer = describeTransfer(bytes, 0, progress.seconds());
    progress.update(`${Math.min(fetched, expected)}/${expected}, ≈ ${transfer}`);
  };
  const timer = setInterval(show, 250);
  const { command, args } = npmCommand();
  const options = { cwd: checkout, stdio: ['ignore', 'ignore', 'pipe'] };
  const npm = spawn(command, [...args, 'ci', '--loglevel=http', '--no-progress'], options);
  let rest = '';
  npm.stderr.on('data', (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (/^npm http (fetch GET 200|cache)/.test(line)) fetched += 1;
      else if (/^npm (error|ERR!)/.test(line) && !/log of this run|debug-0/.test(line)) {
        lastLine = line.replace(/^npm (error|ERR!)\s*/, '') || lastLine;
      }
    }
  });
  return new Promise((resolve) => {
    const finish = (code) => {
      clearInterval(timer);
      const bytes = Math.max(0, freeBefore - freeBytes(checkout));
      if (code === 0) progress.done(`installed, ≈ ${describeTransfer(bytes, 0, 0)}`);
      resolve({ code, lastLine: lastLine || `exit code ${code}` });
    };
    npm.on('error', (error) => {
      lastLine = error.code === 'ENOENT' ? 'npm is not on PATH' : error.message;
      finish(1);
    });
    npm.on('close', finish);
  });
}

/** Under `npm run` the same npm is used; otherwise the one on PATH. */
function npmCommand() {
  const script = process.env.npm_execpath;
  if (script?.endsWith('.js')) return { command: process.execPath, args: [script] };
  return { command: 'npm', args: [] };
}

function writeStamp(checkout, lockText) {
  writeFileSync(join(checkout, 'node_modules', stampName), lockStamp(lockText));
}

function isShared(checkout) {
  const path = join(checkout, 'node_modules');
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

function freeBytes(dir) {
  const { bsize, bavail } = statfsSync(dir);
  return bsize * bavail;
}

function readText(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}
