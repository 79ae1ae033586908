import { z } from 'zod';
import type { DecimalText } from '../../money/decimal.ts';
import { fixed } from '../../money/fixed.ts';
import type { OrderTerms } from '../../order/intent.ts';
import { priceFields } from '../../order/order-type.ts';
import { epochMs, instantFromEpochMs } from '../../time/instant.ts';
import type { RecentIntent } from '../facts.ts';
import { cannotEvaluate } from '../judge.ts';
import { flag, whole } from '../limits.ts';
import { cutList, isCut } from '../recent-intents.ts';
import { riskRule } from '../rule.ts';

/** R15. A look-alike counts whatever became of it, so a denied order cannot be hammered in. */
export const duplicate = riskRule({
  id: 'R15',
  slug: 'r15-duplicate',
  title: 'Duplicate look-alike',
  protects: 'The same order twice, from an agent that retries or repeats itself.',
  unit: 'look-alikes',
  isDodgeable: true,
  configKey: 'duplicate',
  limits: z
    .strictObject({ enabled: flag, window_seconds: whole(1, 14_400) })
    .transform((entry) => ({ enabled: entry.enabled, windowSeconds: entry.window_seconds })),
  needs: ['ledger'],
  check: ({ terms, facts }, { windowSeconds }) => {
    const { now, proposedAt, recentIntents } = facts.ledger.value;
    // Instants compare as text.
    const until = proposedAt ?? now;
    const from = instantFromEpochMs(epochMs(until) - windowSeconds * 1000);
    let count = 0;
    for (const recent of recentIntents) {
      if (recent.conId !== terms.conId || recent.side !== terms.side) continue;
      // A new proposal can have no later one: an instant after `now` is clock noise and counts.
      const isBefore = proposedAt === undefined || recent.at <= until;
      if (recent.at >= from && isBefore && looksAlike(recent, terms)) count += 1;
    }
    if (count === 0 && isCut(recentIntents, from)) return cannotEvaluate(cutList);
    return {
      outcome: count > 0 ? 'deny' : 'pass',
      observed: String(count),
      limit: '0',
      share: null,
    };
  },
});

function looksAlike(recent: RecentIntent, terms: OrderTerms): boolean {
  return (
    isSame(recent.quantity, terms.quantity) &&
    priceFields.every((field) => isSame(recent[field], terms[field]))
  );
}

function isSame(a: DecimalText | null, b: DecimalText | null): boolean {
  return a === b || (a !== null && b !== null && fixed(a).eq(fixed(b)));
}
