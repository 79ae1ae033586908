import type {
  CommissionReport,
  Contract,
  Execution as IbExecution,
  Order,
  OrderState,
} from '@stoqey/ib';
import { instantFromEpochMs } from '../../domain/time/instant.ts';
import { decimalText } from '../../domain/money/decimal.ts';
import type { BrokerEvent, Execution } from '../port.ts';
import type { Clock } from './clock.ts';
import { treatmentOf } from './error-table.ts';
import { fromWire } from './numbers.ts';
import { FIRST_REQUEST_ID, type IbListeners } from './wire-events.ts';

/**
 * Turns everything TWS says of orders into `BrokerEvent`s, in arrival order. It remembers which order an id
 * belongs to, because only some messages carry the orderRef; it keeps no order state and drops nothing.
 */
export type EventTranslator = {
  readonly listeners: IbListeners;
  /** Tells which intent an order id of ours belongs to, before its bytes leave. */
  readonly expect: (orderId: number, orderRef: string) => void;
};

type Identity = { readonly orderRef: string | null; readonly permId: string | null };
type Translation = Pick<BrokerEvent, 'kind' | 'dedupKey'> & Partial<BrokerEvent>;

export function createEventTranslator(
  clientId: number,
  clock: Clock,
  onEvent: (event: BrokerEvent) => void,
): EventTranslator {
  const byOrderId = new Map<number, Identity>();
  const byPermId = new Map<string, string>();
  const byExecId = new Map<string, Identity>();

  const emit = (translation: Translation): void => {
    onEvent({
      ...blank,
      receivedAt: instantFromEpochMs(clock.wallMs()),
      ...translation,
    });
  };
  const learn = (orderId: number, client: number, identity: Identity): void => {
    if (client === clientId && orderId > 0) byOrderId.set(orderId, identity);
    if (identity.permId !== null && identity.orderRef !== null) {
      byPermId.set(identity.permId, identity.orderRef);
    }
  };
  const refOf = (orderId: number, client: number, permId: string | null): string | null =>
    (permId === null ? undefined : byPermId.get(permId)) ??
    (client === clientId ? byOrderId.get(orderId)?.orderRef : undefined) ??
    null;

  const onExecution = (_id: number, _contract: Contract, execution: IbExecution): void => {
    const permId = permIdOf(execution.permId);
    const orderId = execution.orderId ?? 0;
    const client = execution.clientId ?? -1;
    const orderRef = textOrNull(execution.orderRef) ?? refOf(orderId, client, permId);
    learn(orderId, client, { orderRef, permId });
    const translated = executionOf(execution);
    byExecId.set(translated.execId, { orderRef, permId });
    emit({
      kind: 'execution',
      dedupKey: `exec:${translated.execId}`,
      orderRef,
      orderId,
      permId,
      clientId: execution.clientId ?? null,
      filled: translated.cumulative,
      averagePrice: translated.averagePrice,
      execution: translated,
    });
  };
  return {
    expect: (orderId, orderRef) => {
      byOrderId.set(orderId, { orderRef, permId: null });
    },
    listeners: {
      openOrder: (orderId, _contract, order, state) => {
        if (order.whatIf === true) return;
        const permId = permIdOf(order.permId);
        const client = order.clientId ?? -1;
        const orderRef = textOrNull(order.orderRef);
        learn(orderId, client, { orderRef, permId });
        emit({
          kind: 'open-order',
          dedupKey: `open:${permId ?? `${client}/${orderId}`}:${state.status}`,
          orderRef,
          orderId,
          permId,
          clientId: order.clientId ?? null,
          status: state.status,
        });
      },
      orderStatus: (orderId, status, filled, remaining, averagePrice, perm, _p, _l, client) => {
        const permId = permIdOf(perm);
        const filledText = fromWire(filled);
        const key = permId ?? `${client ?? -1}/${orderId}`;
        emit({
          kind: 'order-status',
          dedupKey: `status:${key}:${status}:${filledText ?? '?'}`,
          orderRef: refOf(orderId, client ?? -1, permId),
          orderId,
          permId,
          clientId: client ?? null,
          status,
          filled: filledText,
          remaining: fromWire(remaining),
          averagePrice: fromWire(averagePrice),
        });
      },
      execDetails: onExecution,
      commissionReport: (report) => {
        const event = commissionOf(report, byExecId);
        if (event !== null) emit(event);
      },
      completedOrder: (_contract, order, state) => {
        emit(completedOf(order, state));
      },
      error: (error, code, orderId) => {
        if (orderId < 0 || orderId >= FIRST_REQUEST_ID) return;
        const identity = byOrderId.get(orderId);
        emit({
          kind: 'order-error',
          dedupKey: `error:${orderId}:${code}`,
          orderRef: identity?.orderRef ?? null,
          orderId,
          permId: identity?.permId ?? null,
          clientId,
          error: { code, text: error.message, treatment: treatmentOf(code, 'new') },
        });
      },
    },
  };
}

const blank = {
  orderRef: null,
  orderId: null,
  permId: null,
  clientId: null,
  status: null,
  filled: null,
  remaining: null,
  averagePrice: null,
  execution: null,
  commission: null,
  error: null,
} as const;

/** IBKR's permId as text; 0 and unset mean that it is not known yet. */
export function permIdOf(permId: number | undefined): string | null {
  return permId === undefined || permId === 0 || Number.isNaN(permId) ? null : String(permId);
}

function textOrNull(text: string | undefined): string | null {
  return text === undefined || text === '' ? null : text;
}

function executionOf(execution: IbExecution): Execution {
  const nought = decimalText('0');
  return {
    execId: execution.execId ?? '',
    quantity: fromWire(execution.shares) ?? nought,
    price: fromWire(execution.price) ?? nought,
    cumulative: fromWire(execution.cumQty) ?? nought,
    averagePrice: fromWire(execution.avgPrice) ?? nought,
    side: execution.side === 'SLD' ? 'SELL' : 'BUY',
    time: execution.time ?? '',
  };
}

function commissionOf(
  report: CommissionReport,
  byExecId: ReadonlyMap<string, Identity>,
): Translation | null {
  const execId = report.execId ?? '';
  const amount = fromWire(report.commission);
  // A report without an amount is IBKR's "not known yet"; the amount follows under the same execId.
  if (execId === '' || amount === null) return null;
  const identity = byExecId.get(execId);
  return {
    kind: 'commission',
    dedupKey: `commission:${execId}`,
    orderRef: identity?.orderRef ?? null,
    permId: identity?.permId ?? null,
    commission: { execId, amount, currency: report.currency ?? '' },
  };
}

function completedOf(order: Order, state: OrderState): Translation {
  const permId = permIdOf(order.permId);
  const orderRef = textOrNull(order.orderRef);
  return {
    kind: 'completed-order',
    dedupKey: `completed:${permId ?? orderRef ?? '?'}:${state.status}`,
    orderRef,
    permId,
    status: state.status,
    filled: fromWire(order.filledQuantity),
  };
}
