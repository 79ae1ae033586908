// Changes of an account that no trade makes: money that comes or goes, positions that are put there.
// Neither is profit, so the value that the day's profit is counted from moves along.
import type { Instrument, Size } from '../market/instrument.ts';
import type { Micros } from '../market/money.ts';
import { positionOf } from './account.ts';
import type { Account, Position } from './account.ts';
import type { Prices } from './prices.ts';
import { valueOf } from './value.ts';

/** Adds an amount of a currency; a negative one is a withdrawal. */
export function moveCash(account: Account, amount: Micros, currency: string, prices: Prices): void {
  account.cash[currency] = (account.cash[currency] ?? 0) + amount;
  account.openingValue += prices.usd(amount, currency);
}

/** Puts a position in place of what the account holds; cash stays as it is. */
export function setPosition(
  account: Account,
  i: Instrument,
  holding: { quantity: Size; averagePrice: Micros },
  prices: Prices,
): Position {
  const position = positionOf(account, i.conId);
  const cost = valueOf(i, holding.averagePrice, holding.quantity);
  account.openingValue += prices.usd(cost - position.cost, i.currency);
  position.quantity = holding.quantity;
  position.cost = cost;
  position.fees = 0;
  return position;
}
