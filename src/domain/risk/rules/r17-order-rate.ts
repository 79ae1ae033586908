import { z } from 'zod';
import { Fixed } from '../../money/fixed.ts';
import { judgeAmount } from '../judge.ts';
import { flag, whole } from '../limits.ts';
import { judgeTogether } from '../parts.ts';
import { riskRule } from '../rule.ts';

/** R17. Exits too: a loop of sells is as much out of control as one of buys. Cancels are never asked. */
export const orderRate = riskRule({
  id: 'R17',
  slug: 'r17-order-rate',
  title: 'Order and message rate',
  protects: 'A flood of orders and changes that nobody can follow, whoever sends it.',
  unit: 'messages per minute',
  configKey: 'order_rate',
  limits: z
    .strictObject({
      enabled: flag,
      orders_per_minute: whole(1, 3000),
      messages_per_minute: whole(1, 3000),
    })
    .transform((entry) => ({
      enabled: entry.enabled,
      ordersPerMinute: entry.orders_per_minute,
      messagesPerMinute: entry.messages_per_minute,
    })),
  needs: ['ledger'],
  check: ({ facts }, { ordersPerMinute, messagesPerMinute }) => {
    const { ordersLastMinute, messagesLastMinute } = facts.ledger.value.counters;
    return judgeTogether([
      { name: 'orders', answer: withThisOne(ordersLastMinute, ordersPerMinute) },
      { name: 'messages', answer: withThisOne(messagesLastMinute, messagesPerMinute) },
    ]);
  },
});

function withThisOne(before: number, limit: number) {
  return judgeAmount(new Fixed(before + 1, 0), new Fixed(limit, 0));
}
