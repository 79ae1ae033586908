// What the parts of the order desk share.
import type { Account } from '../accounts/account.ts';
import type { Prices } from '../accounts/prices.ts';
import type { ExchangeClock } from '../market/exchange-clock.ts';
import type { Instrument } from '../market/instrument.ts';
import type { Market } from '../market/market.ts';
import type { DeskEvent } from './desk-events.ts';
import { bookOf } from './order.ts';
import type { Contracts, SimOrder } from './order.ts';
import type { OrderStore } from './order-store.ts';

/** Everything the desk works with and reports to. */
export type DeskContext = {
  store: OrderStore;
  accounts: ReadonlyMap<string, Account>;
  market: Market;
  contracts: Contracts;
  prices: Prices;
  clock: ExchangeClock;
  emit: (event: DeskEvent) => void;
};

/** The contract an order works in. One that has gone is a bug: it was there on entry. */
export function instrumentOf(c: DeskContext, order: SimOrder): Instrument {
  const instrument = c.contracts.byConId(bookOf(order));
  if (instrument === undefined) throw new Error(`contract ${bookOf(order)} does not exist`);
  return instrument;
}

/** The account of an order; accounts never go away. */
export function accountNamed(c: DeskContext, id: string): Account {
  const account = c.accounts.get(id);
  if (account === undefined) throw new Error(`account ${id} does not exist`);
  return account;
}
