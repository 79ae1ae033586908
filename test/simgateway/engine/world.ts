// The matching engine over a market that a test sets by hand: every price, size, print and auction is
// said, nothing is drawn. Events are kept as the clients would be told them.
import type { Account } from '../../../src/simgateway/accounts/account.ts';
import { openAccount } from '../../../src/simgateway/accounts/open-account.ts';
import { pricesOf } from '../../../src/simgateway/accounts/prices.ts';
import { UNIT } from '../../../src/simgateway/accounts/value.ts';
import { createExchangeClock } from '../../../src/simgateway/market/exchange-clock.ts';
import type { Instrument, Size } from '../../../src/simgateway/market/instrument.ts';
import type { Auction, Market, Phase, Top, Trade } from '../../../src/simgateway/market/market.ts';
import { parseMicros } from '../../../src/simgateway/market/money.ts';
import type { DeskEvent } from '../../../src/simgateway/matching/desk-events.ts';
import { OrderDesk } from '../../../src/simgateway/matching/order-desk.ts';
import type { Handling } from '../../../src/simgateway/matching/order-desk.ts';
import type { OrderFields, SimOrder } from '../../../src/simgateway/matching/order.ts';
import { OrderStore } from '../../../src/simgateway/matching/order-store.ts';
import { byConId, CONTRACTS } from './contracts.ts';

/** Tuesday noon in New York. */
export const NOON = Date.parse('2026-04-14T16:00:00Z');
/** The New York close of that day. */
export const CLOSE = Date.parse('2026-04-14T20:00:00Z');
const DAY_END = Date.parse('2026-04-15T00:00:00Z');

export const micros = (text: string | number) => parseMicros(String(text)) ?? Number.NaN;

type Quote = { bid?: number; ask?: number; last?: number; bidSize?: number; askSize?: number };

/** A market set by hand; sizes in units, prices in currency. */
class HandMarket implements Market {
  phaseNow: Phase = 'regular';
  /** From then on it is after hours. */
  closesAt: number | undefined;
  readonly tape: (Trade & { conId: number })[] = [];
  readonly crosses: Auction[] = [];
  readonly borrowable = new Map<number, Size | undefined>();
  private readonly tops = new Map<number, Top>();
  private readonly taken = new Map<string, Size>();

  quote(i: Instrument, q: Quote & { halted?: boolean }): void {
    const side = (name: 'bid' | 'ask' | 'last') =>
      q[name] === undefined ? {} : { [name]: micros(q[name]) };
    const { bidSize = 1000, askSize = 1000, halted = false } = q;
    this.tops.set(i.conId, {
      ...side('bid'),
      ...side('ask'),
      ...side('last'),
      bidSize: bidSize * UNIT,
      askSize: askSize * UNIT,
      lastSize: UNIT,
      halted,
    });
    this.taken.clear();
  }

  /** A new quote interval: displayed sizes are full again. */
  refresh(): void {
    this.taken.clear();
  }

  top(i: Instrument): Top {
    const top = this.tops.get(i.conId) ?? { bidSize: 0, askSize: 0, lastSize: 0, halted: false };
    return {
      ...top,
      bidSize: top.bidSize - (this.taken.get(`${i.conId}bid`) ?? 0),
      askSize: top.askSize - (this.taken.get(`${i.conId}ask`) ?? 0),
    };
  }

  phase(_: Instrument, at: number): Phase {
    return this.closesAt !== undefined && at >= this.closesAt ? 'post' : this.phaseNow;
  }

  tickAt(i: Instrument): number {
    return i.secType === 'CASH' ? 50 : 10_000;
  }

  take(i: Instrument, side: 'bid' | 'ask', wanted: Size): Size {
    const top = this.top(i);
    const got = Math.min(wanted, side === 'bid' ? top.bidSize : top.askSize);
    const key = `${i.conId}${side}`;
    this.taken.set(key, (this.taken.get(key) ?? 0) + got);
    return got;
  }

  trades(i: Instrument, from: number, to: number): Trade[] {
    return this.tape.filter((t) => t.conId === i.conId && t.at > from && t.at <= to);
  }

