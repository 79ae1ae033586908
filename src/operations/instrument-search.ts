import { z } from 'zod';
import { operation } from './operation.ts';
import { plainText } from './parts/fields.ts';
import { readOnly } from './parts/hints.ts';
import { tradingFloor } from './parts/role-groups.ts';
import { ContractShape, showContract } from './parts/shapes.ts';

export const instrumentSearch = operation({
  name: 'instrument_search',
  title: 'Search instruments',
  description:
    "Searches symbols and issuer names, at most 16 matches in IBKR's order. Use it to find the conId that an order needs; " +
    'an empty list means that nothing matched.',
  roles: tradingFloor,
  effect: 'read',
  http: { method: 'get', path: '/instruments/search' },
  mcp: readOnly,
  input: z.strictObject({
    pattern: plainText(1, 40).describe(
      'Beginning of a symbol or part of a name, e.g. AAPL or apple',
    ),
  }),
  output: z.object({ matches: z.array(ContractShape) }),
  async run(context, input) {
    const found = await context.broker.search(input.pattern);
    return { matches: found.slice(0, 16).map(showContract) };
  },
});
