// A broker of ours against a gateway on this machine, with every deadline small, and orders to send with it.
import {
  approveCancel,
  cancelHash,
  type ApprovedCancel,
  type CancelEnvelope,
  type CancelTarget,
} from '../../src/domain/approval/approved-cancel.ts';
import {
  approveModify,
  modifyHash,
  type ApprovedModify,
  type ModifyEnvelope,
} from '../../src/domain/approval/approved-modify.ts';
import { approveOrder, type ApprovedOrder } from '../../src/domain/approval/approved-order.ts';
import type {
  AccountId,
  ApprovalId,
  ConId,
  DecisionId,
  IntentId,
  PrincipalId,
} from '../../src/domain/ids.ts';
import { makeId } from '../../src/domain/ids.ts';
import type { Contract } from '../../src/domain/instrument/contract.ts';
import { decimalText } from '../../src/domain/money/decimal.ts';
import type { Currency } from '../../src/domain/money/money.ts';
import { envelopeHash, type ApprovalEnvelope } from '../../src/domain/order/envelope.ts';
import type { OrderTerms } from '../../src/domain/order/intent.ts';
import { instantFromEpochMs } from '../../src/domain/time/instant.ts';
import type { BrokerEvent } from '../../src/broker/port.ts';
import { startIbkrBroker, type IbkrBroker } from '../../src/broker/ibkr/broker.ts';
import type { IbkrBrokerOptions } from '../../src/broker/ibkr/broker-parts.ts';
import type { BrokerTiming } from '../../src/broker/ibkr/broker-timing.ts';

export const account = 'DU1234567' as AccountId;
export const appleId = 265598 as ConId;
export const apple: Contract = {
  conId: appleId,
  symbol: 'AAPL',
  secType: 'STK',
  exchange: 'SMART',
  primaryExchange: 'NASDAQ',
  currency: 'USD' as Currency,
  longName: 'APPLE INC',
};

/** Small deadlines; the ones that a test is about are given by it. */
const quick: Partial<BrokerTiming> = {
  firstMs: 20,
  longestMs: 200,
  clientIdBusyMs: 50,
  stableMs: 50,
  readyDeadlineMs: 2_000,
  startDeadlineMs: 3_000,
  pingEveryMs: 200,
  pingDeadlineMs: 2_000,
  readDeadlineMs: 2_000,
  quoteDeadlineMs: 3_000,
  snapshotDeadlineMs: 1_000,
  pnlDeadlineMs: 300,
  whatIfDeadlineMs: 3_000,
  evidenceDeadlineMs: 2_000,
  searchEveryMs: 20,
  factWaitMs: 6_000,
  // Bars of the simulated gateway are worked out on the thread of the test: only where they are wanted.
  warmEveryMs: 3_600_000,
};

export type TestBroker = {
  readonly broker: IbkrBroker;
  readonly events: BrokerEvent[];
  readonly links: string[];
  readonly faults: unknown[];
};

export async function startTestBroker(
  port: number,
  options: Partial<IbkrBrokerOptions> = {},
): Promise<TestBroker> {
  const faults: unknown[] = [];
  const broker = await startIbkrBroker({
    host: '127.0.0.1',
    port,
    environment: 'dev',
    writeClientId: 11,
    readClientId: 12,
    onFault: (cause) => faults.push(cause),
    ...options,
    timing: { ...quick, ...options.timing },
  });
  const events: BrokerEvent[] = [];
  const links: string[] = [];
  broker.onEvent((event) => events.push(event));
  broker.onLink((state) => links.push(state.state));
  return { broker, events, links, faults };
}

