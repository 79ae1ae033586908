import { z } from 'zod';
import {
  barPrices,
  barSizes,
  mostBars,
  type BarRequest,
  type BarSeries,
} from '../../domain/instrument/bar.ts';
import type { OptionChain } from '../../domain/instrument/option-chain.ts';
import type { DayFigures, Snapshot } from '../../domain/instrument/snapshot.ts';
import type { ReadStatistics } from '../port.ts';
import { conId, decimal, decimalOrNull, instant, quote, text } from './shapes.ts';

/** Schemas of market data on the read port. */

const day: z.ZodType<DayFigures> = z.strictObject({
  open: decimalOrNull,
  high: decimalOrNull,
  low: decimalOrNull,
  openInterest: decimalOrNull,
  greeks: z
    .strictObject({
      impliedVolatility: decimalOrNull,
      delta: decimalOrNull,
      gamma: decimalOrNull,
      vega: decimalOrNull,
      theta: decimalOrNull,
      underlyingPrice: decimalOrNull,
    })
    .nullable(),
});
export const snapshot: z.ZodType<Snapshot> = z.strictObject({
  quote,
  day,
  source: z.enum(['stream', 'cache', 'asked']),
  ageMs: z.int(),
  isStale: z.boolean(),
});
export const barRequest: z.ZodType<BarRequest> = z.strictObject({
  conId,
  size: z.enum(barSizes),
  start: instant.nullable(),
  end: instant.nullable(),
  limit: z.int().min(1).max(mostBars),
  regularHours: z.boolean(),
  prices: z.enum(barPrices).nullable(),
  fresh: z.boolean(),
});
export const barSeries: z.ZodType<BarSeries> = z.strictObject({
  conId,
  size: z.enum(barSizes),
  prices: z.enum(barPrices),
  regularHours: z.boolean(),
  bars: z.array(
    z.strictObject({
      time: text,
      open: decimal,
      high: decimal,
      low: decimal,
      close: decimal,
      volume: decimalOrNull,
      average: decimalOrNull,
      trades: z.int().nullable(),
      isComplete: z.boolean(),
    }),
  ),
  nextEnd: instant.nullable(),
  ageMs: z.int(),
  isCached: z.boolean(),
});
export const optionChain: z.ZodType<OptionChain> = z.strictObject({
  exchange: text,
  tradingClass: text,
  multiplier: decimal,
  expiries: z.array(text),
  strikes: z.array(decimal),
});
const count = z.int().min(0);
export const statistics: z.ZodType<ReadStatistics> = z.strictObject({
  caches: z.array(
    z.strictObject({
      name: z.enum(['contracts', 'market rules', 'option chains', 'snapshots', 'bars']),
      entries: count,
      keepMs: count,
      oldestMs: count.nullable(),
      hits: count,
      misses: count,
      shared: count,
      bypassed: count,
      evictions: count,
    }),
  ),
  lines: z.strictObject({ open: count, most: count, evictions: count, refused: count }),
  history: z.strictObject({ asked: count, most: count, paced: count }),
});
