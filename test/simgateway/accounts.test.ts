import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyFill, averageCost, positionOf } from '../../src/simgateway/accounts/account.ts';
import type { Account } from '../../src/simgateway/accounts/account.ts';
import { commissionOf } from '../../src/simgateway/accounts/commission.ts';
import { valueAccount } from '../../src/simgateway/accounts/valuation.ts';
import {
  formatCents,
  formatMicros,
  MICROS,
  parseMicros,
} from '../../src/simgateway/market/money.ts';

const usd = (text: string) => parseMicros(text) ?? Number.NaN;
const open = (): Account => ({
  id: 'DU1',
  cash: usd('10000'),
  realized: 0,
  openingValue: usd('10000'),
  positions: new Map(),
});
const fill = (a: Account, shares: number, price: string, commission = '0') =>
  applyFill(a, { conId: 1, shares, price: usd(price), commission: usd(commission) });

describe('money', () => {
  it.each([
    ['191.25', 191_250_000],
    ['.5', 500_000],
    ['-0.000001', -1],
    ['1e-7', undefined],
    ['0.0000001', undefined],
    ['99999999999999', undefined],
    ['x', undefined],
    ['', undefined],
    ['.', undefined],
    ['1E2', 100_000_000],
  ])('parses %j', (text, value) => {
    expect(parseMicros(text)).toBe(value);
  });

  it('formats what it parses', () => {
    fc.assert(
      fc.property(fc.integer({ min: -(10 ** 15), max: 10 ** 15 }), (n) => {
        expect(parseMicros(formatMicros(n))).toBe(n);
      }),
    );
    expect([formatMicros(1_500_000, 2), formatMicros(0, 2), formatMicros(-5)]).toEqual([
      '1.50',
      '0.00',
      '-0.000005',
    ]);
    expect([formatCents(-1_005_000), formatCents(1_004_999)]).toEqual(['-1.01', '1.00']);
  });
});

describe('a fill', () => {
  it('averages cost, realises profit, and leaves no residue when flat', () => {
    const a = open();
    expect(fill(a, 3, '10', '1')).toBeUndefined();
    fill(a, 4, '11', '1');
    expect(formatMicros(averageCost(positionOf(a, 1)))).toBe('10.857142');
    expect(fill(a, -7, '12', '1')).toBe(usd('7'));
    expect(positionOf(a, 1)).toMatchObject({ quantity: 0, cost: 0, realized: usd('7') });
    expect(a.cash).toBe(usd('10007'));
  });

  it('closes, then opens, when it crosses zero', () => {
    const a = open();
    fill(a, 10, '10');
    expect(fill(a, -15, '12', '3')).toBe(usd('18'));
    expect(positionOf(a, 1)).toMatchObject({ quantity: -5, cost: usd('-59') });
    expect(fill(a, 5, '11')).toBe(usd('4'));
    expect(a.cash).toBe(usd('10022'));
  });

  it('never creates or destroys money', () => {
    const trade = fc.record({
      shares: fc.integer({ min: -50, max: 50 }).filter((n) => n !== 0),
      cents: fc.integer({ min: 1, max: 100_000 }),
      fee: fc.integer({ min: 0, max: 5_000_000 }),
    });
    fc.assert(
      fc.property(fc.array(trade, { maxLength: 20 }), (trades) => {
        const a = open();
        for (const t of trades) {
          applyFill(a, { conId: 1, shares: t.shares, price: t.cents * 10_000, commission: t.fee });
        }
        // What was put in equals cash plus the cost of what is held, less what was realised.
        expect(a.cash + positionOf(a, 1).cost - a.realized).toBe(usd('10000'));
      }),
    );
  });
});

describe('commission', () => {
  it.each([
    [10, '191.25', '1'],
    [200, '50', '1'],
    [201, '50', '1.005'],
    [1000, '10', '5'],
    [100, '0.05', '0.05'],
  ])('of %i shares at %s is %s', (shares, price, fee) => {
    expect(formatMicros(commissionOf(shares, shares * usd(price)))).toBe(fee);
  });
});

describe('valuation', () => {
  it('marks, margins, and tries a trade without making it', () => {
    const a = open();
    fill(a, 100, '50');
    const mark = () => 60 * MICROS;
    const now = valueAccount(a, mark);
    expect(now).toMatchObject({
      netLiquidation: usd('11000'),
      unrealized: usd('1000'),
      initMargin: usd('3000'),
      maintMargin: usd('1500'),
      buyingPower: usd('16000'),
    });
    const after = valueAccount(a, mark, {
      conId: 1,
      shares: 100,
      price: 60 * MICROS,
      commission: usd('1'),
    });
    expect(after).toMatchObject({ initMargin: usd('6000'), netLiquidation: usd('10999') });
    expect(valueAccount(a, mark)).toEqual(now);
  });
});
