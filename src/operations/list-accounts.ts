import { z } from 'zod';
import { accountKind } from '../domain/portfolio/account-kind.ts';
import { operation } from './operation.ts';
import { anyReader } from './parts/role-groups.ts';

export const listAccounts = operation({
  name: 'list_accounts',
  title: 'Accounts',
  description:
    'The IBKR accounts that this gateway serves and of what kind each is. Where it serves more than one, every other call ' +
    'has to name the account that is meant.',
  roles: anyReader,
  effect: 'read',
  http: { method: 'get', path: '/accounts' },
  mcp: null,
  input: z.strictObject({}),
  output: z.object({
    accounts: z.array(
      z.object({
        account: z.string(),
        kind: z.enum(['live', 'paper', 'live-advisor', 'paper-advisor']),
      }),
    ),
  }),
  async run(context) {
    const served = await context.broker.accounts();
    return { accounts: served.map((account) => ({ account, kind: accountKind(account) })) };
  },
});
