import { hash } from 'node:crypto';
import type { AuditColumns, AuditEvent } from '../domain/audit/event.ts';
import type { Checkpoint } from './checkpoint.ts';

/**
 * The verifier of the audit chain. It shares no code with the writer: it reads events, from a database or from an
 * export, and recomputes. A chain without a checkpoint cannot show that its tail was cut or that all of it was
 * written anew; signatures of checkpoints are checked where they are read (checkpoint.ts).
 */
export type AuditProblem = {
  /** Of the event where it shows. */
  readonly seq: number;
  readonly kind:
    /** The content is not what was hashed. */
    | 'edited'
    /** It does not follow from the event before it. */
    | 'broken-link'
    /** Events are missing before this one. */
    | 'gap'
    /** The number was there before: a fork, an insertion or a swap. */
    | 'out-of-order'
    /** It is earlier than the one before. */
    | 'time-runs-back'
    /** The columns or the form are not those of the body. */
    | 'body-mismatch'
    /** The chain is not the one that was signed. */
    | 'checkpoint-mismatch'
    /** It ends before an event that was signed. */
    | 'cut-tail';
  readonly message: string;
};

export type AuditReport = {
  readonly ok: boolean;
  readonly events: number;
  /** The last event read; null for an empty chain. */
  readonly head: { readonly seq: number; readonly hash: string } | null;
  /** How many of the given checkpoints the chain confirmed. */
  readonly confirmed: number;
  /** The first hundred. */
  readonly problems: readonly AuditProblem[];
};

const firstPreviousHash = '0'.repeat(64);
const mostProblems = 100;
const instantForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Reads a whole chain from its first event. Never throws because of what an event holds. */
export async function verifyChain(
  events: AsyncIterable<AuditEvent>,
  checkpoints: readonly Checkpoint[],
): Promise<AuditReport> {
  const problems: AuditProblem[] = [];
  const report = (seq: number, kind: AuditProblem['kind'], message: string): void => {
    if (problems.length < mostProblems) problems.push({ seq, kind, message });
  };
  const signed = new Map<number, string[]>();
  for (const { seq, hash: hashed } of checkpoints)
    signed.set(seq, [...(signed.get(seq) ?? []), hashed]);
  let count = 0;
  let confirmed = 0;
  let last: AuditEvent | null = null;
  for await (const event of events) {
    count += 1;
    checkEvent(event, report);
    checkLink(last, event, report);
    for (const hashed of signed.get(event.seq) ?? []) {
      if (hashed === event.hash) confirmed += 1;
      else report(event.seq, 'checkpoint-mismatch', 'the signed hash of this event is another one');
    }
    signed.delete(event.seq);
    last = event;
  }
  for (const seq of signed.keys()) {
    report(
      seq,
      'cut-tail',
      `this event was signed and is not in the chain, which ends at ${last?.seq ?? 0}`,
    );
  }
  const head = last === null ? null : { seq: last.seq, hash: last.hash };
  return { ok: problems.length === 0, events: count, head, confirmed, problems };
}

type Report = (seq: number, kind: AuditProblem['kind'], message: string) => void;

/** The event by itself: its hash, its form, and the copies of the body's fields. */
function checkEvent(event: AuditEvent, report: Report): void {
  const { seq, at, body, previousHash, columns } = event;
  const text = `${previousHash}\n${seq}\n${at}\n${body}`;
  if (hash('sha256', text, 'hex') !== event.hash)
    report(seq, 'edited', 'the hash is not the one of the content');
  if (!instantForm.test(at)) report(seq, 'body-mismatch', 'the time is not an instant');
  if (columns === undefined) return;
  const difference = differingColumn(body, columns);
  if (difference !== null)
    report(seq, 'body-mismatch', `the column ${difference} is not that of the body`);
}

function checkLink(last: AuditEvent | null, event: AuditEvent, report: Report): void {
  const { seq } = event;
  const lastSeq = last?.seq ?? 0;
  if (seq > lastSeq + 1) report(seq, 'gap', `events ${lastSeq + 1} to ${seq - 1} are missing`);
  if (seq <= lastSeq) report(seq, 'out-of-order', `it comes after event ${lastSeq}`);
  if (event.previousHash !== (last?.hash ?? firstPreviousHash))
    report(seq, 'broken-link', 'its previous hash is not the hash of the event before it');
  if (last !== null && event.at < last.at)
    report(seq, 'time-runs-back', 'it is earlier than the event before it');
}

type Body = {
  readonly type?: unknown;
  readonly correlationId?: unknown;
  readonly intentId?: unknown;
  readonly actor?: { readonly kind?: unknown; readonly id?: unknown; readonly channel?: unknown };
};

/** The name of a column that differs from the body, or null. A body that is no JSON differs in all. */
function differingColumn(body: string, columns: AuditColumns): string | null {
  let parsed: Body;
  try {
    parsed = JSON.parse(body) as Body;
  } catch {
    return 'body';
  }
  const expected: Readonly<Record<keyof AuditColumns, unknown>> = {
    type: parsed.type,
    correlationId: parsed.correlationId,
    intentId: parsed.intentId,
    actorKind: parsed.actor?.kind,
    actorId: parsed.actor?.id,
    actorChannel: parsed.actor?.channel,
  };
  const names = Object.keys(expected) as (keyof AuditColumns)[];
  return names.find((name) => columns[name] !== expected[name]) ?? null;
}
