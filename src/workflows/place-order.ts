import {
  ActivityFailure,
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  setCurrentDetails,
  sleep,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { SubmitResult } from '../activities/types.ts';
import type { ApprovalId } from '../domain/ids.ts';
import { defineSearchAttributeKey } from '@temporalio/common';
import { isTerminal, type OrderState } from '../domain/order/lifecycle.ts';
import { broker, ledger } from './activity-stubs.ts';
import { awaitDecision } from './await-decision.ts';
import { installHandlers, type Inbox } from './order-inbox.ts';
import { searchAttributes, type PlaceOrderInput, type PlaceOrderResult } from './names.ts';
import { reconcile } from './reconcile-order.ts';

const stateAttribute = defineSearchAttributeKey(searchAttributes.state, 'KEYWORD');

/** One running order: where it stands and what has arrived for it. */
type Running = {
  readonly input: PlaceOrderInput;
  readonly inbox: Inbox;
  state: OrderState;
  round: number;
};

/**
 * The life of one order, from the proposal to the broker's last word. Holds only the lifecycle: every verdict
 * comes from an activity and is history, so editing a rule never breaks the replay of an open order. Rows in
 * the ledger are the authority; updates and signals wake this up.
 */
export async function placeOrder(input: PlaceOrderInput): Promise<PlaceOrderResult> {
  const order: Running = {
    input,
    inbox: installHandlers(input, () => ({ state: order.state, round: order.round })),
    state: input.following?.state ?? 'Proposed',
    round: 1,
  };
  // A cancel request of the Temporal UI must not leave an order half-way: people decline, or cancel the order.
  await CancellationScope.nonCancellable(async () => {
    if (input.following === undefined) await reachBroker(order);
    while (!isTerminal(order.state)) await follow(order);
    await condition(allHandlersFinished);
  });
  return { intentId: input.intentId, state: order.state };
}

/** Gate, decision and claim, again for each time that the claim finds the approval stale. */
async function reachBroker(order: Running): Promise<void> {
  for (;;) {
    const approvalId = await gate(order);
    if (approvalId === null) return;
    const outcome = await decideAndSubmit(order, approvalId);
    if (outcome !== 'stale') return;
    order.round += 1;
  }
}

/** One gate round. Null = the order has ended there. */
async function gate(order: Running): Promise<ApprovalId | null> {
  const { input, inbox, round } = order;
  const outcome = await ledger.gate({ intentId: input.intentId, round });
  inbox.firstGate ??= outcome;
  if (outcome.kind === 'denied') enter(order, 'Denied');
  if (outcome.kind === 'halted') enter(order, 'Halted');
  if (outcome.kind !== 'awaiting') return null;
  inbox.approvalId = outcome.approvalId;
  inbox.expiresAt = outcome.expiresAt;
  // Approved by policy: the row is there already, and the claim reads it like anybody's.
  const isApproved = outcome.autoApproved !== undefined;
  inbox.decided = isApproved ? 'grant' : null;
  enter(order, isApproved ? 'Approved' : 'AwaitingApproval');
  return outcome.approvalId;
}

/** From an open approval to the broker, or to the end that a human, the timer or the claim gives it. */
async function decideAndSubmit(order: Running, approvalId: ApprovalId): Promise<'stale' | 'done'> {
  const { input, inbox } = order;
  for (;;) {
    const expiresAt = inbox.expiresAt ?? '';
    const decision = await awaitDecision(input, inbox, { approvalId, expiresAt });
    if (decision !== 'maybe-granted') {
      inbox.approvalId = null;
      enter(order, ended[decision]);
      return 'done';
    }
    const result = await submit(input, approvalId);
    if (isEnding(result)) {
      inbox.approvalId = null;
      enter(order, ended[result.kind]);
      return 'done';
    }
    switch (result.kind) {
      case 'not-granted':
        // Somebody said "granted" without a row that counts, or something else was decided: look again.
        if (result.status !== 'open') inbox.decided = 'other';
        continue;
      case 'stale':
        inbox.approvalId = null;
        enter(order, 'Stale');
        return 'stale';
      case 'claimed-before':
      case 'doubtful': {
        const found = await reconcile(input, inbox, result.kind, (state) => {
          enter(order, state);
        });
        // Never claimed: nothing can have left, and the approval is still there to be claimed once.
        if (found.kind === 'unclaimed') {
          const expiry = await ledger.expire(approvalId);
          if (expiry.kind === 'expired') {
            inbox.approvalId = null;
            enter(order, 'Expired');
            return 'done';
          }
          inbox.decided = 'grant';
          await sleep(attemptPauseMs, { summary: 'before another claim' });
          continue;
        }
        inbox.approvalId = null;
        enter(order, found.state);
        return 'done';
      }
    }
  }
}

/** Pause between two attempts to claim, when the first provably claimed nothing. */
const attemptPauseMs = 1000;

const ended = {
  sent: 'Submitting',
  denied: 'Denied',
  declined: 'Declined',
  expired: 'Expired',
  withdrawn: 'Withdrawn',
  halted: 'Halted',
  'not-sent': 'NotSent',
} as const satisfies Record<string, OrderState>;

/** What an attempt came to; a failure of the activity says nothing about the order. */
type Attempt = SubmitResult | { readonly kind: 'doubtful' };

/** Whether the approval is used up and no other round follows. */
function isEnding(
  result: Attempt,
): result is Extract<Attempt, { readonly kind: keyof typeof ended }> {
  return result.kind in ended;
}

/** The one attempt to send. A failure of the activity says nothing about the order: it is a doubt. */
async function submit(input: PlaceOrderInput, approvalId: ApprovalId): Promise<Attempt> {
  try {
    return await broker(input.brokerQueue).submitOrder({ intentId: input.intentId, approvalId });
  } catch (failure) {
    if (failure instanceof ActivityFailure) return { kind: 'doubtful' };
    throw failure;
  }
}

/** Waits for the broker's next word about a sent order and folds it in. */
async function follow(order: Running): Promise<void> {
  const { input, inbox } = order;
  if (order.state === 'Submitting') {
    const heard = await condition(() => inbox.news, input.acknowledgeWithinMs, {
      summary: 'broker acknowledges',
    });
    if (!heard) {
      const found = await reconcile(input, inbox, 'no acknowledgement', (state) => {
        enter(order, state);
      });
      if (found.kind === 'unclaimed') throw new Error('a sent order has no claim');
      enter(order, found.state);
      return;
    }
  } else {
    await condition(() => inbox.news || workflowInfo().continueAsNewSuggested);
  }
  inbox.news = false;
  const { state } = await ledger.applyNews(input.intentId);
  enter(order, state);
  if (
    workflowInfo().continueAsNewSuggested &&
    !isTerminal(order.state) &&
    inbox.firstGate !== null
  ) {
    await condition(allHandlersFinished);
    await continueAsNew<typeof placeOrder>({
      ...input,
      following: { state: order.state, firstGate: inbox.firstGate },
    });
  }
}

function enter(order: Running, state: OrderState): void {
  if (state === order.state) return;
  order.state = state;
  upsertSearchAttributes([{ key: stateAttribute, value: state }]);
  setCurrentDetails(details(order));
}

/** What the Temporal UI shows: the order, its state, and what an operator can do about it there. */
function details({ input, state, inbox }: Running): string {
  const lines = [`**${input.summary}** — ${state}`];
  if (state === 'AwaitingApproval' && inbox.approvalId !== null) {
    lines.push(
      `Expires ${inbox.expiresAt ?? ''}. To decide here, send the signal \`approve\` or \`deny\` with:`,
    );
    lines.push('```json', JSON.stringify({ approvalId: inbox.approvalId }), '```');
  }
  return lines.join('\n\n');
}
