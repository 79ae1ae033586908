import type { AuditEvent, AuditEventType, NewAuditEvent } from '../../domain/audit/event.ts';

export type AuditFilter = {
  readonly intentId?: string;
  readonly correlationId?: string;
  readonly type?: AuditEventType;
  /** Exclusive lower bound. */
  readonly afterSeq?: number;
  readonly limit: number;
};

export type AuditLog = {
  /** Appends in a transaction of its own, for events that describe no change of the ledger. */
  readonly append: (events: readonly NewAuditEvent[]) => Promise<void>;
  /** Ascending by sequence. */
  readonly query: (filter: AuditFilter) => Promise<readonly AuditEvent[]>;
  /** Every event in order, in batches; for verification and export. */
  readonly stream: (afterSeq?: number) => AsyncIterable<AuditEvent>;
  readonly head: () => Promise<{ readonly seq: number; readonly hash: string }>;
};
