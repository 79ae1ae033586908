import { epochMs, type Instant } from './instant.ts';
import { usEquityZone } from './us-equity-days.ts';
import { localTime, zonedEpochMs, type DayText } from './zoned.ts';

/** A day of the market: from midnight to midnight in New York, the day by which IBKR counts its daily profit. */
export type TradingDay = {
  readonly day: DayText;
  /** The Monday of its week. */
  readonly week: DayText;
  /** How long the day has lasted, in milliseconds. */
  readonly ageMs: number;
};

const dayMs = 86_400_000;

/** The trading day at a moment of the market's clock. */
export function tradingDayAt(marketTime: Instant): TradingDay {
  const atMs = epochMs(marketTime);
  const { day } = localTime(atMs, usEquityZone);
  return { day, week: mondayOf(day), ageMs: atMs - zonedEpochMs(day, 0, usEquityZone) };
}

function mondayOf(day: DayText): DayText {
  const atMs = Date.UTC(
    Number(day.slice(0, 4)),
    Number(day.slice(4, 6)) - 1,
    Number(day.slice(6, 8)),
  );
  const daysSince = (new Date(atMs).getUTCDay() + 6) % 7;
  const monday = new Date(atMs - daysSince * dayMs).toISOString();
  return monday.slice(0, 10).replaceAll('-', '') as DayText;
}
