import type { Contract } from '../instrument/contract.ts';
import type { Quote } from '../instrument/quote.ts';
import type { DecimalText } from '../money/decimal.ts';
import { fixed, Fixed, larger } from '../money/fixed.ts';
import type { Currency } from '../money/money.ts';
import type { OrderTerms } from '../order/intent.ts';
import type { Portfolio } from '../portfolio/portfolio.ts';
import { isKnown, type GateFacts } from '../risk/facts.ts';
import { estimateCommission } from './commission.ts';
import { priceOrder, type OrderPricing } from './order-pricing.ts';
import type { Simulation } from './simulation.ts';

/**
 * What an order would do if it traded now (or, where it waits for a stop, when it wakes), from our portfolio and our quote alone. It does not look at market
 * depth, and its margin is our own estimate: Regulation T's initial 50 % of the position's absolute change,
 * long and short alike, on top of what the broker reports (the maintenance 25 % / 30 % never exceeds it).
 */

/** How far from the market an order without a limit is reckoned to fill at worst, where no policy says otherwise. */
const defaultCollarBps = '300' as DecimalText;

const initialMarginShare = new Fixed(5, 1);
const zero = new Fixed(0, 0);
const marginTurns = new Fixed(2, 0);
const one = new Fixed(1, 0);
const basisPoints = new Fixed(10_000, 0);

type Needed = {
  readonly pricing: OrderPricing;
  readonly portfolio: Portfolio;
  readonly currency: Currency;
  readonly fx: Fixed;
};

/** Simulates an order. `collarBps` bounds the fill of an order without a limit for `worstNotional`. Total: never throws. */
export function simulateOrder(
  terms: OrderTerms,
  facts: GateFacts,
  collarBps: DecimalText = defaultCollarBps,
): Simulation {
  const needed = neededFacts(terms, facts, collarBps);
  if ('status' in needed) return needed;
  const { pricing, portfolio, currency, fx } = needed;
  const { touch, fill, reference, stop } = pricing;
  const quantity = fixed(terms.quantity);
  const isBuy = terms.side === 'BUY';
  const gross = quantity.times(fill);
  const commission = estimateCommission(quantity, fill, currency);
  const cashChange = signed(gross, !isBuy).minus(commission);
  const before = positionIn(portfolio, terms);
  const after = before.plus(signed(quantity, isBuy));
  const worstNotional = quantity.times(pricing.worst);
  const valueChange = after.minus(before).times(touch.mid);
  const netAfter = fixed(portfolio.netLiquidation.amount).plus(
    cashChange.plus(valueChange).times(fx),
  );
  if (!netAfter.isPositive()) {
    return { status: 'no-facts', missing: 'the net liquidation value is not above zero' };
  }
  const marginBefore = fixed(portfolio.initialMargin.amount);
  const marginChange = after
    .abs()
    .minus(before.abs())
    .times(fill)
    .times(fx)
    .times(initialMarginShare);
  const isFunded = hasFunds(portfolio, marginChange, commission.times(fx));
  const isShort = !isBuy && after.isNegative();
  return {
    status: !isFunded ? 'insufficient-funds' : isShort ? 'sells-without-position' : 'ok',
    currency,
    fillPrice: fill.text(),
    referencePrice: reference.text(),
    slippageBps: slippageText(signed(fill.minus(reference), isBuy), reference),
    worstNotional: worstNotional.text(),
    worstNotionalBase: worstNotional.times(fx).text(),
    grossAmount: gross.text(),
    commission: commission.text(),
    cashChange: cashChange.text(),
    cashAfter: cashIn(portfolio, currency).plus(cashChange).text(),
    positionBefore: before.text(),
    positionAfter: after.text(),
    positionShareAfter: after
      .abs()
      .times(touch.mid)
      .times(fx)
      .dividedBy(netAfter, 4, 'half-up')
      .text(),
    initialMarginBefore: marginBefore.text(),
    initialMarginAfter: larger(zero, marginBefore.plus(marginChange)).text(),
    marketable: pricing.isMarketable,
    stopPrice: stop === null ? null : stop.text(),
    triggersAtOnce: pricing.isTriggered,
  };
}

function neededFacts(
  terms: OrderTerms,
  facts: GateFacts,
  collarBps: DecimalText,
): Needed | Extract<Simulation, { missing: string }> {
  const { contract, portfolio, fxToBase, quote } = facts;
  const lacking = (missing: string) => ({ status: 'no-facts', missing }) as const;
  if (!isKnown(contract)) return lacking(`contract: ${contract.missing}`);
  if (!isKnown(portfolio)) return lacking(`portfolio: ${portfolio.missing}`);
  if (!isKnown(fxToBase)) return lacking(`fxToBase: ${fxToBase.missing}`);
  if (!isKnown(quote)) return { status: 'no-price', missing: `quote: ${quote.missing}` };
  const fx = fixed(fxToBase.value);
  const mismatch = mismatchOf(terms, contract.value.contract, quote.value, portfolio.value, fx);
  if (mismatch !== null) return lacking(mismatch);
  const pricing = priceOrder(terms, quote.value, collarBps);
  if ('missing' in pricing) return { status: 'no-price', missing: pricing.missing };
  const { currency } = contract.value.contract;
  return { pricing, portfolio: portfolio.value, currency, fx };
}

/** Why the facts do not belong together, or null where they do. */
function mismatchOf(
  terms: OrderTerms,
  contract: Contract,
  quote: Quote,
  portfolio: Portfolio,
  fx: Fixed,
): string | null {
  const { baseCurrency, netLiquidation, initialMargin, availableFunds, buyingPower } = portfolio;
  if (contract.conId !== terms.conId || quote.conId !== terms.conId) {
    return 'contract or quote is about another instrument';
  }
  if (portfolio.account !== terms.account) return 'the portfolio is of another account';
  if (!fx.isPositive()) return 'the exchange rate is not above zero';
  if (contract.currency === baseCurrency && !fx.eq(one)) {
    return 'the exchange rate of the base currency to itself is not 1';
  }
  const isInBase = [netLiquidation, initialMargin, availableFunds, buyingPower].every(
    (money) => money.currency === baseCurrency,
  );
  return isInBase ? null : 'the account values are not in base currency';
}

function signed(amount: Fixed, isPositive: boolean): Fixed {
  return isPositive ? amount : amount.neg();
}

/** Signed position in the instrument, summed over the rows that the broker reports. */
function positionIn(portfolio: Portfolio, terms: OrderTerms): Fixed {
  let total = zero;
  for (const held of portfolio.positions) {
    if (held.conId === terms.conId) total = total.plus(fixed(held.quantity));
  }
  return total;
}

function cashIn(portfolio: Portfolio, currency: Currency): Fixed {
  const held = portfolio.cash.find((money) => money.currency === currency);
  return held === undefined ? zero : fixed(held.amount);
}

/**
 * New margin and commission must fit the available funds, and the new exposure (twice the margin) the buying
 * power, which in a cash account is the cash. An order that adds no exposure needs no funds.
 */
function hasFunds(portfolio: Portfolio, marginChange: Fixed, commission: Fixed): boolean {
  if (!marginChange.isPositive()) return true;
  const exposure = marginChange.times(marginTurns);
  return (
    !marginChange.plus(commission).gt(fixed(portfolio.availableFunds.amount)) &&
    !exposure.plus(commission).gt(fixed(portfolio.buyingPower.amount))
  );
}

function slippageText(cost: Fixed, reference: Fixed): DecimalText {
  return cost.times(basisPoints).dividedBy(reference, 2, 'half-up').text();
}
