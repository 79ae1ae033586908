// What an agent may not say: facts, numbers that are none, symbols that only look like some; and that everything wrong
// is told in one answer.
import { describe, expect, it } from 'vitest';
import { constraintsOf } from '../../../src/domain/order/constraints.ts';
import { OrderDraft, OrderIntent } from '../../../src/domain/order/intent.ts';

const base = {
  instrument: { symbol: 'AAPL' },
  side: 'BUY',
  quantity: '100',
  orderType: 'LMT',
  limitPrice: '189.5',
  reason: 'a test of the intent',
};

/** The paths of everything that is wrong, sorted; an unknown field stands as `?name`. */
function wrong(change: object, schema: typeof OrderIntent | typeof OrderDraft = OrderIntent) {
  const parsed = schema.safeParse({ ...base, ...change });
  const issues = parsed.success ? [] : parsed.error.issues;
  return issues
    .flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => `?${[...issue.path, key].join('.')}`)
        : [issue.path.join('.')],
    )
    .sort();
}

describe('facts are not the caller’s', () => {
  it.each([
    ...[
      'price',
      'quote',
      'portfolio',
      'notional_value',
      'verdict',
      'simulation',
      'conId',
      'position',
    ],
    ...['cash', 'fxToBase', 'policy', 'approved', 'terms', 'envelopeHash', 'account_value', 'legs'],
    ...['bracket', 'takeProfit', 'stopLoss', 'parentId', 'ocaGroup', 'transmit', '__proto__x'],
  ])('%s is refused as unknown', (name) => {
    for (const schema of [OrderIntent, OrderDraft]) {
      expect(wrong({ [name]: 'pass' }, schema)).toEqual([`?${name}`]);
    }
  });

  it('nor inside the constraints', () => {
    expect(wrong({ constraints: { maxNotional: '1', verdict: 'pass' } })).toEqual([
      '?constraints.verdict',
    ]);
  });

  it('nor beside the name of an instrument', () => {
    expect(wrong({ instrument: { conId: 1, multiplier: '1' } })).not.toEqual([]);
    expect(wrong({ instrument: { symbol: 'AAPL', price: '1' } })).not.toEqual([]);
    expect(wrong({ instrument: { symbol: 'AAPL', strike: '1' } })).not.toEqual([]);
  });
});

describe('quantity or notional', () => {
  it('exactly one', () => {
    expect(wrong({})).toEqual([]);
    expect(wrong({ quantity: undefined, notional: '1000' })).toEqual([]);
    expect(wrong({ notional: '1000' })).toEqual(['notional']);
    expect(wrong({ quantity: undefined })).toEqual(['quantity']);
    expect(wrong({ quantity: 'x', notional: '1000' })).toEqual(['notional', 'quantity']);
    expect(wrong({ quantity: undefined, notional: '-1' })).toEqual(['notional']);
  });

  it.each(['quantity', 'notional', 'limitPrice'])('%s is a positive, finite decimal', (name) => {
    const without = name === 'notional' ? { quantity: undefined } : {};
    for (const value of [
      '0',
      '-1',
      'NaN',
      '1e9',
      '9'.repeat(19),
      NaN,
      Infinity,
      0,
      -5,
      null,
      [],
      {},
    ]) {
      expect([value, wrong({ ...without, [name]: value })]).toEqual([value, [name]]);
    }
  });
});

describe('symbols', () => {
  it.each([
    ['Cyrillic', 'ААРL'],
    ['full width', 'ＡＡＰＬ'],
    ['zero width', 'AA\u200bPL'],
    ['zero width at the end', 'AAPL\ufeff'],
    ['no-break blank', '\u00a0AAPL'],
    ['direction', '\u202eLPAA'],
    ['Greek', 'ΑAPL'],
    ['line break', 'AAPL\n'],
    ['NUL', 'AAPL\u0000'],
    ['empty', ''],
    ['blanks', '   '],
  ])('%s is refused, never cleaned', (_what, text) => {
    expect(wrong({ instrument: { symbol: text } })).not.toEqual([]);
    expect(wrong({ instrument: { localSymbol: text, secType: 'FUT' } })).not.toEqual([]);
    expect(wrong({ instrument: { symbol: 'AAPL', exchange: text } })).not.toEqual([]);
    expect(wrong({ instrument: { symbol: 'AAPL', currency: text } })).not.toEqual([]);
    expect(wrong({ strategyTag: text })).toEqual(['strategyTag']);
    expect(wrong({ account: text })).toEqual(['account']);
  });

  it.each([
    [{ conId: 265598 }],
    [{ symbol: 'AAPL', exchange: 'NASDAQ', currency: 'USD' }],
    [{ symbol: 'AAPL', secType: 'OPT', expiry: '20261218', strike: '190', right: 'C' }],
    [{ localSymbol: 'AAPL  261218C00190000', secType: 'OPT' }],
    [{ symbol: 'ES', secType: 'FUT', expiry: '202612' }],
    [{ localSymbol: 'ESZ6', secType: 'FUT' }],
    [{ symbol: 'EUR', secType: 'CASH', currency: 'USD' }],
    [{ symbol: 'BTC', secType: 'CRYPTO', exchange: 'PAXOS' }],
    [{ isin: 'US91282CLK52', secType: 'BOND' }],
  ])('an order can name %j', (instrument) => {
    expect(wrong({ instrument })).toEqual([]);
  });

  it('in lower case are refused', () => {
    expect(wrong({ instrument: { symbol: 'aapl' } })).not.toEqual([]);
  });

  it('names no kind that cannot be ordered', () => {
    for (const secType of ['IND', 'BAG', 'WAR', 'FOP']) {
      expect(wrong({ instrument: { symbol: 'SPX', secType } })).not.toEqual([]);
    }
  });
});

