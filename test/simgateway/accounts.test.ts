import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyFill, averageCost, positionOf } from '../../src/simgateway/accounts/account.ts';
import type { Account } from '../../src/simgateway/accounts/account.ts';
import { accountTags, ledgerValues } from '../../src/simgateway/accounts/account-tags.ts';
import { commissionOf } from '../../src/simgateway/accounts/commission/registry.ts';
import type { Prices } from '../../src/simgateway/accounts/prices.ts';
import { valueAccount } from '../../src/simgateway/accounts/valuation.ts';
import { mulDiv, UNIT, valueOf } from '../../src/simgateway/accounts/value.ts';
import type { Instrument } from '../../src/simgateway/market/instrument.ts';
import {
  formatCents,
  formatMicros,
  MICROS,
  parseMicros,
} from '../../src/simgateway/market/money.ts';
import * as contracts from './engine/contracts.ts';

const { AAA, BOND, BTC, CALL_100, CALL_110, ES, EURO, EURUSD, PUT_100, PUT_90 } = contracts;
const usd = (text: string) => parseMicros(text) ?? Number.NaN;
const open = (): Account => ({
  id: 'DU1',
  cash: { USD: usd('100000') },
  realized: {},
  openingValue: usd('100000'),
  pricing: 'fixed',
  positions: new Map(),
});
const trade = (a: Account, i: Instrument, units: number, price: string, commission = '0') =>
  applyFill(a, {
    instrument: i,
    size: Math.round(units * UNIT),
    price: usd(price),
    commission: usd(commission),
    commissionCurrency: i.secType === 'CASH' ? 'USD' : i.currency,
  });
/** Marks by contract id; a euro is worth 1.10. */
const marks = (prices: Record<number, string>): Prices => ({
  instrument: contracts.byConId,
  mark: (i) => usd(prices[i.conId] ?? formatMicros(i.basePrice)),
  usd: (amount, currency) => (currency === 'EUR' ? mulDiv(amount, 11, 10) : amount),
});

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

  it('multiplies and divides as big integers do', () => {
    const side = fc.integer({ min: -(10 ** 12), max: 10 ** 12 });
    const divisor = fc.integer({ min: 1, max: 10 ** 9 });
    fc.assert(
      fc.property(side, side, divisor, (a, b, c) => {
        const exact = BigInt(a) * BigInt(b);
        fc.pre(exact / BigInt(c) < BigInt(Number.MAX_SAFE_INTEGER));
        fc.pre(exact / BigInt(c) > -BigInt(Number.MAX_SAFE_INTEGER));
        const error = exact - BigInt(mulDiv(a, b, c)) * BigInt(c);
        const twice = 2n * (error < 0n ? -error : error);
        expect(twice <= BigInt(c)).toBe(true);
      }),
    );
    expect([mulDiv(5, 1, 2), mulDiv(-5, 1, 2), mulDiv(0, -3, 7)]).toEqual([3, -3, 0]);
  });

  it('values by multiplier and fraction', () => {
    expect(valueOf(ES, usd('5000.25'), -2 * UNIT)).toBe(usd('-500025'));
    expect(valueOf(BTC, usd('60000'), 123)).toBe(usd('7.38'));
    expect(valueOf({ ...AAA, multiplier: 0.1 }, usd('3'), UNIT)).toBe(usd('0.3'));
  });
});

