// The Node that runs the product: the pinned npm package `node`, so that the machine may have an
// older one. Its platform packages are not in package-lock.json, hence the hashes of our own.
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { SetupError, exitCodes } from './setup-error.mjs';

const pins = JSON.parse(readFileSync(new URL('../node-binary.json', import.meta.url), 'utf8'));
const stampName = '.countersign-node';

/** Refuses a Node that is too old even for the bootstrap, and systems the product does not run on. */
export function requireUsableMachine() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new SetupError(
      `Node ${process.versions.node} is too old: install Node 20.19 or later, then run this again.`,
      exitCodes.configuration,
    );
  }
  if (process.platform === 'win32') {
    throw new SetupError(
      'Windows itself is not supported: run this inside the Windows Subsystem for Linux.',
      exitCodes.configuration,
    );
  }
}

/** The path of a verified Node 24 or later. */
export async function resolveNode24(checkout) {
  const pinned = join(checkout, 'node_modules', 'node', 'bin', 'node');
  if (existsSync(pinned)) {
    await requirePinnedHash(checkout, pinned);
    return pinned;
  }
  if (Number(process.versions.node.split('.', 1)[0]) >= 24) return process.execPath;
  throw new SetupError(
    `Node ${pins.version} was not installed (the install script of the package "node" did not run; ` +
      'is ignore-scripts set?). Run: npm rebuild node --ignore-scripts=false — or install Node 24.',
    exitCodes.configuration,
  );
}

async function requirePinnedHash(checkout, binary) {
  const expected = pins.sha256[`${process.platform}-${process.arch}`];
  if (expected === undefined) return;
  const { size, mtimeMs } = statSync(binary);
  const stampPath = join(checkout, 'node_modules', stampName);
  const stamp = `${expected} ${size} ${mtimeMs}\n`;
  if (existsSync(stampPath) && readFileSync(stampPath, 'utf8') === stamp) return;
  const hash = createHash('sha256');
  await pipeline(createReadStream(binary), hash);
  const actual = hash.digest('hex');
  if (actual !== expected) {
    throw new SetupError(
      `${binary} has SHA-256 ${actual}, not the pinned ${expected}: remove node_modules and run ` +
        'this again; if it stays so, the registry serves another build.',
      exitCodes.configuration,
    );
  }
  writeFileSync(stampPath, stamp);
}
