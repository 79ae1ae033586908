import { z } from 'zod';
import { isOrderable, type ContractDetails } from '../domain/instrument/contract.ts';
import { nameOfQuery } from '../domain/instrument/instrument-query.ts';
import { matchScore } from '../domain/instrument/match-score.ts';
import { operation, type OperationContext } from './operation.ts';
import { cleanText, plainText } from './parts/fields.ts';
import { readOnly } from './parts/hints.ts';
import { ambiguous, resolveByWords } from './parts/instrument-match.ts';
import {
  checkInstrument,
  instrumentInput,
  instrumentQuery,
  pointerOf,
  unknownInstrument,
} from './parts/instruments.ts';
import { tradingFloor } from './parts/role-groups.ts';
import { InstrumentShape, decimal, showContract } from './parts/shapes.ts';

const Input = z
  .strictObject({
    ...instrumentInput,
    name: plainText(1, 40)
      .optional()
      .describe("The issuer's name instead of an identifier, e.g. Apple"),
  })
  .superRefine(({ name, ...input }, context) => {
    const identifiers = ['conId', 'symbol', 'localSymbol', 'isin'] as const;
    const foreign = identifiers.find((one) => input[one] !== undefined);
    if (name === undefined) checkInstrument(input, context);
    else if (foreign !== undefined) {
      const message = 'give a name or an identifier, not both';
      context.addIssue({ code: 'custom', path: [foreign], message });
    }
  });

type Resolved = {
  readonly details: ContractDetails;
  readonly matchedBy: 'conId' | 'exact' | 'fuzzy';
  readonly score: number;
};

/**
 * From what a caller calls an instrument to the one contract that it is. Exact first; a likeness counts only where
 * nothing rivals it, and an order never goes this way: it names its instrument exactly.
 */
export const instrumentResolve = operation({
  name: 'instrument_resolve',
  title: 'Resolve an instrument',
  description:
    'The one contract that a conId, symbol, ISIN or name means, with price and size steps, markets and hours. Tried in order: ' +
    'conId, exact, then a likeness of 0.95 and more that nothing rivals. Anything less is INSTRUMENT_AMBIGUOUS with up to five ' +
    'scored alternatives: choose one by conId, never guess. orderable says whether it can be ordered.',
  roles: tradingFloor,
  effect: 'read',
  http: { method: 'post', path: '/instruments/resolve' },
  mcp: readOnly,
  input: Input,
  output: z.object({
    instrument: InstrumentShape,
    matchedBy: z.enum(['conId', 'exact', 'fuzzy']),
    score: z.number().describe('1 = exact'),
    orderable: z.boolean().describe('Whether an order in it can be proposed'),
    priceIncrements: z.array(z.object({ lowEdge: decimal, increment: decimal })),
    venues: z
      .array(z.object({ exchange: z.string(), marketRuleId: z.int().nullable() }))
      .describe('Markets, with the id of the price steps of each'),
    minSize: decimal,
    sizeIncrement: decimal,
    priceMagnifier: z.int().describe('Quoted prices are this many times the price in currency'),
    contractMonth: z.string().describe('yyyymm; options and futures'),
    secIds: z.array(z.object({ type: z.string(), value: z.string() })),
    coupon: decimal.nullable().describe('Bonds, per cent a year'),
    stockType: z.string(),
    industry: z.string(),
    category: z.string(),
    timeZone: z.string(),
    liquidHours: z.string().describe('Regular sessions in that zone, as IBKR lists them'),
    tradingHours: z.string().describe('All sessions'),
  }),
  async run(context, input) {
    const { details, matchedBy, score } = await resolve(context, input);
    return {
      ...details,
      instrument: showContract(details.contract),
      matchedBy,
      score,
      orderable: isOrderable(details.contract.secType),
      priceIncrements: [...details.priceIncrements],
      venues: [...details.venues],
      secIds: details.secIds.map(({ type, value }) => ({
        type: cleanText(type, 20),
        value: cleanText(value, 40),
      })),
      stockType: cleanText(details.stockType, 40),
      industry: cleanText(details.industry, 80),
      category: cleanText(details.category, 80),
    };
  },
});

async function resolve(
  context: OperationContext,
  input: z.output<typeof Input>,
): Promise<Resolved> {
  if (input.name !== undefined) {
    const found = await resolveByWords(context, input.name, input, null, '/name');
    return { ...found, matchedBy: 'fuzzy' };
  }
  const query = instrumentQuery(input);
  const pointer = pointerOf(query);
  const [first, ...others] = await context.broker.resolve(query);
  if (first !== undefined && others.length === 0) {
    return { details: first, matchedBy: 'conId' in query ? 'conId' : 'exact', score: 1 };
  }
  if (first !== undefined) {
    const words = 'symbol' in query ? query.symbol : nameOfQuery(query);
    const scored = [first, ...others].map(({ contract }) => ({
      contract,
      score: matchScore(words, contract),
    }));
    throw ambiguous(scored, pointer);
  }
  // Only words can resemble something: a conId, an ISIN or a derivative's terms are right or wrong.
  if (!('symbol' in query) || query.expiry !== undefined) throw unknownInstrument(query, pointer);
  const filter = { ...input, secType: query.secType };
  const found = await resolveByWords(context, query.symbol, filter, query, pointer);
  return { ...found, matchedBy: 'fuzzy' };
}
