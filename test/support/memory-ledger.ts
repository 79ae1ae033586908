import { emptyLedger } from '../domain/gate-facts.ts';
import { randomBytes } from 'node:crypto';
import { makeId, type ApprovalId, type IntentId } from '../../src/domain/ids.ts';
import type { DecimalText } from '../../src/domain/money/decimal.ts';
import { envelopeHash, type ApprovalEnvelope } from '../../src/domain/order/envelope.ts';
import type { OrderState } from '../../src/domain/order/lifecycle.ts';
import type { OrderTerms } from '../../src/domain/order/intent.ts';
import { instantFromEpochMs } from '../../src/domain/time/instant.ts';
import type { OrderWorkflows } from '../../src/operations/operation.ts';
import type {
  ApprovalStatus,
  ApprovalView,
  GateEvaluation,
  GateOutcome,
  Ledger,
  NewIntent,
  OrderView,
} from '../../src/store/port/ledger.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Order = Mutable<OrderView>;

/** A ledger in memory with hooks for tests. */
export type MemoryLedger = Ledger & {
  halted: boolean;
  readonly setState: (intentId: IntentId, state: OrderState) => void;
  readonly setApproval: (approvalId: ApprovalId, status: ApprovalStatus) => void;
  readonly decidedCalls: { approvalId: ApprovalId; decision: string }[];
};

