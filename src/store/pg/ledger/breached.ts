import type { Breach } from '../../../domain/approval/breaches.ts';
import type { NewAuditEvent } from '../../../domain/audit/event.ts';
import type { SubmitInput, SubmitOutcome } from '../../port/ledger.ts';
import type { Session } from '../connection.ts';
import { haltTrading } from '../kill-switch.ts';
import { settleApproval, type ApprovalRow } from './approval-row.ts';
import { moveOrder, orderEvent, type OrderRow } from './order-row.ts';

/**
 * What becomes of an approval whose signed terms no longer hold, by the policy: another question to a human, the
 * end of the order, or the end of all trading. Every way the approval is void and the breaches stay with the order.
 */

type Broken = {
  readonly order: OrderRow;
  readonly approval: ApprovalRow;
  readonly breaches: readonly Breach[];
};
export type Breached = {
  readonly outcome: Extract<SubmitOutcome, { readonly kind: 'stale' | 'denied' | 'halted' }>;
  /** To be appended by the caller, last. */
  readonly events: readonly NewAuditEvent[];
};

/** Ends the approval and moves the order inside the claim's transaction. */
export async function endBreached(
  session: Session,
  input: Pick<SubmitInput, 'actionOn' | 'actor'>,
  broken: Broken,
): Promise<Breached> {
  const { breaches } = broken;
  switch (input.actionOn(breaches)) {
    case 'ask':
      await settle(session, broken, 'stale', 'FoundStale');
      return { outcome: { kind: 'stale', breaches }, events: [told(input, broken, 'ask')] };
    case 'deny': {
      await settle(session, broken, 'stale', 'GateDenied');
      const denied = eventOf(input, broken, 'OrderDenied', { at: 'claim' });
      return {
        outcome: { kind: 'denied', breaches },
        events: [told(input, broken, 'deny'), denied],
      };
    }
    case 'halt': {
      await settle(session, broken, 'halted', 'FoundHalted');
      const reason = `${broken.order.intentId} was not as signed: ${summary(breaches)}`;
      const halted = eventOf(input, broken, 'OrderHalted', { at: 'claim' });
      const switched = await haltTrading(session, reason, input.actor);
      return {
        outcome: { kind: 'halted' },
        events: [told(input, broken, 'halt'), halted, ...switched],
      };
    }
  }
}

async function settle(
  session: Session,
  { order, approval, breaches }: Broken,
  status: 'stale' | 'halted',
  event: 'FoundStale' | 'GateDenied' | 'FoundHalted',
): Promise<void> {
  await settleApproval(session, approval, status);
  await moveOrder(session, order, event, { breaches });
}

function told(
  input: Pick<SubmitInput, 'actor'>,
  broken: Broken,
  action: 'ask' | 'deny' | 'halt',
): NewAuditEvent {
  return eventOf(input, broken, 'ApprovalStale', { breaches: broken.breaches, action });
}

function eventOf(
  { actor }: Pick<SubmitInput, 'actor'>,
  { order, approval }: Broken,
  type: 'ApprovalStale' | 'OrderDenied' | 'OrderHalted',
  payload: Readonly<Record<string, unknown>>,
): NewAuditEvent {
  const { approvalId } = approval;
  return orderEvent(type, actor, order.intentId, { approvalId, ...payload });
}

/** `position (signed 0, now 40); price.ask (…)`, short enough to be a reason. */
function summary(breaches: readonly Breach[]): string {
  const texts = breaches.map(({ term, signed, now }) => `${term} (signed ${signed}, now ${now})`);
  return texts.join('; ').slice(0, 400);
}
