// What a demo account starts with.
import { MICROS } from '../market/money.ts';
import type { Micros } from '../market/money.ts';
import { BASE_CURRENCY, positionOf } from './account.ts';
import type { Account, PricingPlan } from './account.ts';
import type { Prices } from './prices.ts';
import { UNIT } from './value.ts';

/** How an account starts; with an amount of cash it starts with that and nothing else. */
export type AccountStart = {
  id: string;
  cash?: Micros;
  /** Currency of the cash; US dollars unless given. */
  currency?: string;
};

const STARTING_CASH = 1_000_000 * MICROS;
/** US stocks by contract id, in whole shares at what they cost. */
const STARTING_POSITIONS = [
  { conId: 265598, shares: 40, price: 189_500_000 },
  { conId: 272093, shares: 30, price: 402_250_000 },
  { conId: 756733, shares: 100, price: 548_100_000 },
];

/** A million dollars unless told otherwise; `isFirst` then also holds a few stocks. */
export function openAccount(
  start: AccountStart,
  isFirst: boolean,
  pricing: PricingPlan,
  prices: Prices,
): Account {
  const { id, cash = STARTING_CASH, currency = BASE_CURRENCY } = start;
  const account: Account = {
    id,
    cash: { [currency]: cash },
    realized: {},
    openingValue: prices.usd(cash, currency),
    pricing,
    positions: new Map(),
  };
  const holds = isFirst && start.cash === undefined;
  for (const { conId, shares, price } of holds ? STARTING_POSITIONS : []) {
    const position = positionOf(account, conId);
    position.quantity = shares * UNIT;
    position.cost = price * shares;
    account.openingValue += position.cost;
  }
  return account;
}
