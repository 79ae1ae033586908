import {
  isOrderable,
  type Contract,
  type ContractDetails,
  type OrderableSecType,
} from '../instrument/contract.ts';
import type { DecimalText } from '../money/decimal.ts';
import { fixed, Fixed, larger } from '../money/fixed.ts';
import type { Currency } from '../money/money.ts';
import type { OrderTerms } from '../order/intent.ts';
import type { Portfolio } from '../portfolio/portfolio.ts';
import { cashIn, positionIn } from '../risk/book.ts';
import { isKnown, type GateFacts } from '../risk/facts.ts';
import { isWorth, rateOf, unitWorth, type Worth } from '../risk/notional.ts';
import { estimateCommission, regulatoryFees, type Charged } from './commission.ts';
import { impactOf } from './impact.ts';
import { fillBeyond, priceOrder, type OrderPricing } from './order-pricing.ts';
import type { Simulation } from './simulation.ts';

/**
 * The trade that an order is reckoned to become: at which price, and what it moves. Everything that margin, status and
 * shares are worked out from; it judges nothing.
 */
export type Trade = {
  readonly details: ContractDetails;
  readonly contract: Contract;
  readonly secType: OrderableSecType;
  readonly portfolio: Portfolio;
  readonly pricing: OrderPricing;
  /** Base currency per unit of the contract's currency. */
  readonly fx: Fixed;
  /** Value of one unit per 1.00 of price. */
  readonly unit: Fixed;
  readonly isBuy: boolean;
  readonly quantity: Fixed;
  readonly fill: Fixed;
  readonly worst: Fixed;
  /** The amounts are in the contract's currency. */
  readonly gross: Fixed;
  readonly commission: Fixed;
  readonly fees: Fixed;
  readonly cashChange: Fixed;
  readonly cashAfter: Fixed;
  /** Cash in the currency that a pair is about, before and after; null for all other kinds. */
  readonly pairCash: Change | null;
  readonly position: Change;
};
export type Change = { readonly before: Fixed; readonly after: Fixed };

type Failure = Extract<Simulation, { missing: string }>;

const one = new Fixed(1, 0);

/** The trade, or why there is none. */
export function tradeOf(
  terms: OrderTerms,
  facts: GateFacts,
  collarBps: DecimalText,
): Trade | Failure {
  const quantity = fixed(terms.quantity);
  if (!quantity.isPositive()) return { status: 'invalid-quantity', missing: 'a quantity above 0' };
  const needed = neededFacts(terms, facts, collarBps);
  if ('status' in needed) return needed;
  const { contract, secType, portfolio, pricing, fx, unit } = needed;
  const { currency } = contract;
  const isBuy = terms.side === 'BUY';
  const fill = fillBeyond(terms, pricing, impactOf(terms, secType, pricing, facts));
  const gross = quantity.times(fill).times(unit);
  const charged: Charged = {
    ...{ secType, currency, side: terms.side, quantity, gross, unit },
    perDollar: () => perDollar(currency, fx, facts),
  };
  const commission = estimateCommission(charged);
  if (!isWorth(commission)) return { status: 'no-facts', missing: commission.missing };
  const fees = regulatoryFees(charged);
  const costs = commission.plus(fees);
  // Futures are settled day by day: what is traded is not paid for.
  const cashChange = secType === 'FUT' ? costs.neg() : signed(gross, !isBuy).minus(costs);
  const moved = signed(quantity, isBuy);
  const before = positionIn(portfolio, terms.conId);
  return {
    ...{ ...needed, isBuy, quantity, fill, gross, commission, fees, cashChange },
    worst: larger(pricing.worst, fill),
    cashAfter: cashIn(portfolio, currency).plus(cashChange),
    pairCash: secType === 'CASH' ? pairChange(portfolio, contract, moved) : null,
    position: { before, after: before.plus(moved) },
  };
}

function pairChange(portfolio: Portfolio, { symbol }: Contract, moved: Fixed): Change {
  const before = cashIn(portfolio, symbol as Currency);
  return { before, after: before.plus(moved) };
}

/** An amount with the sign that it is told. */
export function signed(amount: Fixed, isPositive: boolean): Fixed {
  return isPositive ? amount : amount.neg();
}

function perDollar(currency: Currency, fx: Fixed, facts: GateFacts): Worth {
  if (currency === 'USD') return one;
  const dollar = rateOf('USD' as Currency, facts);
  return isWorth(dollar) ? dollar.dividedBy(fx, 8, 'up') : dollar;
}

type Needed = Pick<
  Trade,
  'details' | 'contract' | 'secType' | 'portfolio' | 'pricing' | 'fx' | 'unit'
>;

function neededFacts(
  terms: OrderTerms,
  facts: GateFacts,
  collarBps: DecimalText,
): Needed | Failure {
  const { contract, portfolio, fxToBase, quote } = facts;
  const lacking = (missing: string): Failure => ({ status: 'no-facts', missing });
  if (!isKnown(contract)) return lacking(`contract: ${contract.missing}`);
  if (!isKnown(portfolio)) return lacking(`portfolio: ${portfolio.missing}`);
  if (!isKnown(fxToBase)) return lacking(`fxToBase: ${fxToBase.missing}`);
  if (!isKnown(quote)) return { status: 'no-price', missing: `quote: ${quote.missing}` };
  const details = contract.value;
  const { secType } = details.contract;
  if (!isOrderable(secType)) return lacking(`contract: no ${secType} can be ordered`);
  if (quote.value.conId !== terms.conId) return lacking('quote is about another instrument');
  const fx = fixed(fxToBase.value);
  const mismatch = mismatchOf(terms, details, portfolio.value, fx);
  if (mismatch !== null) return lacking(mismatch);
  const unit = unitWorth(details);
  if (!isWorth(unit)) return lacking(`contract: ${unit.missing}`);
  const pricing = priceOrder(terms, quote.value, collarBps);
  if ('missing' in pricing) return { status: 'no-price', missing: pricing.missing };
  return {
    ...{ details, contract: details.contract, secType, portfolio: portfolio.value },
    ...{ pricing, fx, unit },
  };
}

/** Why the facts do not belong together, or null where they do. */
function mismatchOf(
  terms: OrderTerms,
  { contract, sizeIncrement }: ContractDetails,
  portfolio: Portfolio,
  fx: Fixed,
): string | null {
  const { baseCurrency, netLiquidation, initialMargin, availableFunds, buyingPower } = portfolio;
  if (contract.conId !== terms.conId) return 'contract is about another instrument';
  if (!fixed(sizeIncrement).isPositive()) return 'the size step of the contract';
  if (portfolio.account !== terms.account) return 'the portfolio is of another account';
  if (!fx.isPositive()) return 'the exchange rate is not above zero';
  if (contract.currency === baseCurrency && !fx.eq(one)) {
    return 'the exchange rate of the base currency to itself is not 1';
  }
  const isInBase =
    netLiquidation.currency === baseCurrency &&
    initialMargin.currency === baseCurrency &&
    availableFunds.currency === baseCurrency &&
    buyingPower.currency === baseCurrency;
  return isInBase ? null : 'the account values are not in base currency';
}