export function memoryLedger(
  evaluate: (terms: OrderTerms) => GateEvaluation,
  faults: { store: Error | null },
): { ledger: MemoryLedger; orders: OrderWorkflows } {
  const intents = new Map<IntentId, NewIntent>();
  const views = new Map<IntentId, Order>();
  const approvals = new Map<ApprovalId, Mutable<ApprovalView>>();
  const outcomes = new Map<IntentId, GateOutcome>();
  const changed = new Set<() => void>();
  const decidedCalls: MemoryLedger['decidedCalls'] = [];
  const now = () => instantFromEpochMs(Date.now());
  const unused = () => Promise.reject(new Error('not part of this test'));
  // eslint-disable-next-line @typescript-eslint/require-await -- async, so that what throws rejects
  const guarded = async <T>(make: () => T): Promise<T> => {
    if (faults.store !== null) throw faults.store;
    return make();
  };
  const setState = (intentId: IntentId, state: OrderState): void => {
    const view = views.get(intentId);
    if (view !== undefined) view.state = state;
    for (const tell of changed) tell();
  };
  const closed: Partial<Record<ApprovalStatus, 'APPROVAL_EXPIRED' | 'APPROVAL_WITHDRAWN'>> = {
    expired: 'APPROVAL_EXPIRED',
    withdrawn: 'APPROVAL_WITHDRAWN',
  };

  const ledger: MemoryLedger = {
    halted: false,
    decidedCalls,
    setState,
    setApproval: (approvalId, status) => {
      const view = approvals.get(approvalId);
      if (view !== undefined) view.status = status;
    },
    recordIntent: (intent) =>
      guarded(() => {
        for (const known of intents.values()) {
          const same =
            known.proposer === intent.proposer && known.idempotencyKey === intent.idempotencyKey;
          if (!same) continue;
          return known.bodyHash === intent.bodyHash
            ? { kind: 'same' as const, intentId: known.intentId }
            : { kind: 'conflict' as const };
        }
        intents.set(intent.intentId, intent);
        views.set(intent.intentId, newView(intent));
        return { kind: 'recorded' as const, intentId: intent.intentId };
      }),
    intentByKey: (proposer, key) =>
      guarded(() => {
        const found = [...intents.values()].find(
          (intent) => intent.proposer === proposer && intent.idempotencyKey === key,
        );
        return found === undefined ? null : { ...found, proposedAt: now() };
      }),
    intent: (intentId) =>
      guarded(() => {
        const intent = intents.get(intentId);
        return intent === undefined ? null : { ...intent, proposedAt: now() };
      }),
    recordDecision: (input) =>
      guarded(() => {
        const view = approvals.get(input.approvalId);
        const refuse = (
          code: Extract<Awaited<ReturnType<Ledger['recordDecision']>>, { kind: 'refused' }>['code'],
        ) => ({
          kind: 'refused' as const,
          code,
          status: view?.status ?? null,
          winner: null,
        });
        if (view === undefined) return refuse('NOT_FOUND');
        if (view.status !== 'open') return refuse(closed[view.status] ?? 'APPROVAL_DECIDED');
        if (input.envelopeHash !== view.envelopeHash) return refuse('ENVELOPE_MISMATCH');
        if (ledger.halted && input.decision === 'grant') return refuse('TRADING_HALTED');
        view.status = input.decision === 'grant' ? 'granted' : 'declined';
        const { decisionId: id, decision, principal, channel, reason } = input;
        const row = { decisionId: id, decision, principal, channel, reason, at: now() };
        view.decisions = [...view.decisions, row];
        const state = input.decision === 'grant' ? 'Approved' : 'Declined';
        const order = views.get(view.intentId);
        if (order !== undefined)
          order.declineReason = input.decision === 'deny' ? input.reason : null;
        setState(view.intentId, state);
        const { intentId, status } = view;
        const { approvalId, decisionId } = input;
        return { kind: 'recorded' as const, intentId, approvalId, decisionId, status, state };
      }),
    withdraw: (intentId) =>
      guarded(() => {
        const view = views.get(intentId);
        if (view === undefined) return null;
        if (view.state !== 'AwaitingApproval') return { withdrawn: false, state: view.state };
        setState(intentId, 'Withdrawn');
        if (view.approvalId !== null) ledger.setApproval(view.approvalId, 'withdrawn');
        return { withdrawn: true, state: 'Withdrawn' as const };
      }),
    order: (intentId) => guarded(() => views.get(intentId) ?? null),
    orders: (filter) =>
      guarded(() => {
        const all = [...views.values()]
          .filter((v) => filter.proposer === undefined || v.proposer === filter.proposer)
          .filter((v) => filter.state === undefined || v.state === filter.state);
        const from = Number(filter.cursor ?? 0);
        const end = from + filter.limit;
        return { items: all.slice(from, end), next: end < all.length ? String(end) : null };
      }),
    approval: (approvalId) => guarded(() => approvals.get(approvalId) ?? null),
    pendingApprovals: () =>
      guarded(() => [...approvals.values()].filter((one) => one.status === 'open')),
    waitForOrder: async (intentId, until, timeoutMs, signal) => {
      const deadline = Date.now() + timeoutMs;
      for (;;) {
        const view = views.get(intentId) ?? null;
        const left = deadline - Date.now();
        if (view === null || until(view) || left <= 0 || signal?.aborted === true) return view;
        await new Promise<void>((resolve) => {
          const timer = setTimeout(done, left);
          function done(): void {
            clearTimeout(timer);
            changed.delete(done);
            resolve();
          }
          changed.add(done);
        });
      }
    },
    peekLedgerFacts: () =>
      guarded(() => ({
        value: { ...emptyLedger, now: now() },
        source: 'test',
        at: now(),
      })),
    recordGate: unused,
    expire: unused,
    follow: unused,
    submit: unused,
    submission: () => Promise.resolve(null),
    recordBrokerEvents: unused,
    applyBrokerEvents: unused,
    markUnconfirmed: unused,
    markNotSent: unused,
    overdue: unused,
  };

  const propose = (intentId: IntentId): Promise<GateOutcome> => {
    const known = outcomes.get(intentId);
    if (known !== undefined) return Promise.resolve(known);
    const intent = intents.get(intentId);
    const view = views.get(intentId);
    if (intent === undefined || view === undefined) return Promise.reject(new Error('no intent'));
    const outcome = ledger.halted ? ({ kind: 'halted' } as const) : judge(intent, view);
    if (outcome.kind === 'halted') setState(intentId, 'Halted');
    outcomes.set(intentId, outcome);
    return Promise.resolve(outcome);
  };
  const judge = (intent: NewIntent, view: Order): GateOutcome => {
    const { verdict, simulation } = evaluate(intent.terms);
    Object.assign(view, { verdict, simulation });
    if (verdict.outcome === 'deny') {
      setState(intent.intentId, 'Denied');
      return { kind: 'denied', verdict, simulation };
    }
    const approvalId = makeId('apr', randomBytes(20));
    const expiresAt = instantFromEpochMs(Date.now() + 300_000);
    const envelope: ApprovalEnvelope = {
      version: 1,
      environment: 'dev',
      action: 'place',
      approvalId,
      intentId: intent.intentId,
      round: 1,
      terms: intent.terms,
      contract: intent.contract,
      simulation,
      whatIf: {
        initialMarginBefore: null,
        initialMarginAfter: null,
        maintenanceMarginBefore: null,
        maintenanceMarginAfter: null,
        equityWithLoanAfter: null,
        commission: null,
        commissionCurrency: null,
        warning: 'SECRET BROKER WARNING',
      },
      quote: { bid: null, ask: null, last: null, kind: 'live', receivedAt: now() },
      priceBand: { low: '1' as DecimalText, high: '2' as DecimalText },
      portfolioGeneration: 1,
      positionBefore: '0' as DecimalText,
      verdict,
      proposer: intent.proposer,
      reason: intent.reason,
      requiredApprovals: 1,
      expiresAt,
      executeBy: expiresAt,
    };
    const hash = envelopeHash(envelope);
    approvals.set(approvalId, {
      approvalId,
      intentId: intent.intentId,
      status: 'open',
      envelope,
      envelopeHash: hash,
      requestedAt: now(),
      expiresAt,
      remainingMs: 300_000,
      decisions: [],
      autoApproved: null,
    });
    Object.assign(view, { approvalId, envelopeHash: hash, expiresAt });
    setState(intent.intentId, 'AwaitingApproval');
    return { kind: 'awaiting', approvalId, envelopeHash: hash, expiresAt, verdict, simulation };
  };
  return {
    ledger,
    orders: {
      propose,
      decided: (_intentId, decision, { approvalId }) => {
        decidedCalls.push({ approvalId, decision });
        return Promise.resolve({ delivered: true });
      },
      withdrawn: () => Promise.resolve({ delivered: true }),
    },
  };
}

function newView(intent: NewIntent): Order {
  const at = instantFromEpochMs(Date.now());
  return {
    intentId: intent.intentId,
    state: 'Proposed',
    version: 1,
    account: intent.terms.account,
    proposer: intent.proposer,
    terms: intent.terms,
    contract: intent.contract,
    reason: intent.reason,
    strategyTag: intent.strategyTag,
    round: 1,
    approvalId: null,
    envelopeHash: null,
    expiresAt: null,
    verdict: null,
    simulation: null,
    breaches: [],
    autoApproved: null,
    declineReason: null,
    orderId: null,
    permId: null,
    filled: '0' as DecimalText,
    remaining: intent.terms.quantity,
    averagePrice: null,
    commission: null,
    proposedAt: at,
    updatedAt: at,
  };
}
