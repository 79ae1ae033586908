import { randomBytes } from 'node:crypto';
import type { BrokerEvent } from '../../src/broker/port.ts';
import type { Actor } from '../../src/domain/audit/event.ts';
import { makeId, type AccountId, type ConId, type PrincipalId } from '../../src/domain/ids.ts';
import type { ApprovalId, DecisionId, IntentId } from '../../src/domain/ids.ts';
import { dec, decimalText, type DecimalText } from '../../src/domain/money/decimal.ts';
import type { Currency } from '../../src/domain/money/money.ts';
import type { EnvelopeHash } from '../../src/domain/order/envelope.ts';
import { epochMs, instantFromEpochMs, type Instant } from '../../src/domain/time/instant.ts';
import { allMissing, type BrokerFacts } from '../../src/domain/risk/facts.ts';
import type { Store } from '../../src/store/port.ts';
import type {
  DecisionInput,
  GateInput,
  GateOutcome,
  NewIntent,
  SubmitInput,
} from '../../src/store/port/ledger.ts';

/** Orders in every stage of their life, made through the store's own doors. */

const agent: Actor = { kind: 'agent', id: 'agt_test', channel: 'mcp' };
export const worker: Actor = { kind: 'system', id: 'worker', channel: 'worker' };
const alice = 'opr_alice' as PrincipalId;
export const human: Actor = { kind: 'human', id: alice, channel: 'http' };
const conId = 265598 as ConId;

export const newIntentId = (): IntentId => makeId('int', randomBytes(20));
export const newApprovalId = (): ApprovalId => makeId('apr', randomBytes(20));
const newDecisionId = (): DecisionId => makeId('dcn', randomBytes(20));

export function newIntent(change: Partial<NewIntent> & { account?: string } = {}): NewIntent {
  const { account = 'DU1000001', ...rest } = change;
  return {
    intentId: newIntentId(),
    proposer: 'agt_test' as PrincipalId,
    idempotencyKey: randomBytes(8).toString('hex'),
    bodyHash: 'sha256:body',
    terms: {
      account: account as AccountId,
      conId,
      side: 'BUY',
      quantity: '10' as DecimalText,
      orderType: 'LMT',
      limitPrice: '189.5' as DecimalText,
      stopPrice: null,
      trailingAmount: null,
      trailingPercent: null,
      limitOffset: null,
      goodTillDate: null,
      tif: 'DAY',
      outsideRth: false,
      constraints: null,
    },
    contract: {
      conId,
      symbol: 'AAPL',
      secType: 'STK',
      exchange: 'SMART',
      primaryExchange: 'NASDAQ',
      currency: 'USD' as Currency,
      longName: 'Apple Inc.',
    },
    reason: 'a test of the ledger',
    strategyTag: null,
    validForMs: null,
    actor: agent,
    ...rest,
  };
}

const at = '2026-11-24T14:30:00.000Z' as Instant;
export const noFacts: BrokerFacts = allMissing('not in this test');

/** Passes while what is reserved plus this order stays within the limit. */
export function limitedTo(limit: string): GateInput['evaluate'] {
  return (terms, facts) => {
    const own = dec(terms.quantity).times(dec(terms.limitPrice ?? '0'));
    const held = facts.ledger.value.reservations.reduce(
      (sum, { notional }) => sum.plus(dec(notional)),
      own,
    );
    return {
      verdict: {
        outcome: held.lte(dec(limit)) ? 'pass' : 'deny',
        warnings: 0,
        rules: [],
        policyVersion: '1',
        policyHash: 'sha256:policy',
      },
      simulation: { status: 'no-price', missing: 'not in this test' },
      priceBand: { low: '180' as DecimalText, high: '200' as DecimalText },
      reservedNotional: decimalText(own),
    };
  };
}
const pass = limitedTo('1000000000');

export function gateInput(intentId: IntentId, change: Partial<GateInput> = {}): GateInput {
  const approvalId = change.approvalId ?? newApprovalId();
  const round = change.round ?? 1;
  return {
    intentId,
    round,
    approvalId,
    brokerFacts: noFacts,
    ttlMs: 60_000,
    actor: worker,
    evaluate: pass,
    seal: sealWith(1, approvalId, round),
    autoApproval: null,
    ...change,
  };
}

