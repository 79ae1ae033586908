import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { expectSame, expectThat, lookUntil } from './observe.ts';
import type { AuditTrail, Operator } from './operator-process.ts';
import type { Report } from './report.ts';
import { checkout } from './running-product.ts';

const Verified = z.object({
  ok: z.boolean(),
  events: z.number(),
  head: z.object({ seq: z.number() }),
  problems: z.array(z.object({ message: z.string() })),
});

/**
 * The audit trail of one order as the operator reads it: the expected types in this order, every hash
 * recomputed here, and the whole chain verified by `countersign audit verify` from the database.
 */
export async function showAuditTrail(
  operator: Operator,
  report: Report,
  intentId: string,
  types: readonly string[],
): Promise<AuditTrail> {
  const last = types.at(-1);
  const trail = await lookUntil(
    () => operator.audit(intentId),
    (events) => events.some(({ event }) => event.type === last),
  );
  const seen = trail.map(({ event }) => event.type);
  expectSame(
    'audit trail of the order, without what else it holds',
    seen.filter((type) => types.includes(type)),
    types,
  );
  for (const event of trail) {
    const text = `${event.previousHash}\n${event.seq}\n${event.at}\n${event.body}`;
    const recomputed = createHash('sha256').update(text).digest('hex');
    expectSame(`hash of audit event ${event.seq}`, event.hash, recomputed);
  }
  const chain = await verifyChain();
  const lastSeq = trail.at(-1)?.seq ?? 0;
  expectThat(
    'countersign audit verify',
    chain.ok && chain.events >= lastSeq,
    `a whole chain of at least ${lastSeq} events`,
    chain,
  );
  report.saw(
    'audit',
    `${seen.join(' · ')} — ${trail.length} events of a chain of ${chain.events}, verified`,
  );
  return trail;
}

async function verifyChain(): Promise<z.infer<typeof Verified>> {
  const cli = join(checkout, 'tools', 'countersign.mjs');
  const run = promisify(execFile)(process.execPath, [cli, 'audit', 'verify', '--json'], {
    maxBuffer: 1 << 24,
  });
  // A broken chain is exit code 1 with the report on stdout.
  const { stdout } = await run.catch((failure: unknown) => failure as { stdout: string });
  return Verified.parse(JSON.parse(stdout));
}
