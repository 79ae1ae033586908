import { defaultBackoff, type BackoffTiming } from './backoff.ts';

export type SessionTiming = BackoffTiming & {
  /** From the connection attempt to ready. */
  readonly readyDeadlineMs: number;
  readonly pingEveryMs: number;
  /** No answer to a ping for so long = the socket is half-open, the session is destroyed. */
  readonly pingDeadlineMs: number;
  /**
   * A connection that is lost while TWS itself is cut off (1100, 2110) comes back as cut off, until TWS says
   * otherwise (1101, 1102, or a farm that is up) or has said nothing to the contrary for so long.
   */
  readonly brokenForMs: number;
};

export const defaultSessionTiming: SessionTiming = {
  ...defaultBackoff,
  readyDeadlineMs: 10_000,
  pingEveryMs: 5_000,
  pingDeadlineMs: 4_000,
  brokenForMs: 30_000,
};
