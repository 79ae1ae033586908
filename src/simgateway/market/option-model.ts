// The model behind option prices: which volatility an option has, and what it is worth at an instant.
import { blackScholes, log } from './black-scholes.ts';
import type { OptionInputs } from './black-scholes.ts';
import { calendarOf } from './calendars.ts';
import { OPTIONS } from './contract-book.ts';
import { expiryDay } from './futures.ts';
import type { Instrument } from './instrument.ts';
import { DAY_MS } from './new-york-time.ts';

/** Interest rate per year. */
const RATE = 0.042;
const YEAR_MS = 365 * DAY_MS;
const SKEW = -0.45;
const SMILE = 1.1;

const ends = new Map<string, number>();
/** Ends kept; there are few expiries, but a hostile client may name many. */
const KEPT = 5000;

/** When an option or future stops trading, UTC milliseconds. */
function endOf(i: Instrument): number {
  const key = `${i.calendar} ${i.expiry ?? ''}`;
  let end = ends.get(key);
  if (end === undefined) {
    const day = expiryDay(i.expiry ?? '');
    end = calendarOf(i.calendar).on(day)?.end ?? day * DAY_MS;
    if (ends.size > KEPT) ends.clear();
    ends.set(key, end);
  }
  return end;
}

/** Years until an option or future stops trading; 0 once it has. */
export const yearsLeft = (i: Instrument, instant: number): number =>
  Math.max(0, (endOf(i) - instant) / YEAR_MS);

/** Skewed: downside strikes carry more volatility than upside ones, far ones more than near ones. */
function modelVol(base: number, spot: number, strike: number): number {
  const away = log(strike / spot);
  return base * Math.min(2.5, Math.max(0.6, 1 + SKEW * away + SMILE * away * away));
}

/** What an option is priced from at an instant, given its underlying's price in micros. */
export function optionInputs(i: Instrument, spot: number, instant: number): OptionInputs {
  const base = OPTIONS.classOf(i.underConId ?? 0)?.impliedVol ?? 0.3;
  const strike = i.strike ?? 1;
  return {
    right: i.right ?? 'C',
    spot,
    strike,
    years: yearsLeft(i, instant),
    vol: modelVol(base, spot, strike),
    rate: RATE,
  };
}

/** Model price in micros. */
export const optionLevel = (i: Instrument, spot: number, instant: number): number =>
  blackScholes(optionInputs(i, spot, instant)).price;