describe('the reason', () => {
  it.each(['\u202e', '\u200b', '\u2066', '\ufeffx', '\u2028', '\u0007'])(
    'holds nothing that a human does not see (%j)',
    (text) => {
      expect(wrong({ reason: `buy it now${text} please` })).toEqual(['reason']);
    },
  );

  it('may be in any language', () => {
    expect(wrong({ reason: 'Портфель нуждается в ребалансировке, 買い増し 👍🏽' })).toEqual([]);
  });
});

describe('constraints', () => {
  const window = { notBefore: '2026-11-24T15:00:00Z', notAfter: '2026-11-24T16:00:00Z' };

  it('become terms, with null where nothing is asked', () => {
    const asked = { maxSlippageBps: 25, maxNotional: '5000.0', ...window };
    const parsed = OrderIntent.parse({ ...base, constraints: asked });
    expect(constraintsOf(parsed.constraints)).toEqual({
      maxSlippageBps: '25',
      maxNotional: '5000',
      minDailyVolume: null,
      notBefore: '2026-11-24T15:00:00.000Z',
      notAfter: '2026-11-24T16:00:00.000Z',
    });
    expect(constraintsOf(OrderIntent.parse({ ...base, constraints: {} }).constraints)).toBeNull();
    expect(constraintsOf(OrderIntent.parse(base).constraints)).toBeNull();
  });

  it.each([
    [{ notBefore: window.notBefore, notAfter: window.notBefore }, ['constraints.notAfter']],
    [{ notBefore: window.notAfter, notAfter: window.notBefore }, ['constraints.notAfter']],
    [{ notBefore: '2026-11-24T15:00:00Z', notAfter: '2026-11-24T15:00:01Z' }, []],
    // The same moment in another zone is not later.
    [
      { notBefore: '2026-11-24T15:00:00Z', notAfter: '2026-11-24T10:00:00-05:00' },
      ['constraints.notAfter'],
    ],
    [{ notBefore: '2026-11-24T15:00:00' }, ['constraints.notBefore']],
    [{ notAfter: '2026-11-24' }, ['constraints.notAfter']],
    [{ notBefore: 'now', notAfter: 1 }, ['constraints.notAfter', 'constraints.notBefore']],
    [{ maxSlippageBps: '0' }, ['constraints.maxSlippageBps']],
    [
      { maxNotional: '-1', minDailyVolume: 'many' },
      ['constraints.maxNotional', 'constraints.minDailyVolume'],
    ],
    [[], ['constraints']],
    [null, ['constraints']],
  ])('%j', (constraints, expected) => {
    expect(wrong({ constraints })).toEqual(expected);
  });
});

it('everything that is wrong is told in one answer', () => {
  const found = wrong({
    side: 'HOLD',
    quantity: '0',
    notional: '5',
    limitPrice: undefined,
    orderType: 'STP LMT',
    tif: 'FOK',
    constraints: {
      maxNotional: 0,
      notBefore: '2026-11-24T15:00:00Z',
      notAfter: '2026-11-24T14:00:00Z',
    },
    reason: 'short',
    verdict: 'pass',
  });
  expect(found).toEqual([
    '?verdict',
    'constraints.maxNotional',
    'constraints.notAfter',
    'limitPrice',
    'notional',
    'quantity',
    'reason',
    'reason',
    'side',
    'stopPrice',
    'tif',
  ]);
});
