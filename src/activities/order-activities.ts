import { randomBytes } from 'node:crypto';
import type { BrokerReads } from '../broker/port.ts';
import { sealEnvelope } from '../domain/approval/seal-envelope.ts';
import { GatewayError } from '../domain/errors.ts';
import { makeId, type DecisionId, type IntentId, type PrincipalId } from '../domain/ids.ts';
import type { OrderTerms } from '../domain/order/intent.ts';
import { allMissing, type BrokerFacts, type GateFacts } from '../domain/risk/facts.ts';
import { epochMs, instantFromEpochMs } from '../domain/time/instant.ts';
import type { AutoApproval, GateEvaluation, Ledger } from '../store/port/ledger.ts';
import type { OrderActivities } from './types.ts';

/** How long after its expiry a decision made in time may still be executed. */
const executionGraceMs = 30_000;

const worker = { kind: 'system', id: 'worker', channel: 'worker' } as const;

/** What the order activities need. `evaluate` is the gate with the loaded policy. */
type Ports = {
  readonly ledger: Ledger;
  readonly broker: Pick<BrokerReads, 'facts'>;
  readonly evaluate: (terms: OrderTerms, facts: GateFacts) => GateEvaluation;
  readonly environment: 'dev' | 'paper' | 'live';
  /** As the policy in force has it. */
  readonly approvals: () => { readonly ttlMs: number; readonly requiredApprovals: number };
  readonly autoApproval: AutoApproval | null;
  /** Whether the environment's policy lets a Temporal signal count as a decision. */
  readonly signalsCount: () => boolean;
};

/** The worker's activities: each one idempotent transaction of the ledger. */
export function createOrderActivities(ports: Ports): OrderActivities {
  const { ledger } = ports;
  return {
    gate: (input) => gate(ports, input),
    follow: (approvalId) => ledger.follow(approvalId),
    expire: (approvalId) => ledger.expire(approvalId, worker),
    recordSignalDecision: (input) => recordSignalDecision(ports, input),
    async applyNews(intentId) {
      const { state, terminal } = await ledger.applyBrokerEvents(intentId);
      const doubtful = state === 'Submitting' || state === 'Unconfirmed' || state === 'Approved';
      return { state, terminal, acknowledged: !doubtful };
    },
    markUnconfirmed: ({ intentId, why }) => ledger.markUnconfirmed(intentId, why, worker),
    markNotSent: ({ intentId, why }) => ledger.markNotSent(intentId, why, worker),
  };
}

async function gate(
  ports: Ports,
  { intentId, round }: { intentId: IntentId; round: number },
): ReturnType<OrderActivities['gate']> {
  const { ledger, environment } = ports;
  const { ttlMs, requiredApprovals } = ports.approvals();
  const intent = await ledger.intent(intentId);
  if (intent === null) throw new Error(`gate: ${intentId} is not in the ledger`);
  const approvalId = makeId('apr', randomBytes(20));
  return ledger.recordGate({
    intentId,
    round,
    approvalId,
    brokerFacts: await gatherFacts(ports.broker, intent.terms),
    ttlMs: Math.min(ttlMs, intent.validForMs ?? ttlMs),
    actor: worker,
    evaluate: ports.evaluate,
    autoApproval: ports.autoApproval,
    seal: ({ terms, contract, proposer, reason }, facts, evaluation, expiresAt) =>
      sealEnvelope({
        environment,
        approvalId,
        intentId,
        round,
        terms,
        contract,
        proposer,
        reason,
        facts,
        verdict: evaluation.verdict,
        simulation: evaluation.simulation,
        priceBand: evaluation.priceBand,
        requiredApprovals,
        expiresAt,
        executeBy: instantFromEpochMs(epochMs(expiresAt) + executionGraceMs),
      }),
  });
}

/**
 * All facts in one call. Where the gateway process cannot be reached every fact is missing, which no rule
 * passes: the order is denied with that reason instead of waiting for better days.
 */
export async function gatherFacts(
  broker: Pick<BrokerReads, 'facts'>,
  terms: OrderTerms,
): Promise<BrokerFacts> {
  try {
    return await broker.facts(terms);
  } catch (failure) {
    if (!(failure instanceof GatewayError) || !failure.code.startsWith('BROKER_')) throw failure;
    return allMissing('the broker gateway did not answer');
  }
}

const temporalOperator = 'opr_temporal' as PrincipalId;

async function recordSignalDecision(
  { ledger, signalsCount }: Ports,
  {
    decision,
    signal,
    intentId,
    signalIndex,
  }: Parameters<OrderActivities['recordSignalDecision']>[0],
): ReturnType<OrderActivities['recordSignalDecision']> {
  const { approvalId, reason } = readSignal(signal);
  if (!signalsCount() || approvalId === null) return { recorded: false, status: null };
  const receipt = await ledger.recordDecision({
    approvalId,
    intentId,
    // The same signal of the same order always makes the same row.
    decisionId: `dcn_${intentId.slice(4)}-${signalIndex}` as DecisionId,
    decision,
    principal: temporalOperator,
    channel: 'temporal',
    envelopeHash: null,
    reason,
    actor: { kind: 'human', id: temporalOperator, channel: 'temporal' },
  });
  return { recorded: receipt.kind === 'recorded', status: receipt.status };
}

/** A signal is whatever somebody typed: nothing of its shape is trusted. */
function readSignal(signal: unknown): {
  approvalId: Parameters<Ledger['follow']>[0] | null;
  reason: string | null;
} {
  const fields =
    typeof signal === 'object' && signal !== null ? (signal as Record<string, unknown>) : {};
  const { approvalId, reason } = fields;
  return {
    approvalId:
      typeof approvalId === 'string' && /^apr_[0-9a-z]{20}$/.test(approvalId)
        ? (approvalId as Parameters<Ledger['follow']>[0])
        : null,
    reason: typeof reason === 'string' ? reason.slice(0, 500) : null,
  };
}