  auctions(_: Instrument, from: number, to: number): Auction[] {
    return this.crosses.filter((a) => a.at > from && a.at <= to);
  }

  dayOrderExpiry(): number {
    return DAY_END;
  }

  usdRate(currency: string): number | undefined {
    return { USD: 1_000_000, EUR: 1_100_000 }[currency];
  }

  shortable(i: Instrument): Size | undefined {
    return this.borrowable.has(i.conId) ? this.borrowable.get(i.conId) : 1_000_000 * UNIT;
  }
}

export type World = ReturnType<typeof createWorld>;

/** An engine with accounts DU1 and DU2. */
export function createWorld() {
  const clock = createExchangeClock(NOON, 'virtual');
  const market = new HandMarket();
  for (const i of CONTRACTS) {
    const price = i.basePrice / 1_000_000;
    const tick = i.secType === 'CASH' ? 0.00005 : 0.05;
    market.quote(i, { bid: price, ask: Number((price + tick).toFixed(6)), last: price });
  }
  const prices = pricesOf(market, byConId);
  const accounts = new Map<string, Account>(
    ['DU1', 'DU2'].map((id) => [id, openAccount({ id }, false, 'fixed', prices)]),
  );
  const store = new OrderStore();
  const events: DeskEvent[] = [];
  const told: string[] = [];
  const desk = new OrderDesk({
    store,
    accounts,
    market,
    contracts: {
      byConId,
      find: (f) => CONTRACTS.filter((i) => i.conId === f.conId || i.symbol === f.symbol),
    },
    prices,
    clock,
    emit: (event) => {
      events.push(event);
      told.push(describe(event));
    },
  });
  const lastIds = new Map<number, number>();
  const place = (fields: OrderFields, clientId = 1, handling?: Handling): number => {
    const orderId = fields.orderId ?? (lastIds.get(clientId) ?? 0) + 1;
    lastIds.set(clientId, Math.max(orderId, lastIds.get(clientId) ?? 0));
    const defaults = { conId: 1, action: 'BUY', totalQuantity: '100', account: 'DU1' };
    desk.place(clientId, { ...defaults, transmit: true, ...fields, orderId }, handling);
    return orderId;
  };
  const order = (orderId: number, clientId = 1): SimOrder => {
    const found = store.byOrderId(clientId, orderId);
    if (found === undefined) throw new Error(`no order ${orderId}; told: ${told.join(' · ')}`);
    return found;
  };
  return {
    clock,
    market,
    accounts,
    store,
    desk,
    events,
    told,
    place,
    order,
    /** Forgets what was told so far. */
    hush: () => {
      told.length = 0;
      events.length = 0;
    },
    /** Lets seconds pass, with fresh displayed sizes. */
    pass: (seconds = 1) => {
      clock.advance(seconds * 1000);
      market.refresh();
      desk.evaluateAll();
    },
    /** A print now. */
    print: (i: Instrument, price: number, size: number) => {
      clock.advance(10);
      market.tape.push({
        conId: i.conId,
        at: clock.now(),
        price: micros(price),
        size: size * UNIT,
      });
      desk.evaluateAll();
    },
    /** `[status, filled units, average price]` of an order. */
    state: (orderId: number, clientId = 1) => {
      const { status, filled, priced } = order(orderId, clientId);
      return [status, filled / UNIT, filled === 0 ? 0 : priced / filled];
    },
    errors: () => events.flatMap((e) => ('code' in e ? [e.code] : [])),
  };
}

function describe(event: DeskEvent): string {
  switch (event.type) {
    case 'openOrder':
    case 'orderStatus':
      return `${event.type} ${event.order.orderId} ${event.order.status}`;
    case 'execution': {
      const { shares, conId } = event.execution;
      return `execution ${event.order.orderId} ${conId} ${shares / UNIT}`;
    }
    case 'commission':
      return `commission ${event.order.orderId} ${event.execution.conId}`;
    case 'orderMessage':
      return `${event.code} ${event.order.orderId}`;
    case 'refused':
      return `refused ${event.code} ${event.orderId}`;
    case 'whatIf':
    case 'holdingsChanged':
      return event.type;
  }
}
