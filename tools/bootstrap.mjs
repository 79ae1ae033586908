// The first thing that runs: plain JavaScript without dependencies, for Node 20.19 and later. It brings
// in the packages (with Node 24) and the Temporal CLI, then runs the asked-for program under Node 24.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { resolveCacheDir } from './setup/dirs.mjs';
import { requireUsableMachine, resolveNode24 } from './setup/node.mjs';
import { ensurePackages, packagesMatch } from './setup/packages.mjs';
import { say } from './setup/progress.mjs';
import { runNode } from './setup/run.mjs';
import { SetupError, exitCodes } from './setup/setup-error.mjs';
import { ensureTemporalCli } from './setup/temporal.mjs';

const checkout = dirname(dirname(fileURLToPath(import.meta.url)));
const vitest = ['node_modules/vitest/vitest.mjs', 'run'];

const programs = {
  start: { run: ['src/main/start.ts'], needsTemporal: true, link: true },
  demo: { run: ['demo/run.ts'], needsTemporal: true },
  simgateway: { run: ['src/main/simgateway.ts'], keepCwd: true, needsNoPackages: true },
  test: { run: vitest, needsTemporal: true },
  verify: { run: ['tools/verify.mjs'] },
  bench: { run: ['bench/run.ts'], needsTemporal: true },
  'planted-bugs': { run: ['test/planted/run.ts'], needsTemporal: true },
  doctor: { run: ['src/main/doctor.ts'], keepCwd: true },
  cli: { run: ['src/cli/main.ts'], keepCwd: true },
};

/** Sets up what `name` needs and runs it; the result is the exit code. */
export async function bootstrap(name, args) {
  try {
    const program = programs[name];
    if (!program) {
      const known = Object.keys(programs).join(', ');
      throw new SetupError(`There is no "${name ?? ''}" here: ${known}.`, exitCodes.configuration);
    }
    const node = await setUp(program);
    const [script, ...fixed] = program.run;
    return await runNode(node, join(checkout, script), [...fixed, ...args], {
      link: program.link === true,
      ...(program.keepCwd ? {} : { cwd: checkout }),
      compileCache: program.run === vitest ? undefined : compileCache(),
    });
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(`countersign: ${error.message}`);
    return error.exitCode;
  }
}

/** Where Node keeps compiled sources: an entry counts only for the same text. */
function compileCache() {
  return process.env.NODE_COMPILE_CACHE || join(resolveCacheDir().dir, 'compiled');
}

async function setUp(program) {
  requireUsableMachine();
  const isModern = Number(process.versions.node.split('.', 1)[0]) >= 24;
  if (program.needsNoPackages && isModern && !packagesMatch(checkout)) return process.execPath;
  if (!packagesMatch(checkout)) {
    say('Setting up Countersign: everything is fetched once, verified and cached.');
  }
  const jobs = [ensurePackages(checkout)];
  if (program.needsTemporal && !process.env.TEMPORAL_ADDRESS) {
    const cache = resolveCacheDir();
    if (cache.notice) say(cache.notice);
    jobs.push(ensureTemporalCli(cache.dir));
  }
  const failed = (await Promise.allSettled(jobs)).find(({ status }) => status === 'rejected');
  if (failed) throw failed.reason;
  return resolveNode24(checkout);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [name, ...args] = process.argv.slice(2);
  process.exitCode = await bootstrap(name, args);
}
