// Every order and execution ever accepted, with the indexes that keep each look-up O(1): by permId, by
// (client, order id), by instrument. It also owns the ids: permIds are global, order ids per client.
import { isLive } from './order.ts';
import type { Execution, SimOrder } from './order.ts';

type FrameCount = { total: number; whatIf: number };

const FIRST_PERM_ID = 1_480_000_001;

/** Orders, executions, ids and frame counts of one gateway. */
export class OrderStore {
  readonly orders = new Map<number, SimOrder>();
  readonly executions: Execution[] = [];
  readonly live = new Set<SimOrder>();
  /** placeOrder frames received, by orderRef (empty text when none was sent). */
  readonly frames = new Map<string, FrameCount>();
  readonly nextIds = new Map<number, number>();
  private readonly byClient = new Map<string, SimOrder>();
  private nextPermId = FIRST_PERM_ID;
  private lastBoundId = 0;

  /** A new permId, never used before. */
  takePermId(): number {
    const id = this.nextPermId;
    this.nextPermId += 1;
    return id;
  }

  /** A new execution id; only the part after the last dot would change in a correction. */
  takeExecId(): string {
    const n = this.executions.length + 1;
    return `0000e0d5.${n.toString(16).padStart(8, '0')}.01.01`;
  }

  add(order: SimOrder): void {
    this.orders.set(order.permId, order);
    this.file(order);
    this.nextPermId = Math.max(this.nextPermId, order.permId + 1);
    this.settle(order);
  }

  /** Re-files an order after its status changed. */
  settle(order: SimOrder): void {
    if (isLive(order)) this.live.add(order);
    else this.live.delete(order);
  }

  /** Gives an order entered in TWS an order id of client 0: negative, as the gateway hands them out. */
  bind(order: SimOrder): void {
    this.lastBoundId = Math.min(this.lastBoundId, this.lowestBoundId()) - 1;
    order.orderId = this.lastBoundId;
    this.file(order);
  }

  byOrderId(clientId: number, orderId: number): SimOrder | undefined {
    return this.byClient.get(`${clientId}:${orderId}`);
  }

  /** The next order id this client may use; ids below it count as used. */
  nextId(clientId: number): number {
    return this.nextIds.get(clientId) ?? 1;
  }

  raiseNextId(clientId: number, usedId: number): void {
    if (usedId >= this.nextId(clientId)) this.nextIds.set(clientId, usedId + 1);
  }

  /** Counts one received placeOrder frame. */
  countFrame(orderRef: string, isWhatIf: boolean): void {
    const count = this.frames.get(orderRef) ?? { total: 0, whatIf: 0 };
    count.total += 1;
    if (isWhatIf) count.whatIf += 1;
    this.frames.set(orderRef, count);
  }

  private file(order: SimOrder): void {
    // Unbound orders share the id 0: no client can mean one of them by it.
    if (order.orderId !== 0) this.byClient.set(`${order.clientId}:${order.orderId}`, order);
  }

  private lowestBoundId(): number {
    let lowest = 0;
    for (const order of this.orders.values()) lowest = Math.min(lowest, order.orderId);
    return lowest;
  }
}
