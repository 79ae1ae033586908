import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ContractDetails } from '../../../src/domain/instrument/contract.ts';
import { isOnLot } from '../../../src/domain/instrument/ladder.ts';
import { fixed, Fixed } from '../../../src/domain/money/fixed.ts';
import { quantityFor } from '../../../src/domain/order/notional-quantity.ts';
import { orderLots } from '../../../src/domain/order/sec-type-fit.ts';
import { unitWorth } from '../../../src/domain/risk/notional.ts';
import { d, details } from '../gate-facts.ts';

type More = Partial<Omit<ContractDetails, 'contract'>> & Partial<ContractDetails['contract']>;

function instrument({ secType, multiplier, ...more }: More = {}): ContractDetails {
  const contract = {
    ...details.contract,
    ...(secType === undefined ? {} : { secType }),
    ...(multiplier === undefined ? {} : { multiplier }),
  };
  return { ...details, ...more, contract };
}

const coin = { secType: 'CRYPTO', minSize: d('0.0001'), sizeIncrement: d('0.000001') } as const;

describe('the quantity for an amount of money', () => {
  it.each<[string, string, More, unknown]>([
    ['1000', '190', {}, '5'],
    ['950', '190', {}, '5'],
    ['949.99', '190', {}, '4'],
    ['190', '190', {}, '1'],
    ['189.99', '190', {}, null],
    // IBKR lists fractions of a share that the API does not take.
    ['1000', '190', { minSize: d('0.0001'), sizeIncrement: d('0.0001') }, '5'],
    ['100', '190', { minSize: d('0.0001'), sizeIncrement: d('0.0001') }, null],
    ['25000', '190', { minSize: d(100), sizeIncrement: d(100) }, '100'],
    ['15000', '190', { minSize: d(100), sizeIncrement: d(100) }, null],
    ['1000', '2.5', { secType: 'OPT', multiplier: d(100) }, '4'],
    ['249.99', '2.5', { secType: 'OPT', multiplier: d(100) }, null],
    ['60000', '5960.25', { secType: 'FUT', multiplier: d(5) }, '2'],
    ['10000', '94.956', { secType: 'BOND' }, '10'],
    ['1000', '63400', coin, '0.015772'],
    ['6.34', '63400', coin, '0.0001'],
    ['6.33', '63400', coin, null],
    // Pence: 1,000 pounds at 11,540 pence are 8 shares, not 0.
    ['1000', '11540', { priceMagnifier: 100 }, '8'],
    ['1000', '5', { secType: 'OPT' }, { missing: 'the multiplier of the OPT' }],
  ])('%s at %s in %j is %j', (notional, price, more, expected) => {
    expect(quantityFor(d(notional), fixed(price), instrument(more))).toEqual(expected);
  });

  it('property: it is on the lots, costs no more than the money, and one step more would', () => {
    const lots = [
      ['1', '1'],
      ['100', '10'],
      ['0.001', '0.000001'],
    ] as const;
    const cases = fc.record({
      notional: fc.integer({ min: 1, max: 10 ** 9 }),
      price: fc.integer({ min: 1, max: 10 ** 6 }),
      lot: fc.constantFrom(...lots),
      secType: fc.constantFrom('STK', 'CASH', 'BOND', 'CRYPTO'),
    });
    fc.assert(
      fc.property(cases, ({ notional, price, lot: [minSize, step], secType }) => {
        const sizes = { minSize: d(minSize), sizeIncrement: d(step) };
        const made = instrument({ secType: secType as 'STK', ...sizes });
        const [money, at] = [new Fixed(notional, 2), new Fixed(price, 2)];
        const worth = unitWorth(made) as Fixed;
        const { minSize: least, sizeIncrement } = orderLots(made);
        const cost = (quantity: Fixed): Fixed => quantity.times(at).times(worth);
        const found = quantityFor(money.text(), at, made);
        if (found === null) {
          expect(cost(fixed(least)).gt(money)).toBe(true);
          return;
        }
        const quantity = fixed(found as string);
        expect(isOnLot(quantity.text(), orderLots(made))).toBe(true);
        expect(cost(quantity).gt(money)).toBe(false);
        expect(cost(quantity.plus(fixed(sizeIncrement))).gt(money)).toBe(true);
      }),
    );
  });
});
