import { createInterface } from 'node:readline/promises';
import { ConfigurationError, readSettings } from '../config/env.ts';
import {
  examineMachine,
  loginLinkHere,
  serveMcp,
  simulateGateway,
  startEverything,
  withAuditTrail,
} from '../main/machine.ts';
import { readRunInfo, stateDir } from '../main/run-info.ts';
import { exitCodes } from './outcome.ts';
import { runCli } from './program.ts';

// `countersign orders list | head -1`: a reader that has seen enough is no failure.
process.stdout.on('error', (failure: NodeJS.ErrnoException) => {
  if (failure.code !== 'EPIPE') throw failure;
  process.exit(exitCodes.ok);
});

/** The `countersign` command on this machine. */
async function main(): Promise<number> {
  const settings = readSettings();
  const home = stateDir(settings);
  return runCli(process.argv.slice(2), {
    home,
    apiUrl: readRunInfo(home)?.apiUrl ?? null,
    readOnly: settings.READ_ONLY,
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    ask: process.stdin.isTTY ? ask : null,
    machine: {
      start: startEverything,
      doctor: examineMachine,
      serveMcp,
      simulateGateway,
      newLoginLink: loginLinkHere,
      withAuditTrail,
    },
  });
}

async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  process.stderr.write(`countersign: ${error.message}\n`);
  process.exitCode = exitCodes.configuration;
}
