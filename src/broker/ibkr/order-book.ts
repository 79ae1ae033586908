import type { AccountId } from '../../domain/ids.ts';
import { decimalText } from '../../domain/money/decimal.ts';
import type { WorkingOrder } from '../../domain/portfolio/portfolio.ts';
import type { Asking } from './ask.ts';
import { permIdOf } from './broker-events.ts';
import type { EndMarkerChannel } from './end-marker.ts';
import { fromWire, priceFromWire } from './numbers.ts';
import { workingOrderOf } from './order-rows.ts';
import { isFinished } from './order-status.ts';

type Entry = WorkingOrder & { readonly touched: number };

/**
 * Every live order of the accounts, ours and foreign. Our own orders are followed by their events; orders of other
 * clients show in snapshots only. A snapshot counts when its end marker has come, and it removes what it did not
 * list unless news of the order came meanwhile. Orders without a permId are told apart by client and order id.
 */
export class OrderBook {
  readonly #asking: Asking;
  readonly #channel: EndMarkerChannel;
  readonly #deadlineMs: number;
  readonly #entries = new Map<string, Entry>();
  /** Rises with every piece of news. */
  #news = 0;
  #snapshotAtMs: number | null = null;
  #queued: Promise<void> | null = null;

  constructor(asking: Asking, channel: EndMarkerChannel, deadlineMs: number) {
    this.#asking = asking;
    this.#channel = channel;
    this.#deadlineMs = deadlineMs;
    asking.session.listen({
      lost: () => {
        this.#entries.clear();
        this.#snapshotAtMs = null;
      },
      openOrder: (orderId, contract, order, state) => {
        if (order.whatIf === true) return;
        const known = this.#find(permIdOf(order.permId), order.clientId ?? -1, orderId);
        // openOrder does not say how much is filled; the status that follows it does.
        const filled = known?.filled ?? decimalText('0');
        const average = known?.averagePrice ?? null;
        this.#put(workingOrderOf(orderId, contract, order, state, filled, average));
      },
      orderStatus: (orderId, status, filled, remaining, average, perm, _p, _l, client) => {
        const permId = permIdOf(perm);
        const known = this.#find(permId, client ?? -1, orderId);
        if (known === undefined) {
          // A status for an order that the book does not have: only a snapshot can tell what it is.
          if (!isFinished(status)) this.#snapshotAtMs = null;
          return;
        }
        this.#put({
          ...known,
          permId: permId ?? known.permId,
          status,
          filled: fromWire(filled) ?? known.filled,
          remaining: fromWire(remaining) ?? known.remaining,
          averagePrice: priceFromWire(average) ?? known.averagePrice,
        });
      },
    });
  }

  /** From a snapshot taken after the call. */
  async read(account: AccountId): Promise<readonly WorkingOrder[]> {
    await this.refresh();
    return this.#of(account);
  }

  /** From the book when its last snapshot is at most `maxAgeMs` old, else as `read`. */
  async readWarm(
    account: AccountId,
    maxAgeMs: number,
  ): Promise<{ readonly orders: readonly WorkingOrder[]; readonly snapshotAgeMs: number }> {
    if (this.#ageMs() > maxAgeMs) await this.refresh();
    return { orders: this.#of(account), snapshotAgeMs: this.#ageMs() };
  }

  /** Takes a snapshot for the book. One that has not started yet serves every caller that came before its start. */
  refresh(): Promise<void> {
    if (this.#queued === null) {
      const snapshot = this.#snapshot(() => {
        if (this.#queued === snapshot) this.#queued = null;
      });
      this.#queued = snapshot;
    }
    return this.#queued;
  }

  #ageMs(): number {
    return this.#snapshotAtMs === null
      ? Number.POSITIVE_INFINITY
      : this.#asking.clock.monotonicMs() - this.#snapshotAtMs;
  }

  async #snapshot(onStart: () => void): Promise<void> {
    let since = 0;
    const asked = this.#channel({
      what: 'open orders',
      deadlineMs: this.#deadlineMs,
      send: (api) => {
        onStart();
        return api.reqAllOpenOrders();
      },
      endMarker: 'openOrderEnd',
      collect: () => {
        since = this.#news;
        return {
          listeners: {},
          result: () => {
            // The rows of the snapshot went through the listeners of the book and are newer than `since`.
            for (const [key, entry] of this.#entries) {
              if (entry.touched <= since) this.#entries.delete(key);
            }
            this.#snapshotAtMs = this.#asking.clock.monotonicMs();
          },
        };
      },
    });
    await asked.finally(onStart);
  }

  #of(account: AccountId): readonly WorkingOrder[] {
    return [...this.#entries.values()]
      .filter((entry) => entry.account === account)
      .map(({ touched: _touched, ...order }) => order)
      .sort((a, b) => a.clientId - b.clientId || a.orderId - b.orderId);
  }

  #find(permId: string | null, clientId: number, orderId: number): Entry | undefined {
    const byPerm = permId === null ? undefined : this.#entries.get(permId);
    return byPerm ?? this.#entries.get(keyOf('', clientId, orderId));
  }

  #put(order: WorkingOrder): void {
    // The permId comes later than the order: the entry moves to it.
    this.#entries.delete(keyOf('', order.clientId, order.orderId));
    this.#news += 1;
    const key = keyOf(order.permId, order.clientId, order.orderId);
    if (isFinished(order.status)) this.#entries.delete(key);
    else this.#entries.set(key, { ...order, touched: this.#news });
  }
}

function keyOf(permId: string, clientId: number, orderId: number): string {
  return permId === '' ? `${clientId}/${orderId}` : permId;
}
