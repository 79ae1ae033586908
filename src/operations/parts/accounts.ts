import { GatewayError } from '../../domain/errors.ts';
import type { AccountId } from '../../domain/ids.ts';
import type { OperationContext } from '../operation.ts';

/**
 * The account that is meant: the named one, or the only one that is served. Throws `ACCOUNT_UNKNOWN` with the
 * list of those that are served.
 */
export async function pickAccount(
  context: OperationContext,
  named: string | undefined,
): Promise<AccountId> {
  const served = await context.broker.accounts();
  const [only, ...others] = served;
  if (named === undefined && only !== undefined && others.length === 0) return only;
  const found = served.find((account) => account === named);
  if (found !== undefined) return found;
  throw new GatewayError(
    'ACCOUNT_UNKNOWN',
    named === undefined
      ? 'The gateway serves several accounts and none was named.'
      : `The gateway does not serve account ${named}.`,
    {
      hint: `Set account to one of: ${served.join(', ') || '(none is served)'}.`,
      problems: [{ pointer: '/account', message: 'must be one of the served accounts' }],
      details: { accounts: [...served] },
    },
  );
}
