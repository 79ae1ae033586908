import type { LinkState } from '../../domain/risk/facts.ts';
import {
  nextWindowChangeMs,
  windowEndMs,
  type DailyWindow,
} from '../../domain/time/daily-window.ts';
import { instantFromEpochMs, type Instant } from '../../domain/time/instant.ts';
import type { Clock } from './clock.ts';
import { notStarted, type SessionStatus } from './session-status.ts';

/**
 * The one link state of two sessions: `ready` only when orders can be sent and facts can be read, which includes
 * that what happened before was read and that the daily restart of TWS is not at hand.
 */
export type Link = {
  readonly state: () => LinkState;
  readonly report: (name: 'write' | 'read', status: SessionStatus) => void;
  /** For how long the state has been `ready`, in milliseconds of the monotonic clock; 0 while it is not. */
  readonly readyForMs: () => number;
  readonly close: () => void;
};

type Words = Pick<LinkState, 'state' | 'reason' | 'detail' | 'nextAttemptAt'>;

/** Windows are looked at again at least so often, since a wall clock can be set anew. */
const LOOK_AGAIN_MS = 60_000;

export function createLink(
  clock: Clock,
  restartWindow: DailyWindow | null,
  onLink: (state: LinkState) => void,
): Link {
  const sessions = { write: notStarted, read: notStarted };
  const now = (): Instant => instantFromEpochMs(clock.wallMs());
  const endMs = (): number | null =>
    restartWindow === null ? null : windowEndMs(restartWindow, clock.wallMs());
  let current: LinkState = { ...linkOf(sessions.write, sessions.read, endMs()), since: now() };
  let readySinceMs = 0;
  const evaluate = (): void => {
    const words = linkOf(sessions.write, sessions.read, endMs());
    const isSame =
      words.state === current.state &&
      words.reason === current.reason &&
      words.detail === current.detail;
    if (words.state === 'ready' && current.state !== 'ready') readySinceMs = clock.monotonicMs();
    // `since` is that of the state: a new reason for being down does not begin the outage anew.
    current = { ...words, since: words.state === current.state ? current.since : now() };
    if (!isSame) onLink(current);
  };
  let stop = (): void => undefined;
  const watch = (): void => {
    if (restartWindow === null) return;
    const wallMs = clock.wallMs();
    const untilChangeMs = nextWindowChangeMs(restartWindow, wallMs) - wallMs;
    stop = clock.after(Math.min(Math.max(untilChangeMs, 1), LOOK_AGAIN_MS), () => {
      evaluate();
      watch();
    });
  };
  watch();
  return {
    state: () => {
      // The window may have opened since the last look: an order that asks now must hear of it.
      if (restartWindow !== null) evaluate();
      return current;
    },
    report: (name, status) => {
      sessions[name] = status;
      evaluate();
    },
    readyForMs: () => (current.state === 'ready' ? clock.monotonicMs() - readySinceMs : 0),
    close: () => {
      stop();
    },
  };
}

/** Pure: worst of the two, the order session's words first. `windowEndMs` = the restart window is open until then. */
export function linkOf(
  write: SessionStatus,
  read: SessionStatus,
  windowEnd: number | null = null,
): Words {
  const named = [
    { name: 'order session', status: write },
    { name: 'read session', status: read },
  ];
  const say = (
    state: LinkState['state'],
    { name, status }: (typeof named)[number],
    isNamed = true,
  ): Words => ({
    state,
    reason: status.reason,
    detail: isNamed ? `${name}: ${status.detail}` : status.detail,
    nextAttemptAt: status.nextAttemptMs === null ? null : instantFromEpochMs(status.nextAttemptMs),
  });
  const down = named.find(({ status }) => status.isDown);
  if (down !== undefined) return say('down', down);
  const absent = named.find(({ status }) => status.phase !== 'ready');
  if (absent !== undefined) return say('connecting', absent);
  const broken = named.find(({ status }) => status.brokenBy !== null);
  if (broken !== undefined) return say('degraded', broken, false);
  const behind = named.find(({ status }) => !status.isCaughtUp);
  if (behind !== undefined) return say('connecting', behind);
  if (windowEnd !== null) return heldUntil(instantFromEpochMs(windowEnd));
  return { state: 'ready', reason: 'connected', detail: 'connected to TWS', nextAttemptAt: null };
}

function heldUntil(end: Instant): Words {
  return {
    state: 'degraded',
    reason: 'restart-window',
    detail: `new orders wait for the end of the daily restart window at ${end.slice(11, 16)} UTC`,
    nextAttemptAt: end,
  };
}