/** Waits until `look` gives something; the deadline only bounds a test that has failed. */
export async function until<T>(look: () => T | undefined | false | null, deadlineMs = 8_000) {
  const giveUpAt = Date.now() + deadlineMs;
  for (;;) {
    const seen = look();
    if (seen !== undefined && seen !== false && seen !== null) return seen;
    if (Date.now() > giveUpAt) throw new Error('it did not happen');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export const limitBuy: OrderTerms = {
  account,
  conId: appleId,
  side: 'BUY',
  quantity: decimalText('5'),
  orderType: 'LMT',
  limitPrice: decimalText('150.25'),
  stopPrice: null,
  trailingAmount: null,
  trailingPercent: null,
  limitOffset: null,
  goodTillDate: null,
  tif: 'DAY',
  outsideRth: false,
  constraints: null,
};

let counter = 0;

/** A fresh intent id. */
export function newIntentId(): IntentId {
  counter += 1;
  const bytes = new Uint8Array(20);
  new DataView(bytes.buffer).setUint32(0, counter);
  for (let i = 4; i < 20; i += 1) bytes[i] = Math.floor(Math.random() * 256);
  return makeId('int', bytes);
}

function envelopeFor(terms: OrderTerms, changes: Partial<ApprovalEnvelope> = {}): ApprovalEnvelope {
  return {
    version: 1,
    environment: 'dev',
    action: 'place',
    approvalId: 'apr_00000000000000000001' as ApprovalId,
    intentId: newIntentId(),
    round: 1,
    terms,
    contract: apple,
    simulation: { status: 'no-price', missing: 'not simulated in this test' },
    whatIf: null,
    quote: {
      bid: null,
      ask: null,
      last: null,
      kind: 'live',
      receivedAt: instantFromEpochMs(Date.now()),
    },
    priceBand: { low: decimalText('1'), high: decimalText('1000') },
    portfolioGeneration: 1,
    positionBefore: decimalText('0'),
    verdict: {
      outcome: 'pass',
      warnings: 0,
      rules: [],
      policyVersion: '1',
      policyHash: `sha256:${'0'.repeat(64)}`,
    },
    proposer: 'agt_test' as PrincipalId,
    reason: 'a test of the adapter',
    requiredApprovals: 1,
    expiresAt: instantFromEpochMs(Date.now() + 60_000),
    executeBy: instantFromEpochMs(Date.now() + 90_000),
    ...changes,
  };
}

/** An approved order with the id that the broker would take next. */
export function approved(
  orderId: number,
  terms: OrderTerms = limitBuy,
  changes: Partial<ApprovalEnvelope> = {},
): ApprovedOrder {
  const envelope = envelopeFor(terms, changes);
  return approveOrder({
    envelope,
    signedHash: envelopeHash(envelope),
    decisionIds: ['dcn_00000000000000000001' as DecisionId],
    orderId,
    claimedAt: instantFromEpochMs(Date.now()),
  });
}

/** A cancel of one of our orders that may leave. */
export function approvedCancel(
  target: Partial<CancelTarget>,
  changes: Partial<CancelEnvelope> = {},
): ApprovedCancel {
  counter += 1;
  const envelope: CancelEnvelope = {
    version: 1,
    environment: 'dev',
    action: 'cancel',
    cancelId: `cxl_${counter}`,
    target: { account, orderId: 1, clientId: 11, permId: '', ...target },
    requester: 'agt_test',
    reason: 'a test of the adapter',
    requiredApprovals: 0,
    executeBy: instantFromEpochMs(Date.now() + 60_000),
    ...changes,
  };
  const claimedAt = instantFromEpochMs(Date.now());
  return approveCancel({ envelope, signedHash: cancelHash(envelope), decisionIds: [], claimedAt });
}

/** A modification of an order that was placed with `approved` and has that permId. */
export function approvedModify(
  order: ApprovedOrder,
  after: Partial<OrderTerms>,
  changes: Partial<ModifyEnvelope> = {},
): ApprovedModify {
  counter += 1;
  const envelope: ModifyEnvelope = {
    version: 1,
    environment: 'dev',
    action: 'modify',
    modifyId: `mod_${counter}`,
    intentId: order.intentId,
    orderId: order.orderId,
    clientId: 11,
    permId: '9001',
    contract: order.contract,
    before: order.terms,
    after: { ...order.terms, ...after },
    requester: 'agt_test',
    reason: 'a test of the adapter',
    requiredApprovals: 1,
    executeBy: instantFromEpochMs(Date.now() + 60_000),
    ...changes,
  };
  return approveModify({
    envelope,
    signedHash: modifyHash(envelope),
    decisionIds: ['dcn_00000000000000000001' as DecisionId],
    claimedAt: instantFromEpochMs(Date.now()),
  });
}
