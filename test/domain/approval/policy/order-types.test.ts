import { describe, expect, it } from 'vitest';
import { orderTypes } from '../../../../src/domain/order/order-type.ts';
import { autoInput, refusals } from './auto-case.ts';

describe('order types', () => {
  it.each(orderTypes)('%s passes only where it is allowed', (orderType) => {
    const terms = { ...autoInput().terms, orderType };
    const refused = (allow: readonly string[]): boolean =>
      refusals({ categories: { order_types: { allow } }, input: { terms } }).includes(
        'order_types',
      );
    expect(refused([orderType])).toBe(false);
    expect(refused(orderTypes.filter((one) => one !== orderType))).toBe(true);
  });
});
