import { z } from 'zod';
import { barPrices, barSizes, mostBars } from '../domain/instrument/bar.ts';
import { instantFromEpochMs, type Instant } from '../domain/time/instant.ts';
import { operation } from './operation.ts';
import { instantField } from './parts/fields.ts';
import { readOnly } from './parts/hints.ts';
import {
  checkInstrument,
  instrumentInput,
  instrumentQuery,
  resolveOne,
} from './parts/instruments.ts';
import { tradingFloor } from './parts/role-groups.ts';
import { InstrumentShape, decimal, instant, showContract } from './parts/shapes.ts';

const Input = z
  .strictObject({
    ...instrumentInput,
    barSize: z.enum(barSizes).default('1d').describe('1m minute … 1M month'),
    start: instantField.optional().describe('Bars that begin at or after this moment (ISO 8601)'),
    end: instantField.optional().describe('Bars that begin before this moment; now if left out'),
    limit: z
      .int()
      .min(1)
      .max(mostBars)
      .default(100)
      .describe(`The newest so many, 1 to ${mostBars}`),
    regularHours: z.boolean().default(true).describe('Regular trading hours only'),
    prices: z
      .enum(barPrices)
      .optional()
      .describe(
        'TRADES (split-adjusted; MIDPOINT for currencies) if left out; ADJUSTED also for dividends',
      ),
    fresh: z.boolean().default(false).describe('Do not answer from the cache (but for 15 s)'),
  })
  .superRefine((input, context) => {
    checkInstrument(input, context);
    const { start, end, prices } = input;
    const refuse = (path: string, message: string): void => {
      context.addIssue({ code: 'custom', path: [path], message });
    };
    if (start !== undefined && end !== undefined && Date.parse(start) >= Date.parse(end)) {
      refuse('start', 'must be before end');
    }
    if (prices === 'ADJUSTED' && end !== undefined) {
      refuse('end', 'adjusted bars end now: leave it out');
    }
  });

/** Historical prices. Pages, pacing and the cache are the gateway process's; here is only what may be asked. */
export const marketBars = operation({
  name: 'market_bars',
  title: 'Market bars',
  description:
    'Open, high, low, close and volume of one instrument per bar, ascending: the newest limit bars of the range. Prices are per ' +
    'unit in its currency. The last bar may still change (complete false). For earlier bars repeat with end = nextEnd. Kept up to ' +
    '5 minutes unless fresh; the broker paces history, so ask for one long range instead of many short ones.',
  roles: tradingFloor,
  effect: 'read',
  http: { method: 'get', path: '/market/bars' },
  mcp: readOnly,
  input: Input,
  output: z.object({
    instrument: InstrumentShape,
    barSize: z.enum(barSizes),
    prices: z.enum(barPrices),
    regularHours: z.boolean(),
    bars: z.array(
      z.object({
        time: z.string().describe('Begin in UTC; for 1d, 1w and 1M the (last) day YYYY-MM-DD'),
        open: decimal,
        high: decimal,
        low: decimal,
        close: decimal,
        volume: decimal.nullable(),
        average: decimal.nullable().describe('Volume-weighted'),
        trades: z.int().nullable(),
        complete: z.boolean(),
      }),
    ),
    nextEnd: instant
      .nullable()
      .describe('Give it as end for the bars before these; null = no more'),
    ageMs: z.int().describe('Of the oldest part of the answer'),
    cached: z.boolean(),
  }),
  async run(context, input) {
    const { contract } = await resolveOne(context, instrumentQuery(input));
    const series = await context.broker.bars({
      conId: contract.conId,
      size: input.barSize,
      start: momentOf(input.start),
      end: momentOf(input.end),
      limit: input.limit,
      regularHours: input.regularHours,
      prices: input.prices ?? null,
      fresh: input.fresh,
    });
    return {
      instrument: showContract(contract),
      barSize: series.size,
      prices: series.prices,
      regularHours: series.regularHours,
      bars: series.bars.map(({ isComplete, ...bar }) => ({ ...bar, complete: isComplete })),
      nextEnd: series.nextEnd,
      ageMs: series.ageMs,
      cached: series.isCached,
    };
  },
});

function momentOf(text: string | undefined): Instant | null {
  return text === undefined ? null : instantFromEpochMs(Date.parse(text));
}
