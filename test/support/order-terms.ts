// Valid terms of every order type and time in force, fixed and random; what is valid is written here by hand, so that
// a slip in the product's table shows.
import fc from 'fast-check';
import { decimalText, type DecimalText } from '../../src/domain/money/decimal.ts';
import type { OrderTerms } from '../../src/domain/order/intent.ts';
import type { OrderType, TimeInForce } from '../../src/domain/order/order-type.ts';
import { instantFromEpochMs, type Instant } from '../../src/domain/time/instant.ts';

type Prices = Pick<
  OrderTerms,
  'limitPrice' | 'stopPrice' | 'trailingAmount' | 'trailingPercent' | 'limitOffset'
>;

export const noPrices: Prices = {
  limitPrice: null,
  stopPrice: null,
  trailingAmount: null,
  trailingPercent: null,
  limitOffset: null,
};

const all = ['DAY', 'GTC', 'IOC', 'GTD', 'FOK', 'OPG'] as const;
const resting = ['DAY', 'GTC', 'GTD'] as const;

/** What each type takes, by the reference notes. `outsideRth` says whether it may be true. */
export const orderKinds: readonly {
  readonly orderType: OrderType;
  readonly prices: readonly (readonly (keyof Prices)[])[];
  readonly tifs: readonly TimeInForce[];
  readonly outsideRth: boolean;
}[] = [
  { orderType: 'MKT', prices: [[]], tifs: all, outsideRth: false },
  { orderType: 'LMT', prices: [['limitPrice']], tifs: all, outsideRth: true },
  { orderType: 'STP', prices: [['stopPrice']], tifs: resting, outsideRth: true },
  { orderType: 'STP LMT', prices: [['stopPrice', 'limitPrice']], tifs: resting, outsideRth: true },
  {
    orderType: 'TRAIL',
    prices: [
      ['trailingAmount'],
      ['trailingPercent'],
      ['stopPrice', 'trailingAmount'],
      ['stopPrice', 'trailingPercent'],
    ],
    tifs: resting,
    outsideRth: true,
  },
  {
    orderType: 'TRAIL LIMIT',
    prices: [
      ['stopPrice', 'trailingAmount', 'limitOffset'],
      ['stopPrice', 'trailingPercent', 'limitOffset'],
    ],
    tifs: resting,
    outsideRth: true,
  },
  { orderType: 'MOC', prices: [[]], tifs: ['DAY'], outsideRth: false },
  { orderType: 'LOC', prices: [['limitPrice']], tifs: ['DAY'], outsideRth: false },
  { orderType: 'MOO', prices: [[]], tifs: ['OPG'], outsideRth: false },
  { orderType: 'LOO', prices: [['limitPrice']], tifs: ['OPG'], outsideRth: false },
];

/** Every type with each of its sets of prices and each of its times in force. */
export const combinations = orderKinds.flatMap(({ orderType, prices, tifs, outsideRth }) =>
  prices.flatMap((fields) => tifs.map((tif) => ({ orderType, fields, tif, outsideRth }))),
);
export type Kind = (typeof combinations)[number];

const figures: Prices = {
  limitPrice: decimalText('189.75'),
  stopPrice: decimalText('190.5'),
  trailingAmount: decimalText('1.25'),
  trailingPercent: decimalText('2.5'),
  limitOffset: decimalText('0.15'),
};

/** The end of the GTD orders in here, with the bytes that say it. */
export const goodTill = {
  instant: '2026-12-18T20:59:00.000Z' as Instant,
  wire: '20261218-20:59:00',
};

/** What a combination adds to an order, with fixed figures. */
export function fixedTerms({
  orderType,
  fields,
  tif,
}: Pick<Kind, 'orderType' | 'fields' | 'tif'>): Pick<
  OrderTerms,
  keyof Prices | 'orderType' | 'tif' | 'goodTillDate'
> {
  const prices = Object.fromEntries(fields.map((field) => [field, figures[field]]));
  const goodTillDate = tif === 'GTD' ? goodTill.instant : null;
  return { ...noPrices, ...prices, orderType, tif, goodTillDate };
}

const cents = (most: number): fc.Arbitrary<DecimalText> =>
  fc.integer({ min: 1, max: most }).map((n) => decimalText(String(n / 100)));

/** Random valid terms of an account and instrument. */
export function anyTerms(base: Pick<OrderTerms, 'account' | 'conId'>): fc.Arbitrary<OrderTerms> {
  return fc.constantFrom(...combinations).chain(({ orderType, fields, tif, outsideRth }) =>
    fc.record({
      account: fc.constant(base.account),
      conId: fc.constant(base.conId),
      side: fc.constantFrom('BUY' as const, 'SELL' as const),
      quantity: fc.integer({ min: 1, max: 1_000_000 }).map((n) => decimalText(String(n))),
      orderType: fc.constant(orderType),
      limitPrice: fields.includes('limitPrice') ? cents(1_000_000) : fc.constant(null),
      stopPrice: fields.includes('stopPrice') ? cents(1_000_000) : fc.constant(null),
      trailingAmount: fields.includes('trailingAmount') ? cents(10_000) : fc.constant(null),
      trailingPercent: fields.includes('trailingPercent') ? cents(9_999) : fc.constant(null),
      limitOffset: fields.includes('limitOffset') ? cents(10_000) : fc.constant(null),
      tif: fc.constant(tif),
      goodTillDate:
        tif === 'GTD'
          ? fc
              .integer({ min: 1_790_000_000, max: 1_900_000_000 })
              .map((seconds) => instantFromEpochMs(seconds * 1000))
          : fc.constant(null),
      outsideRth: outsideRth && tif !== 'OPG' ? fc.boolean() : fc.constant(false),
      constraints: fc.constant(null),
    }),
  );
}
