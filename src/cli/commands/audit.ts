import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { Option, type Command } from 'commander';
import { CheckpointError, readCheckpoints } from '../../audit/checkpoint.ts';
import { exportLines, importFile } from '../../audit/export.ts';
import { verifyChain } from '../../audit/verify.ts';
import type { AuditEvent } from '../../domain/audit/event.ts';
import { addCommand, type CliContext } from '../context.ts';
import { CommandFailure, exitCodes, type Outcome } from '../outcome.ts';

/**
 * `audit verify | export`. Both read the database directly, or an export: a verifier that asked the running api would
 * trust whom it judges.
 */
export function addAuditCommands(program: Command, context: CliContext): void {
  const audit = program.command('audit').description('the audit trail');
  addCommand<{ file?: string; checkpoints?: string }>(audit, context, {
    usage: 'verify',
    description: 'recompute the whole chain and compare it with the signed checkpoints',
    options: [
      new Option('--file <export.jsonl>', 'an export instead of the database'),
      new Option('--checkpoints <dir>', 'where the checkpoints lie (default: the state directory)'),
    ],
    run: (_args, options) => verify(context, options),
  });
  addCommand<{ out: string }>(audit, context, {
    usage: 'export',
    description: 'write every event as a line of JSON',
    options: [new Option('--out <file>', 'the file to write (0600)').makeOptionMandatory()],
    run: (_args, options) =>
      context.machine.withAuditTrail(async (events) => {
        const count = await writeLines(options.out, exportLines(events));
        return {
          json: { file: options.out, events: count },
          lines: [`${count} events written to ${options.out}.`],
        };
      }),
  });
}

async function verify(
  context: CliContext,
  options: { readonly file?: string; readonly checkpoints?: string },
): Promise<Outcome> {
  const { file } = options;
  try {
    const checkpoints = await readCheckpoints(options.checkpoints ?? context.home);
    const check = async (events: AsyncIterable<AuditEvent>): Promise<Outcome> => {
      const report = await verifyChain(events, checkpoints);
      const head = report.head === null ? 'empty' : `${report.head.seq} ${report.head.hash}`;
      const problems = report.problems.map((one) => `✗ ${one.seq} ${one.kind}: ${one.message}`);
      const caution =
        checkpoints.length === 0 ? ['! no checkpoint: a cut tail would not be noticed'] : [];
      return {
        json: { ...report, checkpoints: checkpoints.length },
        lines: [
          `${report.events} events, head ${head}, ${report.confirmed} of ${checkpoints.length} checkpoints confirmed`,
          ...caution,
          ...problems,
          report.ok ? '✓ the chain is whole' : '✗ the chain is broken',
        ],
        exitCode: report.ok ? exitCodes.ok : exitCodes.refused,
      };
    };
    return await (file === undefined
      ? context.machine.withAuditTrail(check)
      : check(importFile(file)));
  } catch (error) {
    if (error instanceof CheckpointError || error instanceof RangeError) {
      throw new CommandFailure(exitCodes.refused, `✗ ${error.message}`);
    }
    throw error;
  }
}

async function writeLines(file: string, lines: AsyncIterable<string>): Promise<number> {
  const stream = createWriteStream(file, { mode: 0o600 });
  let count = 0;
  for await (const line of lines) {
    count += 1;
    if (!stream.write(line)) await once(stream, 'drain');
  }
  stream.end();
  await finished(stream);
  return count;
}
