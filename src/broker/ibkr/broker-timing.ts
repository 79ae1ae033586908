import type { DailyBarsTiming } from './daily-bars.ts';
import type { HistoryTiming } from './history.ts';
import { defaultSessionTiming, type SessionTiming } from './session-timing.ts';

/** Every deadline and pace of the adapter in one place; tests make them small. */
export type BrokerTiming = SessionTiming & {
  /** How long `startIbkrBroker` and `reconnect` wait for a usable link before they return without one. */
  readonly startDeadlineMs: number;
  readonly readDeadlineMs: number;
  readonly quoteDeadlineMs: number;
  readonly snapshotDeadlineMs: number;
  readonly quoteSilentAfterMs: number;
  readonly snapshotStaleAfterMs: number;
  readonly snapshotKeepMs: number;
  readonly marketDataLines: number;
  readonly pnlDeadlineMs: number;
  readonly whatIfDeadlineMs: number;
  readonly evidenceDeadlineMs: number;
  readonly detailsKeepMs: number;
  readonly searchEveryMs: number;
  /** Open orders of other clients show in snapshots only: this is how often one is taken, and how old one may be. */
  readonly bookEveryMs: number;
  readonly bookMaxAgeMs: number;
  /** How often completed orders and executions are asked for, for orders that we do not hear of otherwise. */
  readonly endedEveryMs: number;
  readonly commissionWaitMs: number;
  readonly history: HistoryTiming;
  readonly dailyBars: DailyBarsTiming;
  /** How long the facts of an order wait for daily bars and for what is known of other instruments. */
  readonly factWaitMs: number;
  /** How old a price or delta of something held may be that has no price in the account's stream. */
  readonly lookKeepMs: number;
  /** How long a question about something held is not asked again after it failed. */
  readonly lookRetryMs: number;
  /** How often what facts need of held and working instruments is fetched in advance, a few instruments at a time. */
  readonly warmEveryMs: number;
  readonly messagesPerSecond: number;
  /**
   * Of them, how many reads leave to writes. Two bursts of reads a second apart, the first of them read late by TWS, must
   * stay below 50 together: so reads get at most 24.
   */
  readonly writeReserve: number;
  /** How long the link must have been ready before an order is modified, and when it is then looked at. */
  readonly modifyAfterReadyMs: number;
  readonly modifyProofAfterMs: number;
  /** The longest wait for a place in the pacing before an order is held back instead. */
  readonly turnWithinMs: number;
};

export const defaultBrokerTiming: BrokerTiming = {
  ...defaultSessionTiming,
  startDeadlineMs: 3_000,
  readDeadlineMs: 5_000,
  quoteDeadlineMs: 3_000,
  snapshotDeadlineMs: 12_000,
  quoteSilentAfterMs: 5_000,
  snapshotStaleAfterMs: 15_000,
  snapshotKeepMs: 60_000,
  marketDataLines: 80,
  pnlDeadlineMs: 1_000,
  whatIfDeadlineMs: 3_000,
  evidenceDeadlineMs: 5_000,
  detailsKeepMs: 4 * 3_600_000,
  searchEveryMs: 1_000,
  bookEveryMs: 2_000,
  bookMaxAgeMs: 3_000,
  endedEveryMs: 60_000,
  commissionWaitMs: 500,
  // One below what IBKR names (60 in ten minutes, six in two seconds), so that a clock apart does not break the pace.
  history: {
    windowMs: 600_000,
    mostInWindow: 58,
    burstMs: 2_000,
    mostInBurst: 5,
    pageDeadlineMs: 20_000,
    deadlineMs: 45_000,
    keepMs: 300_000,
    sameQuestionMs: 15_000,
    pacedMs: 12_000,
  },
  dailyBars: { retryMs: 30_000, reserve: 20 },
  factWaitMs: 3_000,
  lookKeepMs: 60_000,
  lookRetryMs: 30_000,
  warmEveryMs: 3_000,
  messagesPerSecond: 40,
  writeReserve: 16,
  modifyAfterReadyMs: 30_000,
  modifyProofAfterMs: 1_000,
  turnWithinMs: 4_000,
};
