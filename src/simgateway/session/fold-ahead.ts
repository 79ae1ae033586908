// A long span of daily, weekly or monthly bars folds thousands of trading days, which takes seconds the
// first time. They are folded in slices, so that other clients are served in between.
import { spanDays } from '../market/bars.ts';
import type { ClientSession } from './client-session.ts';
import type { Query } from './history-query.ts';

/** Trading days that are folded in one go: a year of them never waits. */
const DAYS_AT_ONCE = 260;
const DAYS_A_SLICE = 25;

/** Calls `then` at once for a short span, else when its days are folded and the client is still there. */
export function foldAhead(session: ClientSession, q: Query, then: () => void): void {
  const { tape } = session.sim.market;
  const days = q.size.unit === 'intraday' ? [] : spanDays(q.i, q.end, q.duration);
  if (days.length <= DAYS_AT_ONCE) {
    then();
    return;
  }
  const foldFrom = (at: number) => {
    if (!session.sim.sessions.has(session)) return;
    for (const day of days.slice(at, at + DAYS_A_SLICE)) {
      if (day.end <= q.end) tape.foldDay(q.i, day, q.show.kind, q.regularOnly);
    }
    if (at + DAYS_A_SLICE >= days.length) then();
    else setImmediate(foldFrom, at + DAYS_A_SLICE);
  };
  setImmediate(foldFrom, 0);
}
