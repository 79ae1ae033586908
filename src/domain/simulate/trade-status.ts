import { fixed, Fixed } from '../money/fixed.ts';
import type { Simulation } from './simulation.ts';
import type { Change, Trade } from './trade.ts';

type Priced = Exclude<Simulation, { missing: string }>;

const zero = new Fixed(0, 0);
const stockTurns = new Fixed(2, 0);

/** What speaks against a trade, the weightiest first; `marginChange` is the initial one in base currency. */
export function statusOf(trade: Trade, marginChange: Fixed): Priced['status'] {
  const { portfolio, isBuy, position, pairCash } = trade;
  if (!isWholeLots(trade)) return 'invalid-quantity';
  const costs = trade.commission.plus(trade.fees).times(trade.fx);
  const adds = marginChange.isPositive();
  if (adds && marginChange.plus(costs).gt(fixed(portfolio.availableFunds.amount))) {
    return 'insufficient-funds';
  }
  if ((adds || pairCash !== null) && lacksCash(trade)) return 'insufficient-cash';
  // The buying power is what stocks may be bought for, at twice their margin; all else uses it up by its margin.
  const used = trade.secType === 'STK' ? marginChange.times(stockTurns) : marginChange;
  if (adds && used.plus(costs).gt(fixed(portfolio.buyingPower.amount))) {
    return 'insufficient-buying-power';
  }
  const left = pairCash?.after ?? position.after;
  return !isBuy && left.isNegative() ? 'sells-without-position' : 'ok';
}

/** Whole steps of the contract's size, and no less than its smallest. */
function isWholeLots({ quantity, details }: Trade): boolean {
  const step = fixed(details.sizeIncrement);
  const steps = quantity.dividedBy(step, 0, 'floor');
  return steps.times(step).eq(quantity) && !quantity.lt(fixed(details.minSize));
}

/** A cash account must not owe any currency, and no account may owe for coins. */
function lacksCash({ portfolio, secType, cashAfter, cashChange, pairCash }: Trade): boolean {
  const { buyingPower, availableFunds } = portfolio;
  const isCashAccount = !fixed(buyingPower.amount).gt(fixed(availableFunds.amount));
  if (!isCashAccount && secType !== 'CRYPTO') return false;
  return owes({ before: cashAfter.minus(cashChange), after: cashAfter }) || owes(pairCash);
}

function owes(cash: Change | null): boolean {
  return cash !== null && cash.after.lt(zero) && cash.after.lt(cash.before);
}
