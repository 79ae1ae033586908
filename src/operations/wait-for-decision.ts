import { z } from 'zod';
import type { OrderView } from '../store/port/ledger.ts';
import { operation } from './operation.ts';
import { intentId } from './parts/fields.ts';
import { readOnly } from './parts/hints.ts';
import { isDecided, isTerminal } from './parts/next-step.ts';
import { OrderShape, showOrder } from './parts/order-output.ts';
import { maySee, noSuchOrder, ownOrder } from './parts/own-order.ts';
import { anyReader } from './parts/role-groups.ts';

const reached: Record<'decision' | 'terminal', (view: OrderView) => boolean> = {
  decision: (view) => isDecided(view.state),
  terminal: (view) => isTerminal(view.state),
};

export const waitForDecision = operation({
  name: 'wait_for_decision',
  title: 'Wait for the decision',
  description:
    'Waits up to timeoutSeconds (at most 45) until the request is decided (until=decision) or finished (until=terminal) and ' +
    'returns its state at once when that happens. reached=false means that nothing happened yet: call it again.',
  roles: anyReader,
  effect: 'read',
  http: { method: 'get', path: '/requests/{intentId}/wait' },
  mcp: readOnly,
  input: z.strictObject({
    intentId,
    until: z
      .enum(['decision', 'terminal'])
      .default('decision')
      .describe('decision = approved, declined, expired …; terminal = nothing more will happen'),
    timeoutSeconds: z.int().min(1).max(45).default(30),
  }),
  output: OrderShape.extend({ reached: z.boolean() }),
  async run(context, input) {
    const isReached = reached[input.until];
    const now = await ownOrder(context, input.intentId);
    if (isReached(now)) return { ...showOrder(context, now), reached: true };
    const view = await context.store.ledger.waitForOrder(
      input.intentId,
      isReached,
      input.timeoutSeconds * 1000,
      context.signal,
    );
    if (view === null || !maySee(context, view)) throw noSuchOrder(input.intentId);
    return { ...showOrder(context, view), reached: isReached(view) };
  },
});
