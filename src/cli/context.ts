import type { Command, Option } from 'commander';
import type { Outcome } from './outcome.ts';

/** What commands reach of the world; tests give their own. */
export type CliContext = {
  /** The state directory. */
  readonly home: string;
  /** Where the running api is, if it is known. */
  readonly apiUrl: string | null;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Asks a person; null where nobody can be asked. */
  readonly ask: ((question: string) => Promise<string>) | null;
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
    readonly run: (args: readonly string[], options: Options) => Promise<Outcome>;
  },
): void {
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
