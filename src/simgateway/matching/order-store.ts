// Every order and execution ever accepted, with the indexes that keep each look-up O(1): by permId, by
// (client, order id), live ones by instrument, children by parent. It also owns the ids: permIds are
// global, order ids per client.
import { bookOf, isLive } from './order.ts';
import type { Execution, SimOrder } from './order.ts';

type FrameCount = { total: number; whatIf: number };

const FIRST_PERM_ID = 1_480_000_001;
const NONE: ReadonlySet<SimOrder> = new Set();

/** Orders, executions, ids and frame counts of one gateway. */
export class OrderStore {
  readonly orders = new Map<number, SimOrder>();
  readonly executions: Execution[] = [];
  readonly live = new Set<SimOrder>();
  /** placeOrder frames received, by orderRef (empty text when none was sent). */
  readonly frames = new Map<string, FrameCount>();
  readonly nextIds = new Map<number, number>();
  private readonly byClient = new Map<string, SimOrder>();
  private readonly byAccount = new Map<string, Set<SimOrder>>();
  private readonly byInstrument = new Map<number, Set<SimOrder>>();
  private readonly byParent = new Map<number, SimOrder[]>();
  private readonly byGroup = new Map<string, SimOrder[]>();
  private nextPermId = FIRST_PERM_ID;
  private nextRank = 1;
  private lastBoundId = 0;

  /** A new permId, never used before. */
  takePermId(): number {
    const id = this.nextPermId;
    this.nextPermId += 1;
    return id;
  }

  /** A place behind everyone who came before. */
  takeRank(): number {
    const rank = this.nextRank;
    this.nextRank += 1;
    return rank;
  }

  /**
   * A new execution id; only the part after the last dot would change in a correction. Legs of one
   * combination share the number and count up from 1 in the part before.
   */
  takeExecId(leg = 0, number = this.executions.length + 1): string {
    const part = String(leg + 1).padStart(2, '0');
    return `0000e0d5.${number.toString(16).padStart(8, '0')}.${part}.01`;
  }

  add(order: SimOrder): void {
    this.orders.set(order.permId, order);
    this.file(order);
    this.nextPermId = Math.max(this.nextPermId, order.permId + 1);
    this.nextRank = Math.max(this.nextRank, order.working.rank + 1);
    if (order.parentPermId !== undefined) {
      push(this.byParent, order.parentPermId, order);
    }
    if (order.oca !== undefined)
      push(this.byGroup, groupKey(order.account, order.oca.group), order);
    this.settle(order);
  }

  /** Re-files an order after its status changed. */
  settle(order: SimOrder): void {
    if (isLive(order)) this.live.add(order);
    else this.live.delete(order);
    fileLive(this.byInstrument, bookOf(order), order);
    fileLive(this.byAccount, order.account, order);
  }

  /** Gives an order entered in TWS an order id of client 0: negative, as the gateway hands them out. */
  bind(order: SimOrder): void {
    this.lastBoundId = Math.min(this.lastBoundId, this.lowestBoundId()) - 1;
    order.orderId = this.lastBoundId;
    this.file(order);
  }

  /** Live orders of an instrument, in no order that matters. */
  liveIn(conId: number): ReadonlySet<SimOrder> {
    return this.byInstrument.get(conId) ?? NONE;
  }

  /** Live orders of an account, in the order they came. */
  liveOf(account: string): ReadonlySet<SimOrder> {
    return this.byAccount.get(account) ?? NONE;
  }

  /** Instruments that have live orders. */
  liveInstruments(): number[] {
    return [...this.byInstrument.keys()];
  }

  /** Children of an order, in the order they were placed. */
  childrenOf(permId: number): readonly SimOrder[] {
    return this.byParent.get(permId) ?? [];
  }

  /** Orders of an account's OCA group, finished ones too. */
  groupOf(account: string, group: string): readonly SimOrder[] {
    return this.byGroup.get(groupKey(account, group)) ?? [];
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

const groupKey = (account: string, group: string) => `${account}\n${group}`;

/** Puts a live order into an index, and takes one that has ended out of it. */
function fileLive<K>(index: Map<K, Set<SimOrder>>, key: K, order: SimOrder): void {
  const here = index.get(key);
  if (!isLive(order)) {
    if (here?.delete(order) === true && here.size === 0) index.delete(key);
  } else if (here === undefined) index.set(key, new Set([order]));
  else here.add(order);
}

function push<K>(map: Map<K, SimOrder[]>, key: K, order: SimOrder): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [order]);
  else list.push(order);
}
