import { z } from 'zod';
import type { Snapshot } from '../domain/instrument/snapshot.ts';
import { operation } from './operation.ts';
import { readOnly } from './parts/hints.ts';
import {
  checkInstrument,
  instrumentInput,
  instrumentQuery,
  resolveOne,
} from './parts/instruments.ts';
import { tradingFloor } from './parts/role-groups.ts';
import { InstrumentShape, decimal, instant, showContract } from './parts/shapes.ts';

const price = decimal.nullable().optional();

/** What can be selected; everything of it is answered where nothing is. */
const Figures = z.object({
  bid: price,
  ask: price,
  last: price,
  close: price.describe('Of the day before'),
  open: price,
  high: price,
  low: price,
  bidSize: price,
  askSize: price,
  volume: price.describe('Units traded today'),
  openInterest: price.describe('Contracts outstanding; options and futures'),
  greeks: z
    .object({
      impliedVolatility: decimal.nullable().describe('Share per year'),
      delta: decimal.nullable(),
      gamma: decimal.nullable(),
      vega: decimal.nullable().describe('Per percentage point of volatility'),
      theta: decimal.nullable().describe('Per day'),
      underlyingPrice: decimal.nullable(),
    })
    .nullable()
    .optional()
    .describe("Options: the broker's model; null = none"),
});
const figureNames = Object.keys(Figures.shape) as [
  keyof typeof Figures.shape,
  ...(keyof typeof Figures.shape)[],
];

/** Prices for looking at, with how real and how old they are. What an order is judged by is a quote of its own. */
export const marketSnapshot = operation({
  name: 'market_snapshot',
  title: 'Market snapshot',
  description:
    'Prices of one instrument now: best bid and offer, last, the day so far, and for options greeks. Units are the currency of ' +
    'the instrument per unit; null = not quoted. quality says how real it is, ageMs how old; up to 60 s old unless fresh is true. ' +
    'An order is judged by a quote of its own. For history use market_bars.',
  roles: tradingFloor,
  effect: 'read',
  http: { method: 'get', path: '/market/snapshot' },
  mcp: readOnly,
  input: z
    .strictObject({
      ...instrumentInput,
      fields: z
        .array(z.enum(figureNames))
        .min(1)
        .max(figureNames.length)
        .optional()
        .describe('Only these figures; all where left out'),
      fresh: z.boolean().default(false).describe('Do not answer from the cache'),
    })
    .superRefine(checkInstrument),
  output: z.object({
    instrument: InstrumentShape,
    quality: z
      .enum(['live', 'frozen', 'delayed', 'delayed-frozen', 'stale'])
      .describe(
        'stale = too old to judge an order by; delayed = 15 minutes or so; frozen = market closed',
      ),
    kind: z.enum(['live', 'frozen', 'delayed', 'delayed-frozen']),
    receivedAt: instant.describe('When the gateway got the newest price'),
    ageMs: z.int(),
    source: z.enum(['stream', 'cache', 'asked']),
    halted: z.boolean().describe('Whether the exchange has halted trading'),
    ...Figures.shape,
  }),
  async run(context, input) {
    const { contract } = await resolveOne(context, instrumentQuery(input));
    const snapshot = await context.broker.snapshot(contract.conId, { fresh: input.fresh });
    const { kind, receivedAt, halted } = snapshot.quote;
    const quality = snapshot.isStale ? ('stale' as const) : kind;
    return {
      instrument: showContract(contract),
      quality,
      kind,
      receivedAt,
      ageMs: snapshot.ageMs,
      source: snapshot.source,
      halted,
      ...chosenFigures(snapshot, input.fields ?? figureNames),
    };
  },
});

function chosenFigures(
  { quote, day }: Snapshot,
  chosen: readonly (typeof figureNames)[number][],
): z.input<typeof Figures> {
  const all: z.input<typeof Figures> = { ...quote, ...day };
  return Object.fromEntries(chosen.map((name) => [name, all[name]]));
}
