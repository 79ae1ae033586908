import type { BarSizeSetting, Contract as IbContract, WhatToShow } from '@stoqey/ib';
import type { Bar } from '../../domain/instrument/bar.ts';
import { ask, unavailable, type Asking } from './ask.ts';
import { barTime } from './history-request.ts';
import { fromWire } from './numbers.ts';

/** One question for bars and its answer. Error 162 says several things, told apart by IBKR's own words. */

export type PageQuestion = {
  readonly contract: IbContract;
  /** `yyyymmdd-hh:mm:ss` in UTC; empty = now. */
  readonly end: string;
  readonly duration: string;
  readonly size: BarSizeSetting;
  readonly show: WhatToShow;
  readonly regularHours: boolean;
};

export type RawBar = Omit<Bar, 'isComplete'>;
export type Page = readonly RawBar[];

/** IBKR's pace was broken: the same question may be asked again later. */
export class PacedError extends Error {}

const HISTORICAL = 162;
/** Times of short bars as seconds since the epoch. */
const EPOCH_SECONDS = 2;

/** Empty = IBKR has no bars there. Throws `PacedError`, `BROKER_NO_ANSWER` or `BROKER_UNAVAILABLE`. */
export async function askPage(
  asking: Asking,
  deadlineMs: number,
  question: PageQuestion,
): Promise<Page> {
  const rows: RawBar[] = [];
  const { contract, end, duration, size, show, regularHours } = question;
  const outcome = await ask<'bars' | 'paced'>(asking, {
    what: 'historical bars',
    deadlineMs,
    send: (api, id) =>
      api.reqHistoricalData(
        id,
        contract,
        end,
        duration,
        size,
        show,
        regularHours ? 1 : 0,
        EPOCH_SECONDS,
        false,
      ),
    listen: (reply, id) => ({
      historicalData: (rowId, date, ...numbers) => {
        if (rowId !== id) return;
        if (date.startsWith('finished')) reply.resolve('bars');
        else rows.push(...barOf(date, numbers));
      },
      error: (error, code, errorId) => {
        if (errorId !== id || code !== HISTORICAL) return;
        if (/no data/i.test(error.message)) reply.resolve('bars');
        else if (/pacing/i.test(error.message)) reply.resolve('paced');
        else reply.reject(unavailable('IBKR refused the historical bars (162)'));
      },
    }),
  });
  if (outcome === 'paced') throw new PacedError('historical data was asked for too fast');
  return rows;
}

type Num = number | undefined;

/** None for a row that cannot be read: a bar is never made up. */
function barOf(date: string, numbers: readonly (Num | boolean)[]): RawBar[] {
  const [open, high, low, close, volume, trades, average] = numbers
    .slice(0, 7)
    .map((value) => fromWire(typeof value === 'number' ? value : undefined));
  const time = barTime(date);
  if (time === null || !open || !high || !low || !close) return [];
  // IBKR writes -1 (and 0 for the average) where the kind of price has no volume.
  const some = (value: typeof volume) => (value?.startsWith('-') === true ? null : (value ?? null));
  const count = some(trades);
  return [
    {
      time,
      open,
      high,
      low,
      close,
      volume: some(volume),
      average: average === '0' ? null : some(average),
      trades: count === null ? null : Number(count),
    },
  ];
}
