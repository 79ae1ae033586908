// What a demo account starts with.
import { MICROS } from '../market/money.ts';
import { BASE_CURRENCY, positionOf } from './account.ts';
import type { Account, PricingPlan } from './account.ts';
import { UNIT } from './value.ts';

const STARTING_CASH = 1_000_000 * MICROS;
/** US stocks by contract id, in whole shares at what they cost. */
const STARTING_POSITIONS = [
  { conId: 265598, shares: 40, price: 189_500_000 },
  { conId: 272093, shares: 30, price: 402_250_000 },
  { conId: 756733, shares: 100, price: 548_100_000 },
];

/** A million dollars; the first account also holds a few stocks. */
export function openAccount(id: string, isFirst: boolean, pricing: PricingPlan): Account {
  const account: Account = {
    id,
    cash: { [BASE_CURRENCY]: STARTING_CASH },
    realized: {},
    openingValue: STARTING_CASH,
    pricing,
    positions: new Map(),
  };
  for (const { conId, shares, price } of isFirst ? STARTING_POSITIONS : []) {
    const position = positionOf(account, conId);
    position.quantity = shares * UNIT;
    position.cost = price * shares;
    account.openingValue += position.cost;
  }
  return account;
}
