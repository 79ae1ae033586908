import {
  condition,
  defineQuery,
  defineSignal,
  defineUpdate,
  setHandler,
} from '@temporalio/workflow';
import type { ApprovalId } from '../domain/ids.ts';
import type { OrderState } from '../domain/order/lifecycle.ts';
import type { GateOutcome } from '../store/port/ledger.ts';
import {
  orderMessages,
  type DecisionHint,
  type OrderDescription,
  type PlaceOrderInput,
  type SignalDecision,
} from './names.ts';

/**
 * What has arrived for an order and is not yet acted on. Handlers only note; the workflow's main line acts. A
 * message is never an authority: it says where to look.
 */
export type Inbox = {
  /** The answer of the first gate round, for the proposer. */
  firstGate: GateOutcome | null;
  /** The approval request that is open now. */
  approvalId: ApprovalId | null;
  expiresAt: string | null;
  /** A row about the open approval has been written: decision or withdrawal. */
  decided: 'grant' | 'other' | null;
  readonly signals: {
    readonly decision: 'grant' | 'deny';
    readonly signal: SignalDecision;
    readonly index: number;
  }[];
  signalCount: number;
  /** The broker has said something. */
  news: boolean;
};

const propose = defineUpdate<GateOutcome>(orderMessages.propose);
const grant = defineUpdate<OrderDescription, [DecisionHint]>(orderMessages.grant);
const deny = defineUpdate<OrderDescription, [DecisionHint]>(orderMessages.deny);
const approveSignal = defineSignal<[SignalDecision]>(orderMessages.approveSignal);
const denySignal = defineSignal<[SignalDecision]>(orderMessages.denySignal);
const withdrawn = defineSignal(orderMessages.withdrawn);
const news = defineSignal(orderMessages.news);
const describe = defineQuery<OrderDescription>(orderMessages.describe);

/** Installs every handler of an order workflow, each with a description for the Temporal UI. */
export function installHandlers(
  input: PlaceOrderInput,
  standing: () => { readonly state: OrderState; readonly round: number },
): Inbox {
  const inbox: Inbox = {
    firstGate: input.following?.firstGate ?? null,
    approvalId: null,
    expiresAt: null,
    decided: null,
    signals: [],
    signalCount: 0,
    news: false,
  };
  const description = (): OrderDescription => ({
    intentId: input.intentId,
    ...standing(),
    approvalId: inbox.approvalId,
    expiresAt: inbox.expiresAt,
  });
  setHandler(
    propose,
    async () => {
      await condition(() => inbox.firstGate !== null);
      return inbox.firstGate as GateOutcome;
    },
    { description: 'Waits for the verdict of the first gate round.' },
  );
  setHandler(describe, description, { description: 'Where the order stands.' });
  setHandler(news, () => void (inbox.news = true), {
    description: 'The broker has said something (gateway only).',
  });
  setHandler(withdrawn, () => void (inbox.decided ??= 'other'), {
    description: 'The proposer has withdrawn the request (api and mcp only).',
  });
  installDecisionHandlers(inbox, description);
  return inbox;
}

function installDecisionHandlers(inbox: Inbox, description: () => OrderDescription): void {
  const validator = (hint: unknown): void => {
    if (inbox.approvalId === null) throw new Error('nothing waits for a decision');
    if (approvalIdOf(hint) !== inbox.approvalId)
      throw new Error('another approval request is open');
  };
  setHandler(
    grant,
    () => {
      inbox.decided ??= 'grant';
      return description();
    },
    {
      validator,
      description:
        'A grant row waits in the ledger (api only; the row authorises, not this update).',
    },
  );
  setHandler(
    deny,
    () => {
      inbox.decided ??= 'other';
      return description();
    },
    { validator, description: 'A deny row waits in the ledger (api only).' },
  );
  const note = (decision: 'grant' | 'deny') => (signal: SignalDecision) => {
    inbox.signals.push({ decision, signal, index: inbox.signalCount });
    inbox.signalCount += 1;
  };
  setHandler(approveSignal, note('grant'), {
    description:
      'Approve: input {"approvalId":"apr_…"} as shown in the details. Counts only where the policy allows it.',
  });
  setHandler(denySignal, note('deny'), {
    description: 'Decline: input {"approvalId":"apr_…","reason":"…"}.',
  });
}

/** Reads the approval id of whatever somebody sent, without trusting its shape. */
function approvalIdOf(message: unknown): unknown {
  if (typeof message !== 'object' || message === null) return undefined;
  return (message as { readonly approvalId?: unknown }).approvalId;
}
