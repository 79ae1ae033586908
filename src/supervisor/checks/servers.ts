// Temporal, PostgreSQL and the ports: what a start would need, looked at without starting anything.
import type { Finding } from '../finding.ts';
import type { SetupEnv } from '../../config/setup-env.ts';
import { describePortOwner } from '../../embedded/port-owner.ts';
import { answers, isPortFree } from '../../embedded/ports.ts';
import { findPostgresBinaries } from '../../embedded/postgres-binaries.ts';
import { choosePostgresUser } from '../../embedded/postgres-user.ts';
import { findTemporalCli } from '../../../tools/setup/temporal.mjs';
import { SetupError, exitCodes } from '../../../tools/setup/setup-error.mjs';
import { neededPorts } from '../plan-ports.ts';
import { postgresDataDir } from '../bundled-servers.ts';

const answerTimeoutMs = 2_000;

/** The Temporal server that a start would use. */
export async function checkTemporal(env: SetupEnv, cacheDir: string): Promise<Finding> {
  const name = 'Temporal';
  if (env.temporalAddress !== undefined) {
    return checkAnswer(name, `TEMPORAL_ADDRESS ${env.temporalAddress}`, env.temporalAddress);
  }
  try {
    const path = findTemporalCli(cacheDir);
    if (path !== undefined) return { name, state: 'ok', text: path };
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    return { name, state: 'missing', text: error.message, exitCode: error.exitCode };
  }
  return {
    name,
    state: 'missing',
    text: 'no TEMPORAL_ADDRESS, no temporal on PATH, none in the cache',
    fix: 'npm start fetches it once (network or a Python with pip), or set TEMPORAL_ADDRESS',
    exitCode: exitCodes.unavailable,
  };
}

/** The PostgreSQL server that a start would use. */
export async function checkPostgres(
  env: SetupEnv,
  cacheDir: string,
  stateDir: string,
): Promise<Finding> {
  const name = 'PostgreSQL';
  if (env.databaseUrl !== undefined) {
    const { hostname, port } = new URL(env.databaseUrl);
    const address = `${hostname}:${port === '' ? '5432' : port}`;
    return checkAnswer(name, `DATABASE_URL at ${address}`, address);
  }
  const user = choosePostgresUser(postgresDataDir(stateDir));
  const binaries = findPostgresBinaries(cacheDir, user);
  if (binaries !== undefined) {
    const as = user === undefined ? '' : `, run as ${user.name}`;
    return { name, state: 'ok', text: `${binaries.majorVersion} in ${binaries.binDir}${as}` };
  }
  return {
    name,
    state: 'missing',
    text: 'no DATABASE_URL, and neither packaged nor installed programs run here',
    fix: 'set DATABASE_URL, or install PostgreSQL (Debian: apt-get install postgresql)',
    exitCode: exitCodes.unavailable,
  };
}

/** Every port of a start that another program holds; `ownPid` is a running Countersign of this checkout. */
export async function checkPorts(env: SetupEnv, ownPid: number | undefined): Promise<Finding[]> {
  const name = 'ports';
  if (ownPid !== undefined) {
    return [{ name, state: 'ok', text: `in use by this Countersign (pid ${ownPid})` }];
  }
  const taken: Finding[] = [];
  const names = neededPorts(env);
  for (const portName of names) {
    const { port, variable, isExplicit } = env.ports[portName];
    if (await isPortFree(port)) continue;
    const isFixed = isExplicit || portName === 'api' || portName === 'mcp';
    taken.push({
      name: 'port',
      state: isFixed ? 'missing' : 'warning',
      text: `${port} (${portName}) is taken by ${describePortOwner(port)}`,
      fix: isFixed
        ? `stop that, or set ${variable} to another port`
        : `a start uses another one; set ${variable} to choose it`,
      exitCode: exitCodes.tryAgain,
    });
  }
  if (taken.length > 0) return taken;
  const list = names.map((portName) => env.ports[portName].port).join(', ');
  return [{ name, state: 'ok', text: `free: ${list}` }];
}

async function checkAnswer(name: string, what: string, address: string): Promise<Finding> {
  const [host = '', port = ''] = address.split(/:(?=\d+$)/);
  if (await answers(host, Number(port), answerTimeoutMs)) {
    return { name, state: 'ok', text: `${what} answers` };
  }
  return {
    name,
    state: 'missing',
    text: `${what} does not answer`,
    fix: 'start that server, correct the address, or unset it to use the embedded one',
    exitCode: exitCodes.unavailable,
  };
}
