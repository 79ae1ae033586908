/**
 * A moment in UTC as ISO 8601 text with milliseconds, e.g. `2026-11-24T14:30:00.000Z`. Always this one
 * form, so instants compare and sort as text.
 */
export type Instant = string & { readonly __brand: 'Instant' };

/** The instant of milliseconds since 1970-01-01T00:00:00Z. */
export function instantFromEpochMs(epochMs: number): Instant {
  return new Date(epochMs).toISOString() as Instant;
}

// The last text that was read: a gate evaluation reads the same few moments over and over.
let lastRead = '';
let lastMs = NaN;

/** Milliseconds since 1970-01-01T00:00:00Z. */
export function epochMs(instant: Instant): number {
  if (instant !== lastRead) {
    lastMs = Date.parse(instant);
    lastRead = instant;
  }
  return lastMs;
}

/** `later - earlier` in milliseconds. */
export function elapsedMs(earlier: Instant, later: Instant): number {
  return epochMs(later) - epochMs(earlier);
}
