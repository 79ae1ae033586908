import { z } from 'zod';
import { operation } from './operation.ts';
import { pickAccount } from './parts/accounts.ts';
import { account } from './parts/fields.ts';
import { readOnly } from './parts/hints.ts';
import { anyReader } from './parts/role-groups.ts';
import { Money } from './parts/shapes.ts';

export const getCash = operation({
  name: 'get_cash',
  title: 'Cash',
  description:
    'Cash of an account per currency, and the funds available for new orders in base currency. Amounts of different ' +
    'currencies are not added up.',
  roles: anyReader,
  effect: 'read',
  http: { method: 'get', path: '/cash' },
  mcp: readOnly,
  input: z.strictObject({ account }),
  output: z.object({
    account: z.string(),
    baseCurrency: z.string(),
    availableFunds: Money,
    cash: z.array(Money),
  }),
  async run(context, input) {
    const portfolio = await context.broker.portfolio(await pickAccount(context, input.account));
    return { ...portfolio, cash: [...portfolio.cash] };
  },
});
