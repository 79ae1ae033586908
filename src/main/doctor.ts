// `countersign doctor`: looks at the machine without changing it and says what to do.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readFileSync } from 'node:fs';
import { resolveCacheDir, resolveStateDir } from '../../tools/setup/dirs.mjs';
import { SetupError } from '../../tools/setup/setup-error.mjs';
import { readSetupEnv } from '../config/setup-env.ts';
import { commandLine } from '../embedded/process-table.ts';
import { checkBroker } from '../supervisor/checks/broker.ts';
import { checkClock } from '../supervisor/checks/clock.ts';
import { checkDisk, checkGit, checkNode, checkPackages } from '../supervisor/checks/machine.ts';
import { checkPorts, checkPostgres, checkTemporal } from '../supervisor/checks/servers.ts';
import { exitCodeOf, renderFindings, type Finding } from '../supervisor/finding.ts';

const checkout = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Every look at this machine, in the order in which a person would put things right. */
async function examine(): Promise<Finding[]> {
  const machine = [checkNode(), checkGit(), checkPackages(checkout)];
  try {
    const env = readSetupEnv();
    const cache = resolveCacheDir();
    const state = resolveStateDir(checkout);
    const notices = [cache, state].flatMap(({ notice }) => notice ?? []);
    const folders = notices.map((text): Finding => ({ name: 'folders', state: 'warning', text }));
    const [temporal, postgres, ports, broker, clock] = await Promise.all([
      checkTemporal(env, cache.dir),
      checkPostgres(env, cache.dir, state.dir),
      checkPorts(env, runningPid(state.dir)),
      checkBroker(env),
      checkClock(),
    ]);
    return [
      ...machine,
      ...folders,
      checkDisk(state.dir),
      temporal,
      postgres,
      ...ports,
      broker,
      clock,
    ];
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    const { message: text, exitCode } = error;
    return [...machine, { name: 'settings', state: 'missing', text, exitCode }];
  }
}

function runningPid(stateDir: string): number | undefined {
  try {
    const pid = Number(readFileSync(join(stateDir, 'start.lock'), 'utf8'));
    return commandLine(pid)?.includes('start.ts') === true ? pid : undefined;
  } catch {
    return undefined; // it does not run
  }
}

const findings = await examine();
const exitCode = exitCodeOf(findings);
const lines = process.argv.includes('--json')
  ? [JSON.stringify({ exitCode, findings })]
  : renderFindings(findings);
process.stdout.write(`${lines.join('\n')}\n`);
process.exitCode = exitCode;
