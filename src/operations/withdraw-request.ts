import { z } from 'zod';
import { GatewayError } from '../domain/errors.ts';
import { operation } from './operation.ts';
import { intentId } from './parts/fields.ts';
import { harmlessWrite } from './parts/hints.ts';
import { nextStep } from './parts/next-step.ts';
import { noSuchOrder, ownOrder } from './parts/own-order.ts';
import { proposers } from './parts/role-groups.ts';
import { State } from './parts/shapes.ts';

export const withdrawRequest = operation({
  name: 'withdraw_request',
  title: 'Withdraw a request',
  description:
    'Takes back a request of your own that still waits for a decision. Once it is approved or sent this is refused ' +
    '(NOT_WITHDRAWABLE): a working order is cancelled, not withdrawn.',
  roles: proposers,
  effect: 'withdraw',
  http: { method: 'post', path: '/requests/{intentId}/withdraw' },
  mcp: harmlessWrite,
  input: z.strictObject({ intentId }),
  output: z.object({ intentId: z.string(), state: State, next: z.string() }),
  async run(context, input) {
    const before = await ownOrder(context, input.intentId);
    const result =
      before.state === 'Withdrawn'
        ? { withdrawn: true, state: before.state }
        : await context.store.ledger.withdraw(input.intentId, context.actor);
    if (result === null) throw noSuchOrder(input.intentId);
    if (!result.withdrawn) {
      throw new GatewayError('NOT_WITHDRAWABLE', `The request is ${result.state} already.`, {
        hint: nextStep(result.state, before.verdict),
        problems: [{ pointer: '/intentId', message: `is ${result.state}` }],
        details: { state: result.state },
      });
    }
    await context.orders.withdrawn(input.intentId);
    return { intentId: input.intentId, state: result.state, next: nextStep(result.state) };
  },
});
