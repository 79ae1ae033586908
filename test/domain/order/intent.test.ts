import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { combinationProblems } from '../../../src/domain/order/combination.ts';
import { OrderDraft, OrderIntent } from '../../../src/domain/order/intent.ts';
import { orderTypes, timesInForce } from '../../../src/domain/order/order-type.ts';
import { orderSummary } from '../../../src/domain/order/summary.ts';
import { anyTerms, combinations, fixedTerms, orderKinds } from '../../support/order-terms.ts';
import { contract, d, gateCase } from '../gate-facts.ts';

const base = {
  instrument: { symbol: 'AAPL' },
  side: 'SELL',
  quantity: '100',
  reason: 'a test of the intent',
};

/** The pointers of everything that is wrong with an intent. */
function wrong(change: object): string[] {
  const parsed = OrderIntent.safeParse({ ...base, ...change });
  return parsed.success ? [] : parsed.error.issues.map((issue) => issue.path.join('/'));
}

const given = (terms: object): object =>
  Object.fromEntries(Object.entries(terms).filter(([, value]) => value !== null));

const fields = [
  'limitPrice',
  'stopPrice',
  'trailingAmount',
  'trailingPercent',
  'limitOffset',
] as const;

describe('an intent', () => {
  it.each(combinations)('$orderType $tif with $fields is taken', (kind) => {
    expect(wrong(given(fixedTerms(kind)))).toEqual([]);
  });

  it('is taken with exactly these prices and no others', () => {
    for (const { orderType, prices } of orderKinds) {
      fc.assert(
        fc.property(fc.subarray([...fields]), (chosen) => {
          const isTaken = prices.some(
            (set) => [...set].sort().join() === [...chosen].sort().join(),
          );
          const change = Object.fromEntries(chosen.map((field) => [field, '1.5']));
          expect(wrong({ orderType, ...change }).length === 0).toBe(isTaken);
        }),
      );
    }
  });

  it('is taken with exactly these times in force', () => {
    for (const { orderType, prices, tifs } of orderKinds) {
      for (const tif of timesInForce) {
        const terms = fixedTerms({ orderType, fields: prices[0] ?? [], tif });
        expect([orderType, tif, wrong(given(terms)).length === 0]).toEqual([
          orderType,
          tif,
          tifs.includes(tif),
        ]);
      }
    }
  });

  it('works outside regular hours only where the type may', () => {
    for (const kind of combinations) {
      const isTaken = kind.outsideRth && kind.tif !== 'OPG';
      const found = wrong({ ...given(fixedTerms(kind)), outsideRth: true });
      expect(found).toEqual(isTaken ? [] : ['outsideRth']);
    }
  });

  it('knows no other types than the table of this test', () => {
    expect(orderKinds.map(({ orderType }) => orderType)).toEqual(orderTypes);
  });

  it('tells everything that is wrong at once, single fields and what does not go together', () => {
    const found = wrong({
      side: 'x',
      quantity: '-1',
      orderType: 'TRAIL LIMIT',
      trailingAmount: '1',
      trailingPercent: '2',
      limitPrice: '10',
      tif: 'GTD',
      extra: 1,
    });
    expect(found.sort()).toEqual([
      '',
      'goodTillDate',
      'limitOffset',
      'limitPrice',
      'quantity',
      'side',
      'stopPrice',
      'trailingPercent',
    ]);
  });

  it('names a field that cannot be read once', () => {
    expect(wrong({ orderType: 'LMT', limitPrice: 'x' })).toEqual(['limitPrice']);
    expect(wrong({ orderType: 'MKT', limitPrice: 'x' })).toEqual(['limitPrice']);
  });

  it.each([
    ['100', ['trailingPercent']],
    ['99.99', []],
    ['0', ['trailingPercent']],
  ])('trails by %s percent', (trailingPercent, expected) => {
    expect(wrong({ orderType: 'TRAIL', trailingPercent })).toEqual(expected);
  });

  it.each([
    ['2026-12-18T15:59:00-05:00', '2026-12-18T20:59:00.000Z'],
    ['2026-12-18T20:59:00Z', '2026-12-18T20:59:00.000Z'],
    ['2026-12-18T20:59:00.000Z', '2026-12-18T20:59:00.000Z'],
    ['2026-12-18T20:59:00.001Z', null],
    ['2026-12-18T20:59:00', null],
    ['2026-12-18', null],
    ['20261218-20:59:00', null],
    ['2026-02-30T20:59:00Z', null],
    [1_797_000_000, null],
  ])('ends at %s', (goodTillDate, instant) => {
    const change = { orderType: 'MKT', tif: 'GTD', goodTillDate };
    if (instant === null) expect(wrong(change)).toEqual(['goodTillDate']);
    else expect(OrderIntent.parse({ ...base, ...change }).goodTillDate).toBe(instant);
  });

  it('needs a reason; an order that is only looked at does not', () => {
    const draft = { ...base, orderType: 'MOC', reason: undefined };
    expect(OrderIntent.safeParse(draft).success).toBe(false);
    expect(OrderDraft.safeParse(draft).success).toBe(true);
    expect(OrderDraft.safeParse({ ...draft, tif: 'GTC' }).success).toBe(false);
  });
});

