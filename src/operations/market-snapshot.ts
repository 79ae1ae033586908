import { z } from 'zod';
import { operation } from './operation.ts';
import { readOnly } from './parts/hints.ts';
import { InstrumentInput, instrumentQuery, resolveOne } from './parts/instruments.ts';
import { tradingFloor } from './parts/role-groups.ts';
import { ContractShape, decimal, instant, showContract } from './parts/shapes.ts';

export const marketSnapshot = operation({
  name: 'market_snapshot',
  title: 'Market snapshot',
  description:
    'Best bid and offer, last price and volume of one instrument, with the kind (live, delayed, frozen) and the time of the ' +
    'quote. Give conId, or symbol (with currency or exchange if the symbol is ambiguous). Null = not quoted.',
  roles: tradingFloor,
  effect: 'read',
  http: { method: 'get', path: '/market/snapshot' },
  mcp: readOnly,
  input: InstrumentInput,
  output: z.object({
    instrument: ContractShape,
    bid: decimal.nullable(),
    ask: decimal.nullable(),
    last: decimal.nullable(),
    close: decimal.nullable(),
    bidSize: decimal.nullable(),
    askSize: decimal.nullable(),
    volume: decimal.nullable(),
    kind: z.enum(['live', 'frozen', 'delayed', 'delayed-frozen']),
    receivedAt: instant,
    halted: z.boolean().describe('Whether the exchange has halted trading'),
  }),
  async run(context, input) {
    const query = instrumentQuery(input);
    const pointer = 'conId' in query ? '/conId' : '/symbol';
    const { contract } = await resolveOne(context, query, pointer);
    return { instrument: showContract(contract), ...(await context.broker.quote(contract.conId)) };
  },
});
