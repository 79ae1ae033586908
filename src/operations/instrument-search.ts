import { z } from 'zod';
import { operation } from './operation.ts';
import { plainText } from './parts/fields.ts';
import { readOnly } from './parts/hints.ts';
import { searchScored } from './parts/instrument-match.ts';
import { instrumentInput } from './parts/instruments.ts';
import { tradingFloor } from './parts/role-groups.ts';
import { InstrumentShape, showContract } from './parts/shapes.ts';

export const instrumentSearch = operation({
  name: 'instrument_search',
  title: 'Search instruments',
  description:
    'Searches symbols and issuer names, best score first (1 = the symbol itself). Use it to find the conId that other calls ' +
    'need. For FUT, CASH, CRYPTO, BOND and IND set secType: those are found by symbol (ES, EUR.USD, BTC). Options are resolved ' +
    'by symbol, expiry, strike and right. An empty list means that nothing matched.',
  roles: tradingFloor,
  effect: 'read',
  http: { method: 'get', path: '/instruments/search' },
  mcp: readOnly,
  input: z.strictObject({
    pattern: plainText(1, 40).describe(
      'Beginning of a symbol or part of a name, e.g. AAPL or apple',
    ),
    secType: instrumentInput.secType.describe('Only this kind; any if left out'),
    exchange: instrumentInput.exchange.describe('Only this primary exchange or market'),
    currency: instrumentInput.currency.describe('Only this currency'),
    limit: z.int().min(1).max(50).default(16).describe('How many at most, 1 to 50'),
  }),
  output: z.object({
    matches: z.array(InstrumentShape.extend({ score: z.number().describe('0 to 1') })),
  }),
  async run(context, { pattern, limit, ...filter }) {
    const scored = await searchScored(context, pattern, filter);
    return {
      matches: scored
        .slice(0, limit)
        .map(({ contract, score }) => ({ ...showContract(contract), score })),
    };
  },
});