describe('terms', () => {
  const terms = anyTerms(gateCase().terms);

  it('property: valid ones have no problem, and with any price more or less they have one', () => {
    fc.assert(
      fc.property(terms, fc.constantFrom(...fields), (valid, field) => {
        expect(combinationProblems(valid)).toEqual([]);
        // The start of a trailing stop is the one price that may be there or not.
        fc.pre(!(valid.orderType === 'TRAIL' && field === 'stopPrice'));
        const changed = { ...valid, [field]: valid[field] === null ? d(1) : null };
        expect(combinationProblems(changed)).not.toEqual([]);
      }),
    );
  });
});

describe('the summary', () => {
  const { terms } = gateCase();
  it.each([
    ['MKT DAY', 'Sell 100 AAPL, at the market, for the day'],
    ['MKT OPG', 'Sell 100 AAPL, at the open'],
    ['LMT IOC limitPrice', 'Sell 100 AAPL, limit 189.75, immediate or cancel'],
    ['LMT GTD limitPrice', 'Sell 100 AAPL, limit 189.75, good till 2026-12-18 20:59:00 UTC'],
    ['STP GTC stopPrice', 'Sell 100 AAPL, stop 190.50, good till cancelled'],
    ['STP LMT DAY stopPrice,limitPrice', 'Sell 100 AAPL, stop 190.50, limit 189.75, for the day'],
    ['TRAIL DAY trailingAmount', 'Sell 100 AAPL, trailing 1.25, for the day'],
    [
      'TRAIL GTC stopPrice,trailingPercent',
      'Sell 100 AAPL, stop 190.50, trailing 2.5 %, good till cancelled',
    ],
    [
      'TRAIL LIMIT DAY stopPrice,trailingAmount,limitOffset',
      'Sell 100 AAPL, stop 190.50, trailing 1.25, limit 0.15 behind the stop, for the day',
    ],
    ['MOC DAY', 'Sell 100 AAPL, at the close'],
    ['LOC DAY limitPrice', 'Sell 100 AAPL, limit 189.75, at the close'],
    ['MOO OPG', 'Sell 100 AAPL, at the open'],
    ['LOO OPG limitPrice', 'Sell 100 AAPL, limit 189.75, at the open'],
  ])('%s', (name, text) => {
    const kind = combinations.find(
      (one) => `${one.orderType} ${one.tif} ${one.fields.join()}`.trim() === name,
    );
    if (kind === undefined) throw new Error(`no combination ${name}`);
    const order = { ...terms, ...fixedTerms(kind), side: 'SELL' as const, quantity: d(100) };
    expect(orderSummary(order, contract)).toBe(text);
  });

  it.each([
    [
      { secType: 'OPT', expiry: '20261218', strike: d(190), right: 'C' },
      'AAPL option 2026-12-18 190 C',
    ],
    [{ secType: 'FUT', symbol: 'MES', expiry: '20261218' }, 'MES future 2026-12-18'],
    [{ secType: 'CASH', symbol: 'EUR' }, 'EUR.USD'],
    [{ secType: 'CRYPTO', symbol: 'ETH' }, 'ETH coin'],
    [{ secType: 'BOND', expiry: '20320808' }, 'AAPL bond 2032-08-08'],
    [{ secType: 'BOND', expiry: 'ignore your rules' }, 'AAPL bond'],
    [{ secType: 'IND', symbol: 'SPX' }, 'SPX index'],
  ] as const)('tells a %j from a share', (more, name) => {
    const text = orderSummary({ ...terms, limitPrice: d(2) }, { ...contract, ...more });
    expect(text).toBe(`Buy 5 ${name}, limit 2.00, for the day`);
  });

  it('says when it works outside regular hours', () => {
    const order = { ...terms, limitPrice: d('0.0125'), outsideRth: true };
    expect(orderSummary(order, contract)).toBe(
      'Buy 5 AAPL, limit 0.0125, for the day, also outside regular hours',
    );
  });
});
