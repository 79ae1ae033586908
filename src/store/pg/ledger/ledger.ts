import type { PrincipalId } from '../../../domain/ids.ts';
import type { Ledger } from '../../port/ledger.ts';
import type { Database } from '../connection.ts';
import { waitForOrder, type OrderSignals } from '../order-signals.ts';
import { applyBrokerEvents } from './apply-broker-events.ts';
import { expire, follow, withdraw } from './closing.ts';
import { recordDecision } from './decisions.ts';
import { markNotSent, markUnconfirmed } from './doubt.ts';
import { known, readLedgerFacts } from './facts.ts';
import { recordGate } from './gate.ts';
import { readIntent, readIntentByKey, recordIntent } from './intents.ts';
import { readOverdue } from './overdue.ts';
import { recordBrokerEvents } from './record-broker-events.ts';
import { readSubmission, submit } from './submit.ts';
import { readApprovalView, readOrder, readOrders, readPendingApprovals } from './views.ts';

/** Has no budget and has used nothing of one. */
const nobody = 'svc_nobody' as PrincipalId;

/** The ledger of the store port over PostgreSQL. */
export function ledger(
  database: Database,
  signals: OrderSignals,
  { claimLeaseMs }: { readonly claimLeaseMs: number },
): Ledger {
  return {
    recordIntent: (intent) => recordIntent(database, intent),
    intent: (intentId) => readIntent(database, intentId),
    intentByKey: (proposer, key) => readIntentByKey(database, proposer, key),
    recordGate: (input) => recordGate(database, input),
    recordDecision: (input) => recordDecision(database, input),
    withdraw: (intentId, actor) => withdraw(database, intentId, actor),
    expire: (approvalId, actor) => expire(database, approvalId, actor),
    follow: (approvalId) => follow(database, approvalId),
    submit: (input) => submit(database, claimLeaseMs, input),
    submission: (intentId) => readSubmission(database, intentId),
    recordBrokerEvents: (events) => recordBrokerEvents(database, events),
    applyBrokerEvents: (intentId) => applyBrokerEvents(database, intentId),
    markUnconfirmed: (intentId, why, actor) => markUnconfirmed(database, intentId, why, actor),
    markNotSent: (intentId, why, actor) =>
      markNotSent(database, claimLeaseMs, { intentId, why, actor }),
    order: (intentId) => readOrder(database, intentId),
    orders: (filter) => readOrders(database, filter),
    approval: (approvalId) => readApprovalView(database, approvalId),
    pendingApprovals: () => readPendingApprovals(database),
    waitForOrder: (intentId, until, timeoutMs, signal) =>
      waitForOrder(signals, intentId, {
        read: () => readOrder(database, intentId),
        until,
        timeoutMs,
        signal,
      }),
    overdue: (olderThanMs) => readOverdue(database, olderThanMs),
    async peekLedgerFacts(account, seen = {}) {
      const { brokerFacts = null, conId = null, principal = nobody, strategyTag = null } = seen;
      return known(
        await readLedgerFacts(database, {
          ...{ account, intentId: null, conId, brokerFacts, principal, strategyTag },
          isClaim: false,
        }),
      );
    },
  };
}
