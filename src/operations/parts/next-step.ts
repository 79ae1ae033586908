import type { OrderState } from '../../domain/order/lifecycle.ts';
import { isTerminal } from '../../domain/order/lifecycle.ts';
import type { NearestOrder, Verdict } from '../../domain/risk/rule.ts';

/** States in which nobody has decided yet. */
const undecided: ReadonlySet<OrderState> = new Set(['Proposed', 'AwaitingApproval', 'Stale']);

/** Whether gate, human, timer or proposer has decided. */
export function isDecided(state: OrderState): boolean {
  return !undecided.has(state);
}

const onItsWay =
  'Approved and on its way: call wait_for_decision with until=terminal to see it finish.';
const waitForHuman =
  'A human decides: call wait_for_decision, or withdraw_request if it is no longer wanted.';
const finished = 'Finished at the broker: read the fields above before proposing anything like it.';

const advice: Readonly<Record<Exclude<OrderState, 'Denied'>, string>> = {
  Proposed: 'The gate has not answered yet: call wait_for_decision.',
  AwaitingApproval: waitForHuman,
  Stale: waitForHuman,
  Declined:
    'A human said no: read declineReason and do not propose the same order again unchanged.',
  Expired: 'Nobody decided in time: propose again with a new idempotencyKey if it is still wanted.',
  Withdrawn: 'Nothing more happens; a new proposal needs a new idempotencyKey.',
  Halted: 'The kill switch is active: do not propose until an operator has released it.',
  Approved: onItsWay,
  Submitting: onItsWay,
  Working: onItsWay,
  PartiallyFilled: onItsWay,
  Unconfirmed:
    'It is not known yet whether the broker has it: do not send it again; wait_for_decision with until=terminal.',
  Inactive: 'The broker holds the order: an operator must look; do not send it again.',
  NotSent:
    'It is proven that the order never reached the broker: propose again with a new idempotencyKey if it is still wanted.',
  Filled: 'Done: get_positions shows the result.',
  Cancelled: finished,
  Rejected: finished,
};

/** What the proposer does now: one sentence of ours. Total over the states. */
export function nextStep(state: OrderState, verdict: Verdict | null = null): string {
  return state === 'Denied' ? denialAdvice(verdict) : advice[state];
}

/** Names every rule that refused with what was observed against which limit. */
export function denialAdvice(verdict: Verdict | null): string {
  const reasons = (verdict?.rules ?? []).flatMap((rule) => {
    if (rule.outcome === 'deny') {
      return [`${rule.rule} ${rule.title}: ${rule.observed}, limit ${rule.limit} (${rule.unit})`];
    }
    if (rule.outcome === 'cannot-evaluate') {
      return [`${rule.rule} ${rule.title}: cannot be judged, ${rule.missing}`];
    }
    return [];
  });
  if (reasons.length === 0) return 'Denied by the gate: read get_policy, change the order.';
  return `Denied by ${reasons.join('; ')}. ${nearestAdvice(verdict?.nearest)}Change what these rules name (get_policy explains them) and propose with a new idempotencyKey.`;
}

function nearestAdvice(nearest: NearestOrder | undefined): string {
  if (nearest === undefined) return '';
  if (nearest.kind === 'none') return `No smaller or repriced order would pass (${nearest.why}). `;
  const { quantity, limitPrice, changes } = nearest;
  const price = changes.includes('limitPrice') ? ` with limitPrice ${limitPrice ?? ''}` : '';
  return `The nearest order that would pass now: quantity ${quantity}${price}. `;
}

export { isTerminal };
