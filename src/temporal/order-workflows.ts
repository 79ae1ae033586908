import {
  isGrpcServiceError,
  WithStartWorkflowOperation,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  type Client,
  type Workflow,
  type WorkflowStartOptions,
} from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import { GatewayError } from '../domain/errors.ts';
import type { IntentId } from '../domain/ids.ts';
import { orderSummary } from '../domain/order/summary.ts';
import type { OrderWorkflows } from '../operations/operation.ts';
import type { GateOutcome, Ledger, OrderView, StoredIntent } from '../store/port/ledger.ts';
import {
  brokerQueue,
  orderMessages,
  orderQueue,
  orderWorkflowId,
  searchAttributes,
  type PlaceOrderInput,
} from '../workflows/names.ts';

/** Times of the order workflow that an environment may set. */
export type OrderTimes = Pick<PlaceOrderInput, 'quarantineMs' | 'acknowledgeWithinMs'>;

type Options = {
  readonly client: Client;
  readonly ledger: Pick<Ledger, 'intent' | 'order'>;
  readonly accountGroup: string;
  readonly times: OrderTimes;
  /** How long a caller waits for the verdict, in milliseconds. */
  readonly answerWithinMs?: number;
};

/** Order workflows with what only the gateway and the sweeper need. */
export type OrderWorkflowClient = OrderWorkflows & {
  /** Says that the broker has spoken. False = no such workflow runs. */
  readonly news: (intentId: IntentId) => Promise<{ delivered: boolean }>;
};

const keys = {
  account: defineSearchAttributeKey(searchAttributes.account, 'KEYWORD'),
  symbol: defineSearchAttributeKey(searchAttributes.symbol, 'KEYWORD'),
  agent: defineSearchAttributeKey(searchAttributes.agent, 'KEYWORD'),
  state: defineSearchAttributeKey(searchAttributes.state, 'KEYWORD'),
};

/** The order workflows over a Temporal client. */
export function createOrderWorkflows(options: Options): OrderWorkflowClient {
  const { client } = options;
  const handle = (intentId: IntentId) => client.workflow.getHandle(orderWorkflowId(intentId));
  return {
    propose: (intentId) => propose(options, intentId),
    decided: (intentId, decision, ids) =>
      delivered(() =>
        client.withDeadline(Date.now() + deliverWithinMs, () =>
          handle(intentId).executeUpdate(orderMessages[decision], {
            args: [ids],
            updateId: ids.decisionId,
          }),
        ),
      ),
    withdrawn: (intentId) => delivered(() => handle(intentId).signal(orderMessages.withdrawn)),
    news: (intentId) => delivered(() => handle(intentId).signal(orderMessages.news)),
  };
}

const deliverWithinMs = 5000;

async function propose(options: Options, intentId: IntentId): Promise<GateOutcome> {
  const { client, ledger } = options;
  const intent = await ledger.intent(intentId);
  if (intent === null) throw new Error(`propose: ${intentId} is not in the ledger`);
  const startWorkflowOperation = new WithStartWorkflowOperation('placeOrder', {
    ...startOptions(options, intent),
    workflowIdConflictPolicy: 'USE_EXISTING',
  });
  try {
    return await client.withDeadline(Date.now() + (options.answerWithinMs ?? 15_000), () =>
      client.workflow.executeUpdateWithStart<Workflow, GateOutcome, []>(orderMessages.propose, {
        startWorkflowOperation,
        updateId: orderMessages.propose,
      }),
    );
  } catch (failure) {
    // The order has ended already: the ledger has the answer that its workflow gave.
    if (failure instanceof WorkflowExecutionAlreadyStartedError)
      return earlierAnswer(await ledger.order(intentId));
    if (isGrpcServiceError(failure) || isTimeout(failure)) {
      throw new GatewayError(
        'ENGINE_UNAVAILABLE',
        'the proposal is recorded; its verdict is not there yet',
        {
          hint: 'Ask again with the same idempotency key, or read the request by its id.',
          details: { intentId },
          cause: failure,
        },
      );
    }
    throw failure;
  }
}

function startOptions(
  { accountGroup, times }: Options,
  intent: StoredIntent,
): WorkflowStartOptions {
  const summary = orderSummary(intent.terms, intent.contract);
  const input: PlaceOrderInput = {
    intentId: intent.intentId,
    summary,
    brokerQueue: brokerQueue(accountGroup),
    ...times,
  };
  return {
    args: [input],
    taskQueue: orderQueue,
    workflowId: orderWorkflowId(intent.intentId),
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    // A task that the server has handed to a worker killed that very moment is handed out again after this.
    workflowTaskTimeout: '5 seconds',
    staticSummary: summary,
    typedSearchAttributes: [
      { key: keys.account, value: intent.terms.account },
      { key: keys.symbol, value: intent.contract.symbol },
      { key: keys.agent, value: intent.proposer },
      { key: keys.state, value: 'Proposed' },
    ],
  };
}

function earlierAnswer(view: OrderView | null): GateOutcome {
  if (view?.state === 'Halted' && view.verdict === null) return { kind: 'halted' };
  if (view?.verdict == null || view.simulation === null)
    throw new Error('an ended order has a verdict');
  const { verdict, simulation, approvalId, envelopeHash, expiresAt, autoApproved } = view;
  if (approvalId === null || envelopeHash === null || expiresAt === null)
    return { kind: 'denied', verdict, simulation };
  return {
    ...{ kind: 'awaiting', approvalId, envelopeHash, expiresAt, verdict, simulation },
    ...(autoApproved === null ? {} : { autoApproved }),
  };
}

/** A wake-up that may be lost: the row is the authority and the sweeper repeats it. Bugs still throw. */
async function delivered(send: () => Promise<unknown>): Promise<{ delivered: boolean }> {
  try {
    await send();
    return { delivered: true };
  } catch (failure) {
    if (
      failure instanceof WorkflowNotFoundError ||
      isGrpcServiceError(failure) ||
      isTimeout(failure)
    ) {
      return { delivered: false };
    }
    if (failure instanceof Error && failure.name === 'WorkflowUpdateFailedError')
      return { delivered: false };
    throw failure;
  }
}

function isTimeout(failure: unknown): boolean {
  return failure instanceof Error && /Timeout|ServiceError/.test(failure.name);
}
