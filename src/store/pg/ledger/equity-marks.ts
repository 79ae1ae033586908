import type { AccountId } from '../../../domain/ids.ts';
import type { Money } from '../../../domain/money/money.ts';
import { marksAfter, type MarkedEquity } from '../../../domain/portfolio/equity-marks.ts';
import type { EquityMarks } from '../../../domain/risk/facts.ts';
import type { Instant } from '../../../domain/time/instant.ts';
import { tradingDayAt } from '../../../domain/time/trading-day.ts';
import type { Database, Session } from '../connection.ts';
import { sql } from '../statement.ts';
import { transaction } from '../transaction.ts';

/** The marks of each account's equity, one row each. */

const columns = `currency, highest, week_start AS "weekStart", day_start AS "dayStart", last, week, day`;
const lockMarks = sql<MarkedEquity>(
  `SELECT ${columns} FROM equity_marks WHERE account = $1 FOR UPDATE`,
);
const putMarks = sql(`
  INSERT INTO equity_marks (account, currency, highest, week_start, day_start, last, week, day)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
  ON CONFLICT (account) DO UPDATE SET currency = excluded.currency, highest = excluded.highest,
    week_start = excluded.week_start, day_start = excluded.day_start, last = excluded.last,
    week = excluded.week, day = excluded.day, seen_at = clock_timestamp()`);
const restart = sql<MarkedEquity>(`
  UPDATE equity_marks SET highest = last, week_start = last, day_start = last
  WHERE account = $1 RETURNING ${columns}`);

/** Takes note of a value and returns the marks with it. */
export function observeEquity(
  database: Database,
  account: AccountId,
  netLiquidation: Money,
  marketTime: Instant,
): Promise<EquityMarks> {
  return transaction(database, async (session) => {
    const [before] = await session.rows(lockMarks, [account]);
    const marks = marksAfter(before ?? null, netLiquidation, tradingDayAt(marketTime));
    const { currency, highest, weekStart, dayStart, last, week, day } = marks;
    await session.rows(putMarks, [
      ...[account, currency, highest, weekStart, dayStart],
      ...[last, week, day],
    ]);
    return { highest, weekStart, dayStart };
  });
}

/** Lets the marks of an account begin anew at its last value; null = it has none. */
export async function restartMarks(
  session: Session,
  account: AccountId,
): Promise<MarkedEquity | null> {
  return (await session.rows(restart, [account]))[0] ?? null;
}
