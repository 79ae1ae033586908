import type { AccountId, ConId } from '../ids.ts';
import { fixed, Fixed } from '../money/fixed.ts';
import type { Currency } from '../money/money.ts';
import type { Portfolio, WorkingOrder } from '../portfolio/portfolio.ts';
import { isKnown, type GateFacts, type InstrumentFacts } from './facts.ts';
import { instrumentOf, isWorth, riskValue, type Worth } from './notional.ts';

/**
 * What is held and what works, by instrument. Answers are remembered per facts object, never per account: the same
 * facts give the same answers for as long as somebody holds them, and new facts start from nothing.
 */

const zero = new Fixed(0, 0);

/** Remembers one answer per key and owner; the owner is never changed, so the answer cannot change either. */
function remembered<Owner extends WeakKey, Key, Answer>(
  work: (owner: Owner, key: Key) => Answer,
): (owner: Owner, key: Key) => Answer {
  const owners = new WeakMap<Owner, Map<Key, Answer>>();
  return (owner, key) => {
    let answers = owners.get(owner);
    if (answers === undefined) owners.set(owner, (answers = new Map<Key, Answer>()));
    let answer = answers.get(key);
    if (answer === undefined) answers.set(key, (answer = work(owner, key)));
    return answer;
  };
}

/** Signed position in an instrument, summed over the rows that the broker reports; 0 where there is none. */
export const positionIn = remembered((portfolio: Portfolio, conId: ConId): Fixed => {
  let total = zero;
  for (const held of portfolio.positions) {
    if (held.conId === conId) total = total.plus(fixed(held.quantity));
  }
  return total;
});

/** Cash of a currency; 0 where the broker reports none. */
export const cashIn = remembered((portfolio: Portfolio, currency: Currency): Fixed => {
  const held = portfolio.cash.find((money) => money.currency === currency);
  return held === undefined ? zero : fixed(held.amount);
});

const workingOf = remembered(
  (orders: readonly WorkingOrder[], conId: ConId): readonly WorkingOrder[] =>
    orders.filter((order) => order.conId === conId),
);

/** The live orders of an account in an instrument, in the broker's order. */
export function workingIn(
  orders: readonly WorkingOrder[],
  conId: ConId,
  account: AccountId,
): readonly WorkingOrder[] {
  const found = workingOf(orders, conId);
  return found.every((order) => order.account === account)
    ? found
    : found.filter((order) => order.account === account);
}

type Gross = {
  readonly instruments: GateFacts['instruments'];
  readonly exchangeRates: GateFacts['exchangeRates'];
  readonly worth: Worth;
};

const grossOf = new WeakMap<Portfolio, Gross>();

/**
 * Gross exposure of the account in base currency: the absolute `riskValue` of every position, added up. Missing as
 * soon as one of them cannot be valued.
 */
export function grossExposure(facts: GateFacts): Worth {
  const { portfolio, instruments, exchangeRates } = facts;
  if (!isKnown(portfolio)) return { missing: `portfolio: ${portfolio.missing}` };
  const known = grossOf.get(portfolio.value);
  if (known?.instruments === instruments && known.exchangeRates === exchangeRates) {
    return known.worth;
  }
  const worth = sumOf(portfolio.value, facts);
  grossOf.set(portfolio.value, { instruments, exchangeRates, worth });
  return worth;
}

function sumOf(portfolio: Portfolio, facts: GateFacts): Worth {
  const quantities = new Map<ConId, Fixed>();
  for (const { conId, quantity } of portfolio.positions) {
    quantities.set(conId, (quantities.get(conId) ?? zero).plus(fixed(quantity)));
  }
  let total = zero;
  for (const [conId, quantity] of quantities) {
    const row: InstrumentFacts | { readonly missing: string } = instrumentOf(conId, facts);
    if ('missing' in row) return row;
    const value = riskValue(row, quantity, facts);
    if (!isWorth(value)) return value;
    total = total.plus(value.abs());
  }
  return total;
}
