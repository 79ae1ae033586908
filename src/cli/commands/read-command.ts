import { Option, type Command } from 'commander';
import type { z } from 'zod';
import { apiClient } from '../api-client.ts';
import { addCommand, type CliContext } from '../context.ts';
import type { Outcome } from '../outcome.ts';

/** A command that reads one route and shows what comes: one row of a table is one command. */
export type ReadCommand<Body = unknown> = {
  readonly usage: string;
  readonly description: string;
  /** `--name <value>` or `--name` (a switch), with what it is for; the route's field is the name in camel case. */
  readonly options: readonly (readonly [flags: string, text: string])[];
  readonly method: 'get' | 'post';
  readonly path: string;
  /** Fields of the route that the arguments give. */
  readonly fromArguments?: (args: readonly string[]) => Record<string, unknown>;
  /** The whole body of a `post` route whose fields are not flat. */
  readonly bodyOf?: (
    args: readonly string[],
    options: Readonly<Record<string, unknown>>,
  ) => Record<string, unknown>;
  readonly shape: z.ZodType<Body>;
  readonly lines: (body: Body) => readonly string[];
  readonly exitCode?: (body: Body) => number;
};

/** Typed identity function: infers the body of a command. */
export function readCommand<Body>(command: ReadCommand<Body>): ReadCommand {
  return command as ReadCommand;
}

/** Adds the command; `--json` prints what the route answered. */
export function addReadCommand(parent: Command, context: CliContext, command: ReadCommand): void {
  addCommand<Record<string, unknown>>(parent, context, {
    usage: command.usage,
    description: command.description,
    options: command.options.map(([flags, text]) => new Option(flags, text)),
    run: async (args, options) => {
      const given = Object.entries(options).filter(([name]) => name !== 'json');
      const flat = { ...Object.fromEntries(given), ...command.fromArguments?.(args) };
      const fields = command.bodyOf?.(args, Object.fromEntries(given)) ?? flat;
      return await read(context, command, fields);
    },
  });
}

async function read(
  context: CliContext,
  command: ReadCommand,
  fields: Record<string, unknown>,
): Promise<Outcome> {
  const client = apiClient(context.home, context.apiUrl);
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) query.set(name, String(value));
  const suffix = query.size === 0 ? '' : `?${query.toString()}`;
  const answer =
    command.method === 'get'
      ? await client.get(`${command.path}${suffix}`)
      : await client.post(command.path, fields);
  const body = command.shape.parse(answer);
  const exitCode = command.exitCode?.(body);
  return {
    json: answer,
    lines: command.lines(body),
    ...(exitCode === undefined ? {} : { exitCode }),
  };
}
