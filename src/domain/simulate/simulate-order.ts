import type { Touch } from '../instrument/touch.ts';
import { touchOf } from '../instrument/touch.ts';
import { dec, Dec, decimalText, type DecimalText } from '../money/decimal.ts';
import type { Currency } from '../money/money.ts';
import type { OrderTerms } from '../order/intent.ts';
import type { Portfolio } from '../portfolio/portfolio.ts';
import { isKnown, type GateFacts } from '../risk/facts.ts';
import { estimateCommission } from './commission.ts';
import type { Simulation } from './simulation.ts';

/**
 * What an order would do if it traded now, from our portfolio and our quote alone. It does not look at market
 * depth, and its margin is our own estimate: Regulation T's initial 50 % of the position's absolute change,
 * long and short alike, on top of what the broker reports (the maintenance 25 % / 30 % never exceeds it).
 */

/** How far from the touch a market order is reckoned to fill at worst, where no policy says otherwise. */
export const defaultCollarBps = '300' as DecimalText;

const initialMarginShare = new Dec('0.5');
const zero = new Dec(0);

type Needed = {
  readonly touch: Touch;
  readonly portfolio: Portfolio;
  readonly currency: Currency;
  readonly fx: Dec;
};

/** Simulates an order. `collarBps` bounds the fill of a market order for `worstNotional`. Total: never throws. */
export function simulateOrder(
  terms: OrderTerms,
  facts: GateFacts,
  collarBps: DecimalText = defaultCollarBps,
): Simulation {
  const needed = neededFacts(facts);
  if ('status' in needed) return needed;
  const { touch, portfolio, currency, fx } = needed;
  const quantity = dec(terms.quantity);
  const sign = terms.side === 'BUY' ? 1 : -1;
  const fill = fillOf(terms, touch);
  const gross = quantity.times(fill.price);
  const commission = estimateCommission(quantity, fill.price, currency);
  const cashChange = gross.times(-sign).minus(commission);
  const before = positionIn(portfolio, terms);
  const after = before.plus(quantity.times(sign));
  const worstNotional = quantity.times(worstPrice(terms, touch, collarBps));
  const valueChange = after.minus(before).times(touch.mid);
  const netAfter = dec(portfolio.netLiquidation.amount).plus(
    cashChange.plus(valueChange).times(fx),
  );
  if (!netAfter.gt(0)) {
    return { status: 'no-facts', missing: 'the net liquidation value is not above zero' };
  }
  const marginBefore = dec(portfolio.initialMargin.amount);
  const marginChange = after
    .abs()
    .minus(before.abs())
    .times(fill.price)
    .times(fx)
    .times(initialMarginShare);
  const isFunded = hasFunds(portfolio, marginChange, commission.times(fx));
  const isShort = sign < 0 && after.lt(zero);
  return {
    status: isShort ? 'sells-without-position' : isFunded ? 'ok' : 'insufficient-funds',
    currency,
    fillPrice: decimalText(fill.price),
    referencePrice: decimalText(touch.mid),
    slippageBps: slippageText(fill.price.minus(touch.mid).times(sign), touch.mid),
    worstNotional: decimalText(worstNotional),
    worstNotionalBase: decimalText(worstNotional.times(fx)),
    grossAmount: decimalText(gross),
    commission: decimalText(commission),
    cashChange: decimalText(cashChange),
    cashAfter: decimalText(cashIn(portfolio, currency).plus(cashChange)),
    positionBefore: decimalText(before),
    positionAfter: decimalText(after),
    positionShareAfter: decimalText(
      after.abs().times(touch.mid).times(fx).div(netAfter).toDecimalPlaces(4),
    ),
    initialMarginBefore: decimalText(marginBefore),
    initialMarginAfter: decimalText(Dec.max(zero, marginBefore.plus(marginChange))),
    marketable: fill.marketable,
  };
}

/**
 * The price at which the order moves the most money while the market stays near the touch: a buy's limit, the
 * better of limit and bid for a sell (which may fill above its limit), the touch plus the collar for MKT.
 */
export function worstPrice(terms: OrderTerms, touch: Touch, collarBps: DecimalText): Dec {
  const side = terms.side === 'BUY' ? touch.ask : touch.bid;
  if (terms.limitPrice === null) {
    return side.times(new Dec(10_000).plus(collarBps)).times('0.0001');
  }
  const limit = dec(terms.limitPrice);
  return terms.side === 'BUY' ? limit : Dec.max(limit, touch.bid);
}

function neededFacts(facts: GateFacts): Needed | Extract<Simulation, { missing: string }> {
  const { contract, portfolio, fxToBase, quote } = facts;
  if (!isKnown(contract)) return { status: 'no-facts', missing: `contract: ${contract.missing}` };
  if (!isKnown(portfolio))
    return { status: 'no-facts', missing: `portfolio: ${portfolio.missing}` };
  if (!isKnown(fxToBase)) return { status: 'no-facts', missing: `fxToBase: ${fxToBase.missing}` };
  if (!isKnown(quote)) return { status: 'no-price', missing: `quote: ${quote.missing}` };
  const fx = dec(fxToBase.value);
  if (!fx.gt(0)) return { status: 'no-facts', missing: 'the exchange rate is not above zero' };
  const touch = touchOf(quote.value);
  if ('missing' in touch) return { status: 'no-price', missing: touch.missing };
  const { currency } = contract.value.contract;
  return { touch, portfolio: portfolio.value, currency, fx };
}

/** At the touch where the order is marketable, else at its own limit. */
function fillOf(terms: OrderTerms, { bid, ask }: Touch): { price: Dec; marketable: boolean } {
  const touchPrice = terms.side === 'BUY' ? ask : bid;
  if (terms.limitPrice === null) return { price: touchPrice, marketable: true };
  const limit = dec(terms.limitPrice);
  const marketable = terms.side === 'BUY' ? limit.gte(ask) : limit.lte(bid);
  return { price: marketable ? touchPrice : limit, marketable };
}

/** Signed position in the instrument, summed over the rows that the broker reports. */
function positionIn(portfolio: Portfolio, terms: OrderTerms): Dec {
  let total = zero;
  for (const held of portfolio.positions) {
    if (held.conId === terms.conId) total = total.plus(held.quantity);
  }
  return total;
}

function cashIn(portfolio: Portfolio, currency: Currency): Dec {
  const held = portfolio.cash.find((money) => money.currency === currency);
  return held === undefined ? zero : dec(held.amount);
}

/**
 * New margin and commission must fit the available funds, and the new exposure (twice the margin) the buying
 * power, which in a cash account is the cash. An order that adds no exposure needs no funds.
 */
function hasFunds(portfolio: Portfolio, marginChange: Dec, commission: Dec): boolean {
  if (!marginChange.gt(0)) return true;
  const exposure = marginChange.div(initialMarginShare);
  return (
    marginChange.plus(commission).lte(portfolio.availableFunds.amount) &&
    exposure.plus(commission).lte(portfolio.buyingPower.amount)
  );
}

function slippageText(cost: Dec, mid: Dec): DecimalText {
  return decimalText(cost.times(10_000).div(mid).toDecimalPlaces(2, Dec.ROUND_HALF_UP));
}