export function sealWith(
  requiredApprovals: number,
  approvalId: ApprovalId,
  round = 1,
): GateInput['seal'] {
  return ({ intentId, terms, contract, proposer, reason }, _facts, evaluation, expiresAt) => ({
    version: 1,
    environment: 'dev',
    action: 'place',
    approvalId,
    intentId,
    round,
    terms,
    contract,
    simulation: evaluation.simulation,
    whatIf: null,
    quote: { bid: null, ask: null, last: null, kind: 'live', receivedAt: at },
    priceBand: evaluation.priceBand,
    portfolioGeneration: 1,
    positionBefore: '0' as DecimalText,
    verdict: evaluation.verdict,
    proposer,
    reason,
    requiredApprovals,
    expiresAt,
    executeBy: instantFromEpochMs(epochMs(expiresAt) + 30_000),
  });
}

export type Awaiting = Extract<GateOutcome, { kind: 'awaiting' }>;

/** An order that awaits its approval. */
export async function awaiting(
  { ledger }: Store,
  change: Partial<GateInput> & { intent?: NewIntent } = {},
): Promise<Awaiting & { intentId: IntentId }> {
  const { intent = newIntent(), ...input } = change;
  await ledger.recordIntent(intent);
  const outcome = await ledger.recordGate(gateInput(intent.intentId, input));
  if (outcome.kind !== 'awaiting') throw new Error(`the gate said ${outcome.kind}`);
  return { ...outcome, intentId: intent.intentId };
}

export function decisionOn(
  request: { approvalId: ApprovalId; envelopeHash: EnvelopeHash },
  change: Partial<DecisionInput> = {},
): DecisionInput {
  return {
    approvalId: request.approvalId,
    decisionId: newDecisionId(),
    decision: 'grant',
    principal: alice,
    channel: 'http',
    envelopeHash: request.envelopeHash,
    reason: null,
    actor: human,
    ...change,
  };
}

/** An order that a person has granted. */
export async function granted(
  store: Store,
  change: Parameters<typeof awaiting>[1] = {},
): Promise<Awaiting & { intentId: IntentId }> {
  const request = await awaiting(store, change);
  const receipt = await store.ledger.recordDecision(decisionOn(request));
  if (receipt.kind !== 'recorded') throw new Error(`the decision was refused: ${receipt.code}`);
  return request;
}

export function submitInput(
  { intentId, approvalId }: { intentId: IntentId; approvalId: ApprovalId },
  change: Partial<SubmitInput> = {},
): SubmitInput {
  return {
    intentId,
    approvalId,
    clientId: 11,
    nextValidId: 1,
    brokerFacts: noFacts,
    actor: { kind: 'system', id: 'gateway', channel: 'gateway' },
    evaluate: pass,
    findBreaches: () => [],
    actionOn: () => 'ask',
    autoApproval: null,
    mayWrite: () => true,
    write: () => undefined,
    barrier: () => Promise.resolve(),
    ...change,
  };
}

/** An order that was sent, with its order id. */
export async function sent(
  store: Store,
  change: Parameters<typeof awaiting>[1] = {},
): Promise<{ intentId: IntentId; approvalId: ApprovalId; orderId: number }> {
  const request = await granted(store, change);
  const outcome = await store.ledger.submit(submitInput(request));
  if (outcome.kind !== 'sent') throw new Error(`the order came to ${outcome.kind}`);
  return { ...request, orderId: outcome.orderId };
}

let moment = 0;

/** A broker event, by default of nothing in particular. */
export function brokerEvent(change: Partial<BrokerEvent>): BrokerEvent {
  moment += 1;
  return {
    dedupKey: `test:${moment}`,
    kind: 'order-status',
    orderRef: null,
    orderId: null,
    permId: null,
    clientId: 11,
    receivedAt: instantFromEpochMs(epochMs(at) + moment),
    status: null,
    filled: null,
    remaining: null,
    averagePrice: null,
    execution: null,
    commission: null,
    error: null,
    ...change,
  };
}

export function statusEvent(orderRef: string, status: string, filled = '0'): BrokerEvent {
  return brokerEvent({
    dedupKey: `status:9${orderRef}:${status}:${filled}`,
    orderRef,
    permId: `9${orderRef}`,
    status,
    filled: filled as DecimalText,
  });
}

export function fillEvent(
  orderRef: string,
  execId: string,
  quantity: string,
  price = '189',
): BrokerEvent {
  return brokerEvent({
    kind: 'execution',
    dedupKey: `exec:${execId}`,
    orderRef,
    permId: `9${orderRef}`,
    execution: {
      execId,
      quantity: quantity as DecimalText,
      price: price as DecimalText,
      cumulative: quantity as DecimalText,
      averagePrice: price as DecimalText,
      side: 'BUY',
      time: '20261124 10:31:02 US/Eastern',
    },
  });
}

export function commissionEvent(execId: string, amount: string): BrokerEvent {
  return brokerEvent({
    kind: 'commission',
    dedupKey: `commission:${execId}`,
    commission: { execId, amount: amount as DecimalText, currency: 'USD' },
  });
}
