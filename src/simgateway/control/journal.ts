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
  direction: 'in' | 'out' | 'fault' | 'connection';
  message: string;
  fields: Values;
};
type JournalQuery = {
  since?: number;
  message?: string;
  direction?: string;
  clientId?: number;
  orderRef?: string;
  limit?: number;
};

const KEPT = 100_000;

/** The journal of one gateway. */
export class Journal {
  private entries: JournalEntry[] = [];
  private nextSeq = 1;
  private readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
  }

  add(
    direction: JournalEntry['direction'],
    clientId: number,
    message: string,
    fields: Values,
  ): void {
    const seq = this.nextSeq;
    const wallMs = Date.now();
    this.entries.push({ seq, at: this.now(), wallMs, clientId, direction, message, fields });
    this.nextSeq += 1;
    if (this.entries.length > 2 * KEPT) this.entries = this.entries.slice(-KEPT);
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
      if (e.seq <= (q.since ?? 0)) continue;
      if (q.message !== undefined && e.message !== q.message) continue;
      if (q.direction !== undefined && e.direction !== q.direction) continue;
      if (q.clientId !== undefined && e.clientId !== q.clientId) continue;
      if (q.orderRef !== undefined && e.fields.orderRef !== q.orderRef) continue;
      found.push(e);
    }
    return found;
  }
}
