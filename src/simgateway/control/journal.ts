// The record of everything that crossed the wire, by message name and field name, and of every fault
// that fired. It keeps the newest entries; the counts of placeOrder frames live in the order store.
import type { Values } from '../wire/field-table.ts';

type JournalEntry = {
  seq: number;
  /** Exchange time, UTC milliseconds. */
  at: number;
  /** The machine's own time, UTC milliseconds: comparable with other processes, whatever the exchange's clock says. */
  wallMs: number;
  clientId: number;
  /** `unread`: a frame that a fault kept from ever being read. */
  direction: 'in' | 'out' | 'fault' | 'connection' | 'unread';
  message: string;
  fields: Values;
  /** Size of the frame on the wire with its length; absent where there was no frame. */
  bytes?: number;
};
/** Which entries are wanted; everything that is given must hold. */
export type JournalQuery = {
  since?: number;
  /** The last `seq` wanted. */
  until?: number;
  message?: string;
  direction?: string;
  clientId?: number;
  orderRef?: string;
  orderId?: number;
  permId?: number;
  limit?: number;
};

/** How often a message crossed the wire since the start, and its bytes in all. */
type MessageCount = {
  direction: JournalEntry['direction'];
  message: string;
  count: number;
  bytes: number;
};

const KEPT = 100_000;
/** Bytes of frames above which less is kept: their fields are what the entries hold. */
const MAX_BYTES = 256 * 1024 * 1024;

function isWanted(e: JournalEntry, q: JournalQuery): boolean {
  const is = (wanted: unknown, value: unknown) => wanted === undefined || wanted === value;
  return (
    e.seq > (q.since ?? 0) &&
    e.seq <= (q.until ?? Number.POSITIVE_INFINITY) &&
    is(q.message, e.message) &&
    is(q.direction, e.direction) &&
    is(q.clientId, e.clientId) &&
    is(q.orderRef, e.fields.orderRef) &&
    // An error about an order carries its id under the name `id`.
    is(q.orderId, e.message === 'error' ? e.fields.id : e.fields.orderId) &&
    is(q.permId, e.fields.permId)
  );
}

/** The journal of one gateway. */
export class Journal {
  private entries: JournalEntry[] = [];
  private nextSeq = 1;
  /** Bytes of the frames that the entries are about. */
  private held = 0;
  private readonly counters = new Map<string, MessageCount>();
  private waiting: { message: string; left: number; action: () => void }[] = [];
  private readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
  }

  add(
    direction: JournalEntry['direction'],
    clientId: number,
    message: string,
    fields: Values,
    bytes?: number,
  ): void {
    const seq = this.nextSeq;
    const wallMs = Date.now();
    const entry = { seq, at: this.now(), wallMs, clientId, direction, message, fields };
    this.entries.push(bytes === undefined ? entry : { ...entry, bytes });
    this.count(direction, message, bytes ?? 0);
    if (direction === 'in' && this.waiting.length > 0) this.wake(message);
    this.nextSeq += 1;
    this.held += bytes ?? 0;
    if (this.entries.length > 2 * KEPT || this.held > MAX_BYTES) this.forget();
  }

  /** Forgets the older half, and more where that leaves more than is kept. */
  private forget(): void {
    this.entries = this.entries.slice(-Math.min(KEPT, Math.ceil(this.entries.length / 2)));
    this.held = this.entries.reduce((sum, e) => sum + (e.bytes ?? 0), 0);
  }

  /** Sequence number of the newest entry, 0 when empty. */
  lastSeq(): number {
    return this.nextSeq - 1;
  }

  /** Entries after `since`, oldest first, at most `limit` (1000). */
  query(q: JournalQuery): JournalEntry[] {
    const limit = q.limit ?? 1000;
    const found: JournalEntry[] = [];
    for (const e of this.entries) {
      if (found.length >= limit) break;
      if (isWanted(e, q)) found.push(e);
    }
    return found;
  }

  /** Runs `action` once, when the `nth` received message of this name from now on is journaled. */
  onMessage(message: string, nth: number, action: () => void): void {
    this.waiting.push({ message, left: nth, action });
  }

  /** Every message that crossed the wire and every fault that fired, by name. */
  counts(): MessageCount[] {
    return [...this.counters.values()];
  }

  private wake(message: string): void {
    for (const waiter of this.waiting) if (waiter.message === message) waiter.left -= 1;
    const due = this.waiting.filter((waiter) => waiter.left === 0);
    if (due.length === 0) return;
    this.waiting = this.waiting.filter((waiter) => waiter.left > 0);
    for (const { action } of due) action();
  }

  private count(direction: JournalEntry['direction'], message: string, bytes: number): void {
    const key = `${direction} ${message}`;
    const known = this.counters.get(key);
    if (known === undefined) {
      this.counters.set(key, { direction, message, count: 1, bytes });
    } else {
      known.count += 1;
      known.bytes += bytes;
    }
  }
}
