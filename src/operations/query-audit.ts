import { z } from 'zod';
import { auditEventTypes, type AuditEvent } from '../domain/audit/event.ts';
import { operation } from './operation.ts';
import { intentId, limit } from './parts/fields.ts';
import { auditReaders } from './parts/role-groups.ts';
import { instant } from './parts/shapes.ts';

/**
 * The audit trail for people: pages of events as they were written, with their hashes. Verifying the chain is not done
 * here but offline (src/audit): whoever asked the server would trust whom they judge.
 */
const EventShape = z.object({
  seq: z.int(),
  at: instant,
  event: z.record(z.string(), z.unknown()),
  body: z.string().describe('The RFC 8785 text that the hash covers'),
  previousHash: z.string(),
  hash: z.string(),
});

export const queryAudit = operation({
  name: 'query_audit',
  title: 'Audit events',
  description:
    'Events of the audit chain in ascending order, in pages: pass next as afterSeq to go on; null = the end for now. Each event ' +
    'carries its hash and the previous one, so a page can be verified by itself. For auditors and operators.',
  roles: auditReaders,
  effect: 'read',
  http: { method: 'get', path: '/audit' },
  mcp: null,
  input: z.strictObject({
    intentId: intentId.optional(),
    correlationId: z
      .string()
      .regex(/^[\x21-\x7e]{1,128}$/)
      .optional(),
    type: z.enum(auditEventTypes).optional(),
    afterSeq: z.int().min(0).default(0).describe('Only events after this sequence number'),
    limit,
  }),
  output: z.object({ events: z.array(EventShape), next: z.int().nullable() }),
  async run(context, input) {
    const { intentId: intent, correlationId, type } = input;
    const events = await context.store.audit.query({
      afterSeq: input.afterSeq,
      limit: input.limit,
      ...(intent === undefined ? {} : { intentId: intent }),
      ...(correlationId === undefined ? {} : { correlationId }),
      ...(type === undefined ? {} : { type }),
    });
    const last = events.at(-1);
    return {
      events: events.map(show),
      next: last !== undefined && events.length === input.limit ? last.seq : null,
    };
  },
});

function show(event: AuditEvent): z.input<typeof EventShape> {
  const parsed: unknown = JSON.parse(event.body);
  return {
    ...event,
    event: typeof parsed === 'object' && parsed !== null ? { ...parsed } : { value: parsed },
  };
}