describe('a fill', () => {
  it('averages cost, realises profit, and leaves no residue when flat', () => {
    const a = open();
    expect(trade(a, AAA, 3, '10', '1')).toBeUndefined();
    trade(a, AAA, 4, '11', '1');
    expect(formatMicros(averageCost(positionOf(a, 1)))).toBe('10.857143');
    expect(trade(a, AAA, -7, '12', '1')).toBe(usd('7'));
    expect(positionOf(a, 1)).toMatchObject({ quantity: 0, cost: 0, fees: 0, realized: usd('7') });
    expect(a.cash).toEqual({ USD: usd('100007') });
    expect(a.realized).toEqual({ USD: usd('7') });
  });

  it('closes, then opens, when it crosses zero', () => {
    const a = open();
    trade(a, AAA, 10, '10');
    expect(trade(a, AAA, -15, '12', '3')).toBe(usd('18'));
    expect(positionOf(a, 1)).toMatchObject({ quantity: -5 * UNIT, cost: usd('-59') });
    expect(trade(a, AAA, 5, '11')).toBe(usd('4'));
    expect(a.cash['USD']).toBe(usd('100022'));
  });

  it('moves two currencies in forex and pays its commission in the base one', () => {
    const a = open();
    trade(a, EURUSD, 20_000, '1.10', '2');
    expect(a.cash).toEqual({ USD: usd('77998'), EUR: usd('20000') });
    expect(trade(a, EURUSD, -20_000, '1.12', '2')).toBe(usd('396'));
    expect(a.cash).toEqual({ USD: usd('100396'), EUR: 0 });
  });

  it('moves only profit and commission in futures', () => {
    const a = open();
    trade(a, ES, 2, '5000', '4.50');
    expect(a.cash['USD']).toBe(usd('99995.50'));
    expect(valueAccount(a, marks({ 21: '5010' })).netLiquidation).toBe(usd('100995.50'));
    expect(trade(a, ES, -2, '5010', '4.50')).toBe(usd('991'));
    expect(a.cash['USD']).toBe(usd('100991'));
  });

  it('never creates or destroys money', () => {
    const kinds = [AAA, CALL_100, BTC, BOND];
    const step = fc.record({
      kind: fc.integer({ min: 0, max: kinds.length - 1 }),
      size: fc.integer({ min: -50_000_000, max: 50_000_000 }).filter((n) => n !== 0),
      cents: fc.integer({ min: 1, max: 100_000 }),
      fee: fc.integer({ min: 0, max: 5_000_000 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const a = open();
        for (const s of steps) {
          applyFill(a, {
            instrument: kinds[s.kind] ?? AAA,
            size: s.size,
            price: s.cents * 10_000,
            commission: s.fee,
            commissionCurrency: 'USD',
          });
        }
        // What was put in equals cash plus the cost of what is held, less what was realised.
        const held = [...a.positions.values()].reduce((sum, p) => sum + p.cost, 0);
        expect((a.cash['USD'] ?? 0) + held - (a.realized['USD'] ?? 0)).toBe(usd('100000'));
      }),
    );
  });
});

describe('commission', () => {
  const of = (i: Instrument, units: number, price: string, plan: 'fixed' | 'tiered' = 'fixed') => {
    const size = Math.round(units * UNIT);
    const value = valueOf(i, usd(price), size);
    const usdValue = i.currency === 'EUR' ? mulDiv(value, 11, 10) : value;
    return commissionOf({ instrument: i, plan, size, value, usdValue });
  };
  const treasury = { ...BOND, symbol: 'US-T' };

  it.each([
    ['10 shares pay the minimum', AAA, 10, '191.25', '1', 'USD'],
    ['200 shares are at the minimum', AAA, 200, '50', '1', 'USD'],
    ['201 shares are above it', AAA, 201, '50', '1.005', 'USD'],
    ['1000 shares', AAA, 1000, '10', '5', 'USD'],
    ['penny shares are capped at 1 %', AAA, 100, '0.05', '0.05', 'USD'],
    ['a German stock pays at least 3', EURO, 10, '100', '3', 'EUR'],
    ['a German stock pays 0.05 %', EURO, 1000, '100', '50', 'EUR'],
    ['one option pays the minimum', CALL_100, 1, '5', '1', 'USD'],
    ['ten options', CALL_100, 10, '5', '6.5', 'USD'],
    ['ten cheap options', CALL_100, 10, '0.07', '5', 'USD'],
    ['ten very cheap options', CALL_100, 10, '0.04', '2.5', 'USD'],
    ['two futures', ES, 2, '5000', '4.5', 'USD'],
    ['a future without a row', { ...ES, symbol: 'XX' }, 1, '10', '2.25', 'USD'],
    ['small forex', EURUSD, 20_000, '1.1', '2', 'USD'],
    ['large forex, 0.2 basis points', EURUSD, 1_000_000, '1.1', '22', 'USD'],
    ['a coin, 0.18 %', BTC, 1, '60000', '108', 'USD'],
    ['a little coin, the minimum', BTC, 0.01, '60000', '1.75', 'USD'],
    ['a crumb of a coin, capped at 1 %', BTC, 0.001, '60000', '0.6', 'USD'],
    ['a corporate bond', BOND, 5, '99', '5', 'USD'],
    ['more corporate bonds', BOND, 20, '99', '12.5', 'USD'],
    ['a Treasury pays the minimum', treasury, 20, '99', '5', 'USD'],
  ])('%s', (_, i, units, price, fee, currency) => {
    const { likely, least, most, currency: paidIn } = of(i, units, price);
    expect([formatMicros(likely), paidIn]).toEqual([fee, currency]);
    expect([least, most]).toEqual([likely, likely]);
  });

  it('has a range on the tiered plan, by who makes the market', () => {
    const { likely, least, most } = of(AAA, 1000, '50', 'tiered');
    expect([least, likely, most].map((m) => formatMicros(m))).toEqual(['1.7', '6.7', '6.7']);
    expect(formatMicros(of(AAA, 10, '50', 'tiered').likely)).toBe('0.382');
  });
});

describe('valuation', () => {
  it('marks and margins stocks by Reg T', () => {
    const a = open();
    trade(a, AAA, 100, '50');
    expect(valueAccount(a, marks({ 1: '60' }))).toMatchObject({
      netLiquidation: usd('101000'),
      unrealized: usd('1000'),
      initMargin: usd('3000'),
      maintMargin: usd('1500'),
      buyingPower: usd('196000'),
    });
    trade(a, AAA, -200, '60');
    expect(valueAccount(a, marks({ 1: '60' }))).toMatchObject({
      netLiquidation: usd('101000'),
      initMargin: usd('3000'),
      maintMargin: usd('1800'),
    });
    // Never below five dollars a share, below a price of five the whole value or 2.50.
    expect(valueAccount(a, marks({ 1: '8' }))).toMatchObject({ maintMargin: usd('500') });
    expect(valueAccount(a, marks({ 1: '2' }))).toMatchObject({ maintMargin: usd('250') });
  });

  const optionMargin = (...legs: [Instrument, number][]) => {
    const a = open();
    for (const [i, units] of legs) trade(a, i, units, i.secType === 'OPT' ? '5' : '100');
    const v = valueAccount(a, marks({ 1: '100', 11: '5', 12: '2', 13: '4', 14: '1' }));
    return v.initMargin / MICROS;
  };

  it.each<[string, [Instrument, number][], number]>([
    ['a long option needs none', [[CALL_100, 1]], 0],
    ['a naked call: premium and 20 %', [[CALL_100, -1]], 2500],
    ['a naked call out of the money', [[CALL_110, -1]], 1200],
    ['a naked put far out of the money asks 10 % of its strike', [[PUT_90, -2]], 2200],
    [
      'a covered call asks the stock only',
      [
        [AAA, 100],
        [CALL_100, -1],
      ],
      5000,
    ],
    [
      'half covered',
      [
        [AAA, 100],
        [CALL_100, -2],
      ],
      5000 + 2500,
    ],
    [
      'a call spread asks what it can lose',
      [
        [CALL_100, -1],
        [CALL_110, 1],
      ],
      1000,
    ],
    [
      'a debit spread loses nothing more',
      [
        [CALL_100, 1],
        [CALL_110, -1],
      ],
      0,
    ],
    [
      'a put spread',
      [
        [PUT_100, -3],
        [PUT_90, 3],
      ],
      3000,
    ],
    [
      'a short straddle: the greater side and the other premium',
      [
        [CALL_100, -1],
        [PUT_100, -1],
      ],
      2900,
    ],
    [
      'a put covered by short stock',
      [
        [AAA, -100],
        [PUT_100, -1],
      ],
      5000,
    ],
  ])('%s', (_, legs, expected) => {
    expect(optionMargin(...legs)).toBe(expected);
  });

  it('gives options no loan value', () => {
    const a = open();
    trade(a, CALL_100, 10, '5');
    expect(valueAccount(a, marks({ 11: '6' }))).toMatchObject({
      netLiquidation: usd('101000'),
      equityWithLoan: usd('95000'),
      optionMarketValue: usd('6000'),
    });
  });

  it('margins futures by table, coins in full, bonds by kind, currencies by haircut', () => {
    const a = open();
    trade(a, ES, -2, '5000');
    expect(valueAccount(a, marks({}))).toMatchObject({
      initMargin: usd('46200'),
      maintMargin: usd('42000'),
      grossPositionValue: 0,
    });
    trade(a, BTC, 0.5, '60000');
    expect(valueAccount(a, marks({})).initMargin).toBe(usd('76200'));
    trade(a, BOND, 10, '100');
    expect(valueAccount(a, marks({})).initMargin).toBe(usd('78700'));
    trade(a, EURUSD, 10_000, '1.10');
    expect(valueAccount(a, marks({})).initMargin).toBe(usd('78975'));
  });

  it('keeps a ledger per currency and sums it in base', () => {
    const a = open();
    trade(a, EURO, 100, '100', '5');
    const prices = marks({ 3: '110' });
    const v = valueAccount(a, prices);
    expect(v.netLiquidation).toBe(usd('101094.5'));
    const rows = ledgerValues(a, v, prices);
    const row = (tag: string, currency: string) =>
      rows.find((r) => r.tag === tag && r.currency === currency)?.value;
    expect(row('CashBalance', 'EUR')).toBe('-10005.00');
    expect(row('StockMarketValue', 'EUR')).toBe('11000.00');
    expect(row('UnrealizedPnL', 'EUR')).toBe('995.00');
    expect(row('ExchangeRate', 'EUR')).toBe('1.10');
    expect(row('CashBalance', 'USD')).toBe('100000.00');
    expect(row('NetLiquidationByCurrency', 'BASE')).toBe('101094.50');
    const net = accountTags(a, v).find((t) => t.tag === 'NetLiquidation');
    expect(net).toEqual({ tag: 'NetLiquidation', value: '101094.50', currency: 'USD' });
  });
});
