// Random orders over random accounts, for properties of the whole gate. Every figure comes from the seed; the base case
// is that of gate-facts.ts.
import fc from 'fast-check';
import type { ConId, IntentId } from '../../../src/domain/ids.ts';
import {
  aapl,
  d,
  gateCase,
  gone,
  instrument,
  known,
  other,
  position,
  recent,
  reservation,
  secondsAgo,
  usd,
  working,
  type Change,
  type GateCase,
} from '../gate-facts.ts';

const third = 76792991 as ConId;
const conIds = [aapl, other, third] as const;
const sides = ['BUY', 'SELL'] as const;

const cents = (low: number, high: number) =>
  fc.integer({ min: low, max: high }).map((n) => d(n / 100));

const prices = fc.oneof(
  fc.constant({ orderType: 'MKT' as const, limitPrice: null }),
  cents(15_000, 25_000).map((limitPrice) => ({ orderType: 'LMT' as const, limitPrice })),
);

/** An order with prices near a market of 200, of up to some thousand units. */
const orders = fc
  .record({
    side: fc.constantFrom(...sides),
    quantity: fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 6000 })).map(d),
    prices,
  })
  .map(({ prices: priced, ...rest }) => ({ ...rest, ...priced }));

const held = fc
  .uniqueArray(
    fc.record({ conId: fc.constantFrom(...conIds), quantity: fc.integer({ min: -800, max: 800 }) }),
    { selector: ({ conId }) => conId, maxLength: 3 },
  )
  .map((rows) =>
    rows.filter(({ quantity }) => quantity !== 0).map((row) => position(row.conId, row.quantity)),
  );

const live = fc.array(
  fc.record({
    conId: fc.constantFrom(...conIds),
    side: fc.constantFrom(...sides),
    remaining: fc.integer({ min: 1, max: 400 }),
  }),
  { maxLength: 4 },
);

/** Facts that a rule may lack. */
const lacking = fc.oneof(
  { weight: 9, arbitrary: fc.constant({}) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(
        ...(['quote', 'portfolio', 'workingOrders', 'contract', 'fxToBase', 'marketTime'] as const),
        ...(['dailyVolume', 'volatility', 'correlations', 'instruments'] as const),
        'exchangeRates' as const,
      )
      .map((name) => ({ [name]: gone })),
  },
);

/** Changes of the base case; `Change` so that a test can add one more. */
export const anyChange: fc.Arbitrary<Change> = fc
  .record({
    terms: orders,
    positions: held,
    live,
    reserved: fc.array(
      fc.record({ side: fc.constantFrom(...sides), quantity: fc.integer({ min: 1, max: 300 }) }),
      { maxLength: 3 },
    ),
    twins: fc.array(
      fc.record({
        quantity: fc.integer({ min: 1, max: 60 }),
        age: fc.integer({ min: 0, max: 120 }),
      }),
      { maxLength: 3 },
    ),
    net: fc.integer({ min: 20_000, max: 2_000_000 }),
    loss: fc.integer({ min: -7000, max: 3000 }),
    volume: fc.integer({ min: 0, max: 10_000_000 }),
    lacking,
  })
  .map(({ terms, positions, live: rows, reserved, twins, net, loss, volume, lacking: lacks }) => ({
    terms,
    positions,
    workingOrders: rows.map(({ conId, side, remaining }, index) =>
      working(side, remaining, { conId, permId: String(index), orderId: index }),
    ),
    portfolio: { netLiquidation: usd(net), availableFunds: usd(net), dailyPnl: usd(loss) },
    ledger: {
      reservations: reserved.map(({ side, quantity }, index) =>
        reservation(side, quantity, { intentId: `int_${index}` as IntentId }),
      ),
      recentIntents: twins.map(({ quantity, age }) =>
        recent({ quantity: d(quantity), at: secondsAgo(age) }),
      ),
    },
    facts: {
      dailyVolume: known({ average: d(volume), days: 20 }),
      correlations: known([
        { conId: other, coefficient: d('0.8'), days: 60 },
        { conId: third, coefficient: null, days: 3 },
      ]),
      instruments: known(conIds.map((conId) => ({ ...instrument, conId }))),
      ...lacks,
    },
  }));

/** A random case of the gate. */
export const anyGateCase: fc.Arbitrary<GateCase> = anyChange.map(gateCase);
