/**
 * A moment in UTC as ISO 8601 text with milliseconds, e.g. `2026-11-24T14:30:00.000Z`. Always this one
 * form, so instants compare and sort as text.
 */
export type Instant = string & { readonly __brand: 'Instant' };

/** The instant of milliseconds since 1970-01-01T00:00:00Z. */
export function instantFromEpochMs(epochMs: number): Instant {
  return new Date(epochMs).toISOString() as Instant;
}

/** Milliseconds since 1970-01-01T00:00:00Z. */
export function epochMs(instant: Instant): number {
  return Date.parse(instant);
}

/** Reads any ISO 8601 text with a zone. Throws `RangeError` on anything else. */
export function parseInstant(text: string): Instant {
  const ms = Date.parse(text);
  if (Number.isNaN(ms) || !/(?:Z|[+-]\d\d:\d\d)$/.test(text)) {
    throw new RangeError('not an ISO 8601 instant with a zone');
  }
  return instantFromEpochMs(ms);
}

/** `later - earlier` in milliseconds. */
export function elapsedMs(earlier: Instant, later: Instant): number {
  return epochMs(later) - epochMs(earlier);
}
