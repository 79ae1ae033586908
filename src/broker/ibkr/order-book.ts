import { OrderAction, type Contract, type Order, type OrderState } from '@stoqey/ib';
import type { AccountId, ConId } from '../../domain/ids.ts';
import { dec, decimalText, type DecimalText } from '../../domain/money/decimal.ts';
import type { WorkingOrder } from '../../domain/portfolio/portfolio.ts';
import type { Asking } from './ask.ts';
import { permIdOf } from './broker-events.ts';
import type { EndMarkerChannel } from './end-marker.ts';
import { fromWire, priceFromWire } from './numbers.ts';

/**
 * Every live order of the accounts, ours and foreign. Our own orders are followed by their events; orders of other
 * clients show in snapshots only. A snapshot counts when its end marker has come, and it removes what it did not
 * list unless news of the order came meanwhile. Orders without a permId are told apart by client and order id.
 */
export type OrderBook = {
  /** From a snapshot taken after the call. */
  readonly read: (account: AccountId) => Promise<readonly WorkingOrder[]>;
  /** From the book when its last snapshot is at most `maxAgeMs` old, else as `read`. */
  readonly readWarm: (
    account: AccountId,
    maxAgeMs: number,
  ) => Promise<{ readonly orders: readonly WorkingOrder[]; readonly snapshotAgeMs: number }>;
  /** Takes a snapshot for the book. */
  readonly refresh: () => Promise<void>;
};

type Entry = WorkingOrder & { readonly touched: number };

const finished: ReadonlySet<string> = new Set(['Filled', 'Cancelled', 'ApiCancelled']);

export function createOrderBook(
  asking: Asking,
  channel: EndMarkerChannel,
  deadlineMs: number,
): OrderBook {
  const { session, clock } = asking;
  const entries = new Map<string, Entry>();
  let counter = 0;
  let snapshotAtMs: number | null = null;
  let queued: Promise<void> | null = null;

  session.listen({
    lost: () => {
      entries.clear();
      snapshotAtMs = null;
    },
    openOrder: (orderId, contract, order, state) => {
      if (order.whatIf === true) return;
      const known = find(entries, permIdOf(order.permId), order.clientId ?? -1, orderId);
      // openOrder does not say how much is filled; the status that follows it does.
      const filled = known?.filled ?? decimalText('0');
      put(entries, workingOrderOf(orderId, contract, order, state, filled), ++counter);
    },
    orderStatus: (orderId, status, filled, remaining, _average, perm, _p, _l, client) => {
      const entry = find(entries, permIdOf(perm), client ?? -1, orderId);
      // A status for an order that the book does not have: only a snapshot can tell what it is.
      if (entry === undefined) {
        if (!finished.has(status)) snapshotAtMs = null;
        return;
      }
      put(
        entries,
        {
          ...entry,
          permId: permIdOf(perm) ?? entry.permId,
          status,
          filled: fromWire(filled) ?? entry.filled,
          remaining: fromWire(remaining) ?? entry.remaining,
        },
        ++counter,
      );
    },
  });

  const snapshot = async (): Promise<void> => {
    let since = 0;
    await channel({
      what: 'open orders',
      deadlineMs,
      send: (api) => api.reqAllOpenOrders(),
      endMarker: 'openOrderEnd',
      collect: () => {
        since = counter;
        return {
          listeners: {},
          result: () => {
            // The rows of the snapshot went through the listeners above and are newer than `since`.
            for (const [key, entry] of entries) if (entry.touched <= since) entries.delete(key);
            snapshotAtMs = clock.monotonicMs();
          },
        };
      },
    });
  };
  const refresh = (): Promise<void> => {
    // One that has not started serves every caller that comes before it starts.
    queued ??= Promise.resolve().then(() => {
      queued = null;
      return snapshot();
    });
    return queued;
  };
  const of = (account: AccountId): readonly WorkingOrder[] =>
    [...entries.values()]
      .filter((entry) => entry.account === account)
      .map(({ touched: _touched, ...order }) => order)
      .sort((a, b) => a.clientId - b.clientId || a.orderId - b.orderId);
  return {
    refresh,
    read: async (account) => {
      await refresh();
      return of(account);
    },
    readWarm: async (account, maxAgeMs) => {
      const isWarm = snapshotAtMs !== null && clock.monotonicMs() - snapshotAtMs <= maxAgeMs;
      if (!isWarm) await refresh();
      return {
        orders: of(account),
        snapshotAgeMs: clock.monotonicMs() - (snapshotAtMs ?? clock.monotonicMs()),
      };
    },
  };
}

function keyOf(permId: string, clientId: number, orderId: number): string {
  return permId === '' ? `${clientId}/${orderId}` : permId;
}

function find(
  entries: ReadonlyMap<string, Entry>,
  permId: string | null,
  clientId: number,
  orderId: number,
): Entry | undefined {
  const byPerm = permId === null ? undefined : entries.get(permId);
  return byPerm ?? entries.get(keyOf('', clientId, orderId));
}

function put(entries: Map<string, Entry>, order: WorkingOrder, touched: number): void {
  // The permId comes later than the order: the entry moves to it.
  entries.delete(keyOf('', order.clientId, order.orderId));
  const key = keyOf(order.permId, order.clientId, order.orderId);
  if (finished.has(order.status)) entries.delete(key);
  else entries.set(key, { ...order, touched });
}

function workingOrderOf(
  orderId: number,
  contract: Contract,
  order: Order,
  state: OrderState,
  filled: DecimalText,
): WorkingOrder {
  const quantity = fromWire(order.totalQuantity) ?? decimalText('0');
  return {
    permId: permIdOf(order.permId) ?? '',
    orderId,
    clientId: order.clientId ?? -1,
    orderRef: order.orderRef ?? '',
    account: (order.account ?? '') as AccountId,
    conId: (contract.conId ?? 0) as ConId,
    symbol: contract.symbol ?? '',
    side: order.action === OrderAction.BUY ? 'BUY' : 'SELL',
    orderType: order.orderType,
    tif: order.tif ?? 'DAY',
    quantity,
    filled,
    remaining: minus(quantity, filled),
    limitPrice: order.orderType.includes('LMT') ? priceFromWire(order.lmtPrice) : null,
    status: state.status,
  };
}

function minus(a: DecimalText, b: DecimalText): DecimalText {
  return decimalText(dec(a).minus(dec(b)));
}
