import { z } from 'zod';
import { operation } from './operation.ts';
import { cleanText } from './parts/fields.ts';
import { InstrumentInput, instrumentQuery, resolveOne } from './parts/instruments.ts';
import { tradingFloor } from './parts/role-groups.ts';
import { InstrumentShape, decimal, showContract } from './parts/shapes.ts';

export const optionChain = operation({
  name: 'option_chain',
  title: 'Option chain',
  description:
    'Expiries and strikes of the options on an underlying, per market and trading class. Not every pair exists: resolve symbol, ' +
    'secType OPT, expiry, strike and right to get the contract. Empty list = the instrument has no options.',
  roles: tradingFloor,
  effect: 'read',
  http: { method: 'get', path: '/instruments/option-chain' },
  // The list of tools for agents is closed: an agent that knows an expiry resolves the option directly.
  mcp: null,
  input: InstrumentInput,
  output: z.object({
    underlying: InstrumentShape,
    chains: z.array(
      z.object({
        exchange: z.string(),
        tradingClass: z.string(),
        multiplier: decimal,
        expiries: z.array(z.string()).describe('yyyymmdd, ascending'),
        strikes: z.array(decimal).describe('Ascending'),
      }),
    ),
  }),
  async run(context, input) {
    const { contract } = await resolveOne(context, instrumentQuery(input));
    const chains = await context.broker.optionChains(contract.conId);
    return {
      underlying: showContract(contract),
      chains: chains.map((chain) => ({
        ...chain,
        exchange: cleanText(chain.exchange, 20),
        tradingClass: cleanText(chain.tradingClass, 20),
        expiries: [...chain.expiries],
        strikes: [...chain.strikes],
      })),
    };
  },
});
