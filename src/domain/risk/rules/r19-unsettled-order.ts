import { z } from 'zod';
import { flag } from '../limits.ts';
import { riskRule } from '../rule.ts';

/** R19. Until it is known what became of an order, nothing more is sent in its instrument, exits neither. */
export const unsettledOrder = riskRule({
  id: 'R19',
  slug: 'r19-unsettled-order',
  title: 'Unsettled order',
  protects: 'A second order on top of one of which nobody knows whether it is at the broker.',
  unit: 'unconfirmed orders',
  configKey: 'unsettled_order',
  limits: z.strictObject({ enabled: flag }),
  needs: ['ledger'],
  check: ({ facts }) => {
    const count = facts.ledger.value.unconfirmed.length;
    return {
      outcome: count > 0 ? 'deny' : 'pass',
      observed: String(count),
      limit: '0',
      share: null,
    };
  },
});
