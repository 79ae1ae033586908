/** How long to wait between connection attempts. */
export type BackoffTiming = {
  readonly firstMs: number;
  readonly longestMs: number;
  /** While another connection holds our client id (326): wait, never take another id. */
  readonly clientIdBusyMs: number;
  /** This many failures in a row open the breaker: the link is announced as down and only `longestMs` is used. */
  readonly breakerAfter: number;
  /** A session that lived this long counts as a success. */
  readonly stableMs: number;
};

export const defaultBackoff: BackoffTiming = {
  firstMs: 250,
  longestMs: 30_000,
  clientIdBusyMs: 10_000,
  breakerAfter: 5,
  stableMs: 10_000,
};

/** Whether so many failures in a row open the breaker. */
export function isBreakerOpen(timing: BackoffTiming, failures: number): boolean {
  return failures >= timing.breakerAfter;
}

/** Milliseconds to wait after the `failures`-th failure in a row (1, 2, …); `random` is 0..1 and spreads it over 50–100 %. */
export function backoffMs(timing: BackoffTiming, failures: number, random: number): number {
  const grown = timing.firstMs * 2 ** Math.min(Math.max(failures - 1, 0), 20);
  const full = isBreakerOpen(timing, failures) ? timing.longestMs : grown;
  return Math.round(Math.min(full, timing.longestMs) * (0.5 + random / 2));
}
