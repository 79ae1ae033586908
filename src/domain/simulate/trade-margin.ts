import type { Currency } from '../money/money.ts';
import { Fixed } from '../money/fixed.ts';
import type { GateFacts, Missing } from '../risk/facts.ts';
import { instrumentOf, underlyingOf } from '../risk/notional.ts';
import { currencyShare, nothing, requirementOf, type Pricing, type Requirement } from './margin.ts';
import type { Change, Trade } from './trade.ts';

/** How a trade changes what margin the account needs, in base currency: what it needs after less what before. */
export function marginChangeOf(trade: Trade, facts: GateFacts): Requirement | Missing {
  const { secType, fx } = trade;
  if (secType === 'CASH') return currencyChange(trade);
  const { contract, fill: price, unit, position } = trade;
  const row = instrumentOf(contract.conId, facts);
  const underlying = 'missing' in row ? row : underlyingOf(row);
  const pricing: Pricing = { contract, secType, price, unit, underlying };
  const before = requirementOf(position.before, pricing);
  const after = requirementOf(position.after, pricing);
  if ('missing' in before || 'missing' in after) {
    // What only closes needs no more, however much that is: an exit must not fail for want of a price.
    if (isClosing(position)) return nothing;
    return 'missing' in before ? before : after;
  }
  return {
    initial: after.initial.minus(before.initial).times(fx),
    maintenance: after.maintenance.minus(before.maintenance).times(fx),
  };
}

/** Whether a position only gets smaller, at most to nothing. */
export function isClosing({ before, after }: Change): boolean {
  if (before.isZero() || !after.abs().lt(before.abs())) return false;
  return after.isZero() || after.isNegative() === before.isNegative();
}

/** Both balances of a pair ask for their share, the account's own currency for none. */
function currencyChange({ contract, portfolio, fill, fx, pairCash, ...trade }: Trade): Requirement {
  const base = portfolio.baseCurrency;
  const grown = ({ before, after }: Change): Fixed => after.abs().minus(before.abs()).times(fx);
  let foreign = new Fixed(0, 0);
  if (pairCash !== null && (contract.symbol as Currency) !== base) {
    foreign = foreign.plus(grown(pairCash).times(fill));
  }
  if (contract.currency !== base) {
    const { cashAfter: after, cashChange } = trade;
    foreign = foreign.plus(grown({ before: after.minus(cashChange), after }));
  }
  const change = foreign.times(currencyShare);
  return { initial: change, maintenance: change };
}
