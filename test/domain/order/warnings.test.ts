import { describe, expect, it } from 'vitest';
import type { Contract } from '../../../src/domain/instrument/contract.ts';
import type { Quote } from '../../../src/domain/instrument/quote.ts';
import type { OrderTerms } from '../../../src/domain/order/intent.ts';
import { orderWarnings, warningCodes } from '../../../src/domain/order/warnings.ts';
import { contract, d, gateCase } from '../gate-facts.ts';

const { terms: base } = gateCase();
const quote = {
  ...{ bid: d('99.98'), ask: d('100.02') },
} as Quote;
const at = (limitPrice: string, more: Partial<OrderTerms> = {}) => ({
  ...{ orderType: 'LMT' as const, limitPrice: d(limitPrice) },
  ...more,
});
const noLimit = { limitPrice: null } as const;

type Case = readonly [Partial<OrderTerms>, Partial<Contract>, boolean, readonly string[]];

const cases: readonly Case[] = [
  [at('100'), {}, true, []],
  [{ orderType: 'MKT', ...noLimit }, {}, false, ['NO_WORST_PRICE']],
  [{ orderType: 'STP', ...noLimit, stopPrice: d(90) }, {}, false, ['NO_WORST_PRICE']],
  [at('100', { quantity: d(9_999) }), {}, false, []],
  [at('100', { quantity: d(10_000) }), {}, false, ['LARGE_QUANTITY']],
  [at('1.1', { quantity: d(10_000) }), { secType: 'CASH' }, false, []],
  [at('2', { quantity: d(100) }), { secType: 'OPT' }, false, ['LARGE_QUANTITY']],
  [at('99', { orderType: 'STP LMT', stopPrice: d(100) }), {}, true, ['LIMIT_BEHIND_STOP']],
  [at('100', { orderType: 'STP LMT', stopPrice: d(100) }), {}, true, []],
  [
    at('101', { orderType: 'STP LMT', stopPrice: d(100), side: 'SELL' }),
    {},
    false,
    ['LIMIT_BEHIND_STOP'],
  ],
  // The mid is 100: 1 % beyond it and 10 % from it are still near.
  [at('101'), {}, true, []],
  [at('101.01'), {}, true, ['LIMIT_FAR_FROM_MARKET']],
  [at('101.01'), {}, false, []],
  [at('90'), {}, true, []],
  [at('89.99'), {}, true, ['LIMIT_FAR_FROM_MARKET']],
  [at('98.99', { side: 'SELL' }), {}, true, ['LIMIT_FAR_FROM_MARKET']],
  [at('110.01', { side: 'SELL' }), {}, true, ['LIMIT_FAR_FROM_MARKET']],
  [at('110'), { secType: 'OPT' }, true, []],
  [at('110.01'), { secType: 'OPT' }, true, ['LIMIT_FAR_FROM_MARKET']],
  [at('200', { orderType: 'LOC' }), {}, true, []],
  [at('100', { tif: 'GTC' }), {}, false, ['OUTLIVES_TODAY']],
  [
    at('100', { tif: 'GTC' }),
    { secType: 'FUT', expiry: '20261218' },
    false,
    ['OUTLIVES_TODAY', 'OUTLIVES_CONTRACT'],
  ],
  [at('100', { tif: 'GTC' }), { secType: 'BOND', expiry: '20320808' }, false, ['OUTLIVES_TODAY']],
  [
    at('100', { tif: 'GTD', goodTillDate: '2026-12-18T20:00:00.000Z' as never }),
    { secType: 'OPT', expiry: '20261218' },
    false,
    ['OUTLIVES_TODAY'],
  ],
  [
    at('100', { tif: 'GTD', goodTillDate: '2026-12-19T20:00:00.000Z' as never }),
    { secType: 'OPT', expiry: '20261218' },
    false,
    ['OUTLIVES_TODAY', 'OUTLIVES_CONTRACT'],
  ],
  [at('100', { outsideRth: true }), {}, false, ['OUTSIDE_REGULAR_HOURS']],
  [at('1', { outsideRth: true }), { secType: 'CASH' }, false, ['OUTSIDE_REGULAR_HOURS']],
  [
    { orderType: 'TRAIL', ...noLimit, trailingPercent: d('0.19') },
    {},
    false,
    ['NO_WORST_PRICE', 'TIGHT_TRAIL'],
  ],
  [{ orderType: 'TRAIL', ...noLimit, trailingPercent: d('0.2') }, {}, false, ['NO_WORST_PRICE']],
];

describe('warnings', () => {
  it.each(cases)('%j in %j (quote: %s): %j', (terms, more, hasQuote, codes) => {
    const found = orderWarnings(
      { ...base, ...terms },
      { ...contract, ...more },
      hasQuote ? quote : null,
    );
    expect(found.map(({ code }) => code)).toEqual(codes);
    for (const { message } of found) expect(message).toMatch(/\.$/);
  });

  it('each has a case', () => {
    const seen = new Set(cases.flatMap(([, , , codes]) => codes));
    expect([...seen].sort()).toEqual([...warningCodes].sort());
  });

  it('says nothing of the market by a quote that cannot be used', () => {
    const crossed = { ...quote, bid: d(101), ask: d(100) };
    expect(orderWarnings({ ...base, ...at('500') }, contract, crossed)).toEqual([]);
  });
});
