// What one client has asked to be kept informed of. All of it ends with the connection.
import type { MarketDataLine, MarketFeed } from './market-line.ts';
import { Told } from './told.ts';

/** A running request and what it was told. */
export type Feed<T> = T & { told: Told };
/** Accounts a request is about; all when undefined. `modelCode` is echoed. */
export type MultiScope = { account: string | undefined; modelCode: string | undefined };
/** Subscriptions of one kind that a connection may have. */
export const MAX_SUBSCRIPTIONS = 200;

/** The subscriptions of one connection. Those with a request id are keyed by it. */
export type Subscriptions = {
  /** Account updates, by account. */
  accounts: Map<string, Feed<object>>;
  positions: boolean;
  summaries: Map<number, Feed<{ tags: string }>>;
  positionsMulti: Map<number, Feed<MultiScope>>;
  accountsMulti: Map<number, Feed<MultiScope & { ledgerAndNlv: boolean }>>;
  marketData: Map<number, MarketDataLine>;
  /** What else runs on market data, by kind and request id. */
  feeds: Map<string, MarketFeed>;
  pnl: Map<number, { account: string; conId?: number }>;
  pnlTold: Told;
  /** What is being repeated at intervals for this connection. */
  repeating: Set<unknown>;
  /** Window groups listened to. */
  displayGroups: Map<number, number>;
  /** Client 0 only: orders placed by hand get an order id as they appear. */
  bindsOrders: boolean;
  /** 1 live, 2 frozen, 3 delayed, 4 delayed-frozen, as last requested. */
  marketDataType: number;
};

/** No subscriptions; live market data. */
export const createSubscriptions = (): Subscriptions => ({
  accounts: new Map(),
  positions: false,
  summaries: new Map(),
  positionsMulti: new Map(),
  accountsMulti: new Map(),
  marketData: new Map(),
  feeds: new Map(),
  pnl: new Map(),
  pnlTold: new Told(),
  repeating: new Set(),
  displayGroups: new Map(),
  bindsOrders: false,
  marketDataType: 1,
});
