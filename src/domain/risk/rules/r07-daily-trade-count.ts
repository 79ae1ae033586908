import { z } from 'zod';
import { Fixed } from '../../money/fixed.ts';
import { judgeAmount } from '../judge.ts';
import { flag, whole } from '../limits.ts';
import { riskRule } from '../rule.ts';

/** R7. Orders, not fills: ten parts of one order are one, and an order that still waits counts as if it were sent. */
export const dailyTradeCount = riskRule({
  id: 'R7',
  slug: 'r07-daily-trade-count',
  title: 'Daily trade count',
  protects: 'An agent that trades without end, each order small enough for every other limit.',
  unit: 'orders',
  configKey: 'daily_trade_count',
  limits: z.strictObject({ enabled: flag, limit: whole(1, 1_000_000) }),
  needs: ['ledger'],
  exits: 'pass',
  check: ({ facts }, { limit }) => {
    const { counters, reservations } = facts.ledger.value;
    const count = counters.ordersToday + reservations.length + 1;
    return judgeAmount(new Fixed(count, 0), new Fixed(limit, 0));
  },
});
