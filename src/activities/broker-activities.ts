import { heartbeat } from '@temporalio/activity';
import type { BrokerEvidence, BrokerReads, BrokerWrites } from '../broker/port.ts';
import type { Breach } from '../domain/approval/breaches.ts';
import type { ApprovalEnvelope } from '../domain/order/envelope.ts';
import type { OrderTerms } from '../domain/order/intent.ts';
import { isKnown, type BrokerFacts, type GateFacts } from '../domain/risk/facts.ts';
import type { Verdict } from '../domain/risk/rule.ts';
import { GatewayError } from '../domain/errors.ts';
import type {
  AutoApproval,
  GateEvaluation,
  Ledger,
  SubmitInput,
  SubmitOutcome,
} from '../store/port/ledger.ts';
import { gatherFacts } from './order-activities.ts';
import type { BrokerActivities, SubmitResult } from './types.ts';

const gateway = { kind: 'system', id: 'gateway', channel: 'gateway' } as const;
const heartbeatEveryMs = 1000;

/** What the broker activities need; they run in the gateway process alone. */
type Ports = {
  readonly ledger: Ledger;
  readonly broker: BrokerReads & BrokerWrites & BrokerEvidence;
  readonly evaluate: (terms: OrderTerms, facts: GateFacts) => GateEvaluation;
  readonly findBreaches: (
    envelope: ApprovalEnvelope,
    facts: GateFacts,
    verdict: Verdict,
  ) => readonly Breach[];
  readonly actionOn: SubmitInput['actionOn'];
  readonly autoApproval: AutoApproval | null;
  /** Whether this process still holds the sender's lease, on its own monotonic clock. */
  readonly holdsLease: () => boolean;
  /** Milliseconds on a monotonic clock. */
  readonly monotonicMs: () => number;
  /** The longest time between the start of an attempt and its bytes; below the heartbeat time-out plus the quarantine. */
  readonly sendWithinMs: number;
  readonly barrier: SubmitInput['barrier'];
};

/** The gateway's activities: the one place from which an order leaves. */
export function createBrokerActivities(ports: Ports): BrokerActivities {
  return {
    submitOrder: (input) => whileBeating(() => submitOrder(ports, input)),
    reconcileOrder: (intentId) => whileBeating(() => reconcileOrder(ports, intentId)),
  };
}

async function submitOrder(
  ports: Ports,
  { intentId, approvalId }: Parameters<BrokerActivities['submitOrder']>[0],
): Promise<SubmitResult> {
  const { ledger, broker } = ports;
  const startedMs = ports.monotonicMs();
  const intent = await ledger.intent(intentId);
  if (intent === null) throw new Error(`submit: ${intentId} is not in the ledger`);
  const brokerFacts = await gatherFacts(broker, intent.terms);
  const nextValidId = readyToSend(ports, brokerFacts);
  const endTurn = await broker.turn('write', intentId);
  const submitted = ledger.submit({
    intentId,
    approvalId,
    clientId: broker.clientId,
    nextValidId,
    brokerFacts,
    actor: gateway,
    evaluate: ports.evaluate,
    findBreaches: ports.findBreaches,
    actionOn: ports.actionOn,
    autoApproval: ports.autoApproval,
    // An attempt that took too long is somebody else's doubt by now: it may not write any more.
    mayWrite: () => ports.holdsLease() && ports.monotonicMs() - startedMs < ports.sendWithinMs,
    write: (order) => {
      broker.place(order);
    },
    barrier: ports.barrier,
  });
  return withoutInternals(await submitted.finally(endTurn));
}

/**
 * The next valid order id, if this process could send. Asked before anything is claimed: while our session or our
 * lease is not there (a restart) the approval stays whole, the workflow tries again, and it expires in the end. A
 * link that TWS itself calls broken goes on to the claim, which finds the breach and asks the human anew.
 */
function readyToSend({ broker, holdsLease }: Ports, { link }: BrokerFacts): number {
  const nextValidId = broker.nextValidId();
  const hasSession = isKnown(link) && ['ready', 'degraded'].includes(link.value.state);
  if (nextValidId === null || !hasSession || !holdsLease()) {
    throw new GatewayError('BROKER_UNAVAILABLE', 'orders cannot leave at the moment');
  }
  // Nothing is wrong with the link, and the window ends by itself: no reason to ask the human anew.
  if (link.value.reason === 'restart-window') {
    throw new GatewayError('BROKER_UNAVAILABLE', link.value.detail);
  }
  return nextValidId;
}

function withoutInternals(outcome: SubmitOutcome): SubmitResult {
  return outcome.kind === 'sent' ? { kind: 'sent', orderId: outcome.orderId } : outcome;
}

async function reconcileOrder(
  { ledger, broker }: Ports,
  intentId: Parameters<BrokerActivities['reconcileOrder']>[0],
): ReturnType<BrokerActivities['reconcileOrder']> {
  if ((await ledger.submission(intentId)) === null) return { kind: 'unclaimed' };
  const evidence = await broker.findOrder(intentId);
  if (evidence.found) {
    await ledger.recordBrokerEvents(evidence.events);
    return { kind: 'found' };
  }
  return { kind: evidence.complete ? 'absent' : 'unclear' };
}

/** Beats while `work` runs, so that a killed gateway is noticed within seconds. */
async function whileBeating<T>(work: () => Promise<T>): Promise<T> {
  const timer = setInterval(() => {
    heartbeat();
  }, heartbeatEveryMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
