// What one client has asked to be kept informed of. All of it ends with the connection.
import type { MarketDataLine, MarketFeed } from './market-line.ts';

/** The subscriptions of one connection. */
export type Subscriptions = {
  accounts: Set<string>;
  positions: boolean;
  /** Account summaries by request id: the tags asked for. */
  summaries: Map<number, string>;
  marketData: Map<number, MarketDataLine>;
  /** What else runs on market data, by kind and request id. */
  feeds: Map<string, MarketFeed>;
  pnl: Map<number, { account: string; conId?: number }>;
  /** 1 live, 2 frozen, 3 delayed, 4 delayed-frozen, as last requested. */
  marketDataType: number;
};

/** No subscriptions; live market data. */
export const createSubscriptions = (): Subscriptions => ({
  accounts: new Set(),
  positions: false,
  summaries: new Map(),
  marketData: new Map(),
  feeds: new Map(),
  pnl: new Map(),
  marketDataType: 1,
});
