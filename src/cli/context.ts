import type { Command, Option } from 'commander';
import type { AuditEvent } from '../domain/audit/event.ts';
import type { Outcome } from './outcome.ts';

/**
 * What can be done on this machine itself, beside the running server. The root of the command line gives it; tests
 * give their own.
 */
export type Machine = {
  /** Runs everything under one supervisor until it is stopped; the result is the exit code. */
  readonly start: (args: readonly string[]) => Promise<number>;
  /** Looks at the machine, prints what it found; the result is the exit code. */
  readonly doctor: () => Promise<number>;
  /** Serves MCP over stdin and stdout until the host closes stdin. */
  readonly serveMcp: () => Promise<never>;
  /** Runs the simulated gateway alone; the result is the exit code once it runs or cannot. */
  readonly simulateGateway: (args: readonly string[]) => Promise<number>;
  /** Makes a one-time operator link. */
  readonly newLoginLink: () => Promise<string>;
  /** Gives every audit event of the database, in order, for as long as `use` runs. */
  readonly withAuditTrail: <T>(
    use: (events: AsyncIterable<AuditEvent>) => Promise<T>,
  ) => Promise<T>;
};

/** What commands reach of the world; tests give their own. */
export type CliContext = {
  /** The state directory. */
  readonly home: string;
  /** Where the running api is, if it is known. */
  readonly apiUrl: string | null;
  /** Commands that decide, change or resume do not exist. Default false. */
  readonly readOnly?: boolean;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Asks a person; null where nobody can be asked. */
  readonly ask: ((question: string) => Promise<string>) | null;
  readonly machine: Machine;
  readonly setExitCode: (code: number) => void;
};

/** Adds a command that gives an outcome; `--json` prints it for programs. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- commander's options are untyped
export function addCommand<Options extends object>(
  parent: Command,
  context: CliContext,
  definition: {
    readonly usage: string;
    readonly description: string;
    readonly options?: readonly Option[];
    /** Left out of a read-only installation. */
    readonly isWrite?: boolean;
    readonly run: (args: readonly string[], options: Options) => Promise<Outcome>;
  },
): void {
  if (definition.isWrite === true && context.readOnly === true) return;
  const command = parent
    .command(definition.usage)
    .description(definition.description)
    .option('--json', 'print JSON');
  for (const option of definition.options ?? []) command.addOption(option);
  command.action(async () => {
    const options = command.opts<Options & { readonly json?: boolean }>();
    const outcome = await definition.run(command.args, options);
    const lines = options.json === true ? [JSON.stringify(outcome.json)] : outcome.lines;
    for (const line of lines) context.out(`${line}\n`);
    context.setExitCode(outcome.exitCode ?? 0);
  });
}
