import { z } from 'zod';
import { orderTypes as allOrderTypes } from '../../order/order-type.ts';
import { autoCategory, refuse } from './category.ts';

export const orderTypes = autoCategory({
  key: 'order_types',
  title: 'Order types',
  settings: z.strictObject({
    allow: z.array(z.enum(allOrderTypes)).min(1, 'at least one order type'),
  }),
  check({ terms: { orderType } }, { allow }) {
    return allow.includes(orderType)
      ? { matches: true, observed: orderType, limit: allow.join(', ') }
      : refuse(`order type ${orderType} is not among ${allow.join(', ')}`);
  },
});
