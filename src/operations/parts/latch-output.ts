import { z } from 'zod';
import type { StoredLatch } from '../../store/port/limits.ts';
import { cleanText } from './fields.ts';
import { instant } from './shapes.ts';

export const LatchShape = z.object({
  latchId: z.string(),
  account: z.string(),
  rule: z.string().describe('The rule that has stopped trading, e.g. R8'),
  scope: z
    .string()
    .describe(
      'What it stops: account, or one <conId>/<side>/<strategy tag or ->; exits still pass',
    ),
  observed: z.string(),
  limit: z.string(),
  since: instant,
  setBy: z.enum(['order', 'monitor']).describe('An order that broke the limit, or the monitor'),
});

export const ReleasedLatchShape = LatchShape.extend({
  released: z.object({ at: instant, by: z.string(), reason: z.string() }),
});

/** A latch as shown to anybody who may ask. */
export function showLatch(latch: StoredLatch): z.input<typeof LatchShape> {
  return {
    latchId: latch.latchId,
    account: latch.account,
    rule: latch.rule,
    scope: cleanText(latch.scope, 100),
    observed: cleanText(latch.observed, 200),
    limit: cleanText(latch.limit, 200),
    since: latch.since,
    setBy: latch.setBy === 'monitor' ? 'monitor' : 'order',
  };
}
