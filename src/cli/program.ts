import { Command, CommanderError } from 'commander';
import { ConfigurationError } from '../config/env.ts';
import { GatewayError } from '../domain/errors.ts';
import { addAccountCommands } from './commands/account.ts';
import { addApprovalCommands } from './commands/approvals.ts';
import { addAuditCommands } from './commands/audit.ts';
import { addOrderLookCommands } from './commands/look-at-order.ts';
import { addLimitCommands } from './commands/limits.ts';
import { addMarketCommands } from './commands/market.ts';
import { addPolicyCommands } from './commands/policy.ts';
import { addProgramCommands } from './commands/programs.ts';
import { addSessionCommands } from './commands/session.ts';
import { addTradingCommands } from './commands/trading.ts';
import type { CliContext } from './context.ts';
import { CommandFailure, exitCodes } from './outcome.ts';

const codes = `
Exit codes: 0 done · 1 the answer is no · 2 wrong usage or input · 69 something is not reachable ·
77 not logged in or not allowed · 78 wrong configuration`;

/** Runs one command line; the result is the exit code. Every command but start and mcp takes --json. */
export async function runCli(
  argv: readonly string[],
  world: Omit<CliContext, 'setExitCode'>,
): Promise<number> {
  let exitCode: number = exitCodes.ok;
  const context: CliContext = {
    ...world,
    setExitCode: (code) => {
      exitCode = code;
    },
  };
  try {
    await createProgram(context).parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    return explain(error, context, argv.includes('--json'));
  }
}

function createProgram(context: CliContext): Command {
  const program = new Command('countersign')
    .description('An order gateway between AI agents and Interactive Brokers.')
    .addHelpText('after', codes)
    .exitOverride()
    .configureOutput({ writeOut: context.out, writeErr: context.err });
  addProgramCommands(program, context);
  addSessionCommands(program, context);
  addApprovalCommands(program, context);
  addTradingCommands(program, context);
  addAccountCommands(program, context);
  addMarketCommands(program, context);
  addOrderLookCommands(program, context);
  addLimitCommands(program, context);
  addPolicyCommands(program, context);
  addAuditCommands(program, context);
  return program;
}

function explain(error: unknown, context: CliContext, isJson: boolean): number {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 || error.code === 'commander.help' ? exitCodes.ok : exitCodes.usage;
  }
  const failure = asFailure(error);
  if (failure === null) throw error;
  if (isJson) context.out(`${JSON.stringify(failure.json)}\n`);
  else context.err(`${failure.message}\n`);
  return failure.exitCode;
}

function asFailure(error: unknown): CommandFailure | null {
  if (error instanceof CommandFailure) return error;
  if (error instanceof ConfigurationError) {
    return new CommandFailure(exitCodes.configuration, error.message);
  }
  if (error instanceof GatewayError) {
    return new CommandFailure(exitCodes.unavailable, `${error.code}: ${error.message}`);
  }
  return null;
}
