import { createReadStream } from 'node:fs';
import type { AuditEvent } from '../domain/audit/event.ts';

/**
 * The chain as JSON lines, one event per line with exactly the fields of `AuditEvent` that are hashed, so that
 * anyone can verify it without our database.
 */
export async function* exportLines(events: AsyncIterable<AuditEvent>): AsyncIterable<string> {
  for await (const { seq, at, body, previousHash, hash } of events)
    yield `${JSON.stringify({ seq, at, body, previousHash, hash })}\n`;
}

/** Reads an export. Throws `RangeError` with the line's number where a line is no event. */
export async function* importFile(file: string): AsyncIterable<AuditEvent> {
  let number = 0;
  for await (const line of linesOf(file)) {
    number += 1;
    if (line !== '') yield parseEvent(line, number);
  }
}

/** Lines end at \n alone: JSON text may hold other line separators (U+2028), which readline would split at. */
async function* linesOf(file: string): AsyncIterable<string> {
  let rest = '';
  for await (const chunk of createReadStream(file, 'utf8') as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  yield rest;
}

function parseEvent(line: string, number: number): AuditEvent {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch (failure) {
    throw new RangeError(`line ${number} is not JSON`, { cause: failure });
  }
  if (!isEvent(parsed)) throw new RangeError(`line ${number} is not an audit event`);
  return parsed;
}

function isEvent(value: unknown): value is AuditEvent {
  if (typeof value !== 'object' || value === null) return false;
  const { seq, at, body, previousHash, hash } = value as Record<string, unknown>;
  return (
    Number.isSafeInteger(seq) && [at, body, previousHash, hash].every((x) => typeof x === 'string')
  );
}
