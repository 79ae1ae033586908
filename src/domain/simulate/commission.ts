import type { OrderableSecType } from '../instrument/contract.ts';
import { Fixed, larger, smaller } from '../money/fixed.ts';
import type { Currency } from '../money/money.ts';
import type { Side } from '../order/order-type.ts';
import { isWorth, type Worth } from '../risk/notional.ts';

/**
 * IBKR Pro fixed pricing by kind of instrument, as published; an estimate for people, which the broker's own figure
 * replaces after the fill. Price lists in other currencies than US dollars are many: flat shares of the value stand
 * for them. Adding a kind is a row.
 */

/** What is charged for. Amounts are in the contract's currency. */
export type Charged = {
  readonly secType: OrderableSecType;
  readonly currency: Currency;
  readonly side: Side;
  readonly quantity: Fixed;
  /** quantity × price × multiplier. */
  readonly gross: Fixed;
  /** Value of one unit per 1.00 of price. */
  readonly unit: Fixed;
  /** Units of the contract's currency per US dollar; only asked for where a price list is in US dollars alone. */
  readonly perDollar: () => Worth;
};

type Schedule = (order: Charged) => Worth;
type Row = {
  /** In US dollars. */
  readonly dollars: Schedule;
  /** In every other currency. */
  readonly elsewhere: Schedule;
};

const decimals = 4;
const zero = new Fixed(0, 0);
const one = new Fixed(1, 0);
const stockPerShare = new Fixed(5, 3);
const optionPerContract = new Fixed(65, 2);
/** 0.85 of IBKR and 1.40 of exchange and regulator, as for E-mini index futures at CME. */
const futurePerContract = new Fixed(225, 2);
const pairShare = new Fixed(2, 5);
const pairMinimumDollars = new Fixed(2, 0);
const coinShare = new Fixed(18, 4);
const coinMinimum = new Fixed(175, 2);
const onePercent = new Fixed(1, 2);
const bondFirstFace = new Fixed(10_000, 0);
const bondFirstShare = new Fixed(1, 3);
const bondRestShare = new Fixed(25, 5);
const hundred = new Fixed(100, 0);

const shareOfValue =
  (share: Fixed): Schedule =>
  ({ gross }) =>
    gross.times(share);

/** 0.20 bps of the value, at least 2 US dollars. */
const pair: Schedule = ({ gross, perDollar }) => {
  const rate = perDollar();
  return isWorth(rate) ? larger(gross.times(pairShare), rate.times(pairMinimumDollars)) : rate;
};

/** By face, which is 100 × the value of 1.00 of price. The list for corporate bonds; treasuries cost less. */
const bond: Schedule = ({ quantity, unit }) => {
  const face = quantity.times(unit).times(hundred);
  const first = smaller(face, bondFirstFace).times(bondFirstShare);
  const rest = larger(zero, face.minus(bondFirstFace)).times(bondRestShare);
  return larger(first.plus(rest), one);
};

const schedules: Readonly<Record<OrderableSecType, Row>> = {
  STK: {
    dollars: ({ quantity, gross }) =>
      smaller(larger(quantity.times(stockPerShare), one), gross.times(onePercent)),
    elsewhere: shareOfValue(new Fixed(1, 3)),
  },
  OPT: {
    dollars: ({ quantity }) => larger(quantity.times(optionPerContract), one),
    elsewhere: shareOfValue(onePercent),
  },
  FUT: {
    dollars: ({ quantity }) => quantity.times(futurePerContract),
    elsewhere: shareOfValue(new Fixed(1, 4)),
  },
  CASH: { dollars: pair, elsewhere: pair },
  CRYPTO: {
    dollars: ({ gross }) =>
      smaller(larger(gross.times(coinShare), coinMinimum), gross.times(onePercent)),
    elsewhere: shareOfValue(coinShare),
  },
  BOND: { dollars: bond, elsewhere: bond },
};

/** The expected commission of one order, in the contract's currency, rounded up to 4 decimals. */
export function estimateCommission(order: Charged): Worth {
  const row = schedules[order.secType];
  const charged = order.currency === 'USD' ? row.dollars(order) : row.elsewhere(order);
  return isWorth(charged) ? charged.rounded(decimals, 'up') : charged;
}

/** SEC, section 31: 27.80 per million of what a sale of US stock fetches. */
const secShare = new Fixed(278, 7);
/** FINRA's trading activity fee: 0.000195 a share, at most 9.79 a trade. */
const tafPerShare = new Fixed(195, 6);
const tafMaximum = new Fixed(979, 2);

/** Regulatory fees: of sales of stock in US dollars. In the contract's currency, rounded up to 4 decimals. */
export function regulatoryFees({ secType, currency, side, quantity, gross }: Charged): Fixed {
  if (secType !== 'STK' || currency !== 'USD' || side !== 'SELL') return zero;
  const activity = smaller(quantity.times(tafPerShare), tafMaximum);
  return gross.times(secShare).plus(activity).rounded(decimals, 'up');
}
