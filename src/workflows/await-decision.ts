import { condition } from '@temporalio/workflow';
import type { ApprovalId } from '../domain/ids.ts';
import type { ApprovalStatus } from '../store/port/ledger.ts';
import { ledger } from './activity-stubs.ts';
import type { Inbox } from './order-inbox.ts';
import type { PlaceOrderInput } from './names.ts';
import { workflowNowMs } from './workflow-clock.ts';

/** What the wait for a human came to. `maybe-granted` = somebody says so; the claim finds out. */
export type DecisionOutcome = 'maybe-granted' | 'declined' | 'expired' | 'withdrawn';

/**
 * Waits until the open approval is decided, withdrawn or expired. The deadline is settled by the database: at
 * the timer the ledger looks for an unseen decision first, and says how long to wait where its clock is behind.
 */
export async function awaitDecision(
  input: PlaceOrderInput,
  inbox: Inbox,
  approval: { readonly approvalId: ApprovalId; readonly expiresAt: string },
): Promise<DecisionOutcome> {
  let remainingMs = Math.max(0, Date.parse(approval.expiresAt) - workflowNowMs());
  for (;;) {
    const woken = await condition(
      () => inbox.decided !== null || inbox.signals.length > 0,
      remainingMs + 1,
      { summary: 'approval expires' },
    );
    const outcome = woken
      ? await readMail(input, inbox, approval.approvalId)
      : await readClock(approval.approvalId);
    if (typeof outcome === 'string') return outcome;
    remainingMs = outcome.waitMs ?? Math.max(0, Date.parse(approval.expiresAt) - workflowNowMs());
  }
}

type StillOpen = { readonly waitMs: number | null };

async function readMail(
  input: PlaceOrderInput,
  inbox: Inbox,
  approvalId: ApprovalId,
): Promise<DecisionOutcome | StillOpen> {
  let status: ApprovalStatus | null = null;
  for (let mail = inbox.signals.shift(); mail !== undefined; mail = inbox.signals.shift()) {
    const { decision, signal, index } = mail;
    const receipt = await ledger.recordSignalDecision({
      decision,
      signal,
      intentId: input.intentId,
      signalIndex: index,
    });
    if (receipt.recorded) status = receipt.status;
  }
  if (inbox.decided === 'grant') {
    inbox.decided = null;
    return 'maybe-granted';
  }
  if (inbox.decided !== null || status !== null) {
    inbox.decided = null;
    return settled(await ledger.follow(approvalId));
  }
  return { waitMs: null };
}

async function readClock(approvalId: ApprovalId): Promise<DecisionOutcome | StillOpen> {
  const expiry = await ledger.expire(approvalId);
  switch (expiry.kind) {
    case 'expired':
      return 'expired';
    case 'not-yet':
      return { waitMs: expiry.remainingMs };
    case 'settled':
      return settled(expiry.status);
  }
}

function settled(status: ApprovalStatus): DecisionOutcome | StillOpen {
  switch (status) {
    case 'open':
      return { waitMs: null };
    case 'declined':
    case 'expired':
    case 'withdrawn':
      return status;
    case 'granted':
    case 'consumed':
    case 'stale':
    case 'halted':
      // The claim gives the one answer that counts, also when an earlier attempt has gone further.
      return 'maybe-granted';
  }
}
