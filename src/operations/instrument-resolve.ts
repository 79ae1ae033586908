import { z } from 'zod';
import { operation } from './operation.ts';
import { readOnly } from './parts/hints.ts';
import { InstrumentInput, instrumentQuery, resolveOne } from './parts/instruments.ts';
import { tradingFloor } from './parts/role-groups.ts';
import { ContractShape, decimal, showContract } from './parts/shapes.ts';

export const instrumentResolve = operation({
  name: 'instrument_resolve',
  title: 'Resolve an instrument',
  description:
    'The one contract that a conId or symbol means, with its price steps and size steps. An ambiguous symbol is answered ' +
    'with INSTRUMENT_AMBIGUOUS and the alternatives: choose one by conId, never guess.',
  roles: tradingFloor,
  effect: 'read',
  http: { method: 'post', path: '/instruments/resolve' },
  mcp: readOnly,
  input: InstrumentInput,
  output: z.object({
    instrument: ContractShape,
    priceIncrements: z.array(z.object({ lowEdge: decimal, increment: decimal })),
    minSize: decimal,
    sizeIncrement: decimal,
    timeZone: z.string(),
    liquidHours: z.string(),
  }),
  async run(context, input) {
    const query = instrumentQuery(input);
    const pointer = 'conId' in query ? '/conId' : '/symbol';
    const details = await resolveOne(context, query, pointer);
    return {
      ...details,
      instrument: showContract(details.contract),
      priceIncrements: [...details.priceIncrements],
    };
  },
});
