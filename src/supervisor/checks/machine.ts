import { execFileSync } from 'node:child_process';
import { statfsSync } from 'node:fs';
import type { Finding } from '../finding.ts';
import { packagesMatch } from '../../../tools/setup/packages.mjs';
import { exitCodes } from '../../../tools/setup/setup-error.mjs';

const wantedMajor = 24;
const wantedFreeBytes = 1_000_000_000;

/** The Node that runs this. */
export function checkNode(version = process.versions.node): Finding {
  const major = Number(version.split('.', 1)[0]);
  if (major >= wantedMajor) return { name: 'Node', state: 'ok', text: version };
  return {
    name: 'Node',
    state: 'missing',
    text: `${version}, but ${wantedMajor} is needed`,
    fix: 'run through npm start or npx countersign: they use the packaged Node 24',
    exitCode: exitCodes.configuration,
  };
}

/** Whether node_modules is what package-lock.json says. */
export function checkPackages(checkout: string): Finding {
  if (packagesMatch(checkout)) {
    return { name: 'packages', state: 'ok', text: 'node_modules matches package-lock.json' };
  }
  return {
    name: 'packages',
    state: 'missing',
    text: 'node_modules does not match package-lock.json',
    fix: 'npm start installs them (or npm ci)',
    exitCode: exitCodes.unavailable,
  };
}

/** git is only needed to update a checkout. */
export function checkGit(): Finding {
  try {
    const text = execFileSync('git', ['--version'], { encoding: 'utf8' }).trim();
    return { name: 'git', state: 'ok', text };
  } catch {
    return { name: 'git', state: 'warning', text: 'not found', fix: 'install git to get updates' };
  }
}

/** The room left where the state lies. */
export function checkDisk(stateDir: string): Finding {
  const { bavail, bsize } = statfsSync(stateDir);
  const free = bavail * bsize;
  const text = `${(free / 1e9).toFixed(1)} GB free for ${stateDir}`;
  if (free >= wantedFreeBytes) return { name: 'disk', state: 'ok', text };
  return { name: 'disk', state: 'warning', text, fix: 'free some room: 1 GB is a good reserve' };
}
