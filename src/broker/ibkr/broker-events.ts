import type {
  CommissionReport,
  Contract,
  Execution as IbExecution,
  Order,
  OrderState,
} from '@stoqey/ib';
import { instantFromEpochMs } from '../../domain/time/instant.ts';
import type { BrokerEvent, BrokerIncident, Execution } from '../port.ts';
import type { Clock } from './clock.ts';
import { treatmentOf } from './error-table.ts';
import { LiveOrders } from './live-orders.ts';
import { fromWire } from './numbers.ts';
import { executionSeen, orderSeen } from './seen-order.ts';
import { FIRST_REQUEST_ID, type IbEvents, type IbListeners } from './wire-events.ts';

type Identity = { readonly orderRef: string | null; readonly permId: string | null };
type Translation = Pick<BrokerEvent, 'kind' | 'dedupKey'> & Partial<BrokerEvent>;
type Said<Name extends keyof IbEvents> = IbEvents[Name];

export type TranslatorOptions = {
  readonly clientId: number;
  readonly clock: Clock;
  readonly onEvent: (event: BrokerEvent) => void;
  /** Whether TWS serves that account to us. */
  readonly servesAccount: (account: string) => boolean;
  /** A message that cannot be what it says it is: for the operator's log. */
  readonly onFault: (cause: unknown) => void;
};

/**
 * Turns everything TWS says of orders into `BrokerEvent`s, in arrival order. It remembers which order an id
 * belongs to, because only some messages carry the orderRef; it keeps no order state and drops nothing.
 */
export class EventTranslator {
  /** To be the first listeners of the order session. */
  readonly listeners: IbListeners = {
    openOrder: (...said) => {
      this.#openOrder(said);
    },
    orderStatus: (...said) => {
      this.#orderStatus(said);
    },
    execDetails: (_id, contract, execution) => {
      this.#execution(contract, execution);
    },
    commissionReport: (report) => {
      const event = commissionOf(report, this.#byExecId);
      if (event !== null) this.#emit(event);
    },
    completedOrder: (contract, order, state) => {
      this.#emit(completedOf(contract, order, state));
    },
    error: (error, code, orderId) => {
      this.#error(error.message, code, orderId);
    },
  };
  readonly #options: TranslatorOptions;
  readonly #byOrderId = new Map<number, Identity>();
  readonly #refByPermId = new Map<string, string>();
  readonly #byExecId = new Map<string, Identity>();
  /** Orders with a modification or a cancel on its way: what TWS refuses now is that, not the order. */
  readonly #changes = new Map<number, string>();
  readonly #live = new LiveOrders();

  constructor(options: TranslatorOptions) {
    this.#options = options;
  }

  /** Tells which intent an order id of ours belongs to, before its bytes leave. */
  expect(orderId: number, orderRef: string): void {
    this.#byOrderId.set(orderId, { orderRef, permId: null });
  }

  /** Tells that a change of an order leaves now; `changeId` is that of the cancel or modification. */
  expectChange(orderId: number, changeId: string): void {
    this.#changes.set(orderId, changeId);
  }

  /** Says of an intent what nobody said but must be looked at. `detail` tells two of the same kind apart. */
  raise(incident: BrokerIncident, orderRef: string, detail: string): void {
    this.#emit({
      kind: 'incident',
      dedupKey: `incident:${incident}:${orderRef}:${detail}`,
      orderRef,
      incident,
    });
  }

  #openOrder([orderId, contract, order, state]: Said<'openOrder'>): void {
    if (order.whatIf === true) return;
    const permId = permIdOf(order.permId);
    const client = order.clientId ?? -1;
    const orderRef = textOrNull(order.orderRef);
    this.#learn(orderId, client, { orderRef, permId });
    this.#emit({
      kind: 'open-order',
      dedupKey: `open:${permId ?? `${client}/${orderId}`}:${state.status}`,
      orderRef,
      orderId,
      permId,
      clientId: order.clientId ?? null,
      status: state.status,
      order: orderSeen(contract, order),
    });
  }

  #orderStatus(said: Said<'orderStatus'>): void {
    const [orderId, status, filled, remaining, averagePrice, perm, , , client] = said;
    const permId = permIdOf(perm);
    const filledText = fromWire(filled);
    const key = permId ?? `${client ?? -1}/${orderId}`;
    this.#emit({
      kind: 'order-status',
      dedupKey: `status:${key}:${status}:${filledText ?? '?'}`,
      orderRef: this.#refOf(orderId, client ?? -1, permId),
      orderId,
      permId,
      clientId: client ?? null,
      status,
      filled: filledText,
      remaining: fromWire(remaining),
      averagePrice: fromWire(averagePrice),
    });
  }

  #execution(contract: Contract, execution: IbExecution): void {
    const permId = permIdOf(execution.permId);
    const orderId = execution.orderId ?? 0;
    const client = execution.clientId ?? -1;
    const orderRef = textOrNull(execution.orderRef) ?? this.#refOf(orderId, client, permId);
    this.#learn(orderId, client, { orderRef, permId });
    const translated = executionOf(execution);
    if (translated === null) {
      this.#options.onFault(new Error('an execution came without id, quantity or price'));
      return;
    }
    this.#byExecId.set(translated.execId, { orderRef, permId });
    this.#emit({
      kind: 'execution',
      dedupKey: `exec:${translated.execId}`,
      orderRef,
      orderId,
      permId,
      clientId: execution.clientId ?? null,
      filled: translated.cumulative,
      averagePrice: translated.averagePrice,
      execution: translated,
      order: executionSeen(contract, execution),
    });
  }

  #error(text: string, code: number, orderId: number): void {
    if (orderId < 0 || orderId >= FIRST_REQUEST_ID) return;
    const identity = this.#byOrderId.get(orderId);
    const change = this.#changes.get(orderId);
    const suffix = change === undefined ? '' : `:${change}`;
    this.#emit({
      kind: 'order-error',
      dedupKey: `error:${orderId}:${code}${suffix}`,
      orderRef: identity?.orderRef ?? null,
      orderId,
      permId: identity?.permId ?? null,
      clientId: this.#options.clientId,
      error: { code, text, treatment: treatmentOf(code, change === undefined ? 'new' : 'change') },
    });
  }

  #emit(translation: Translation): void {
    const receivedAt = instantFromEpochMs(this.#options.clock.wallMs());
    const event = { ...blank, receivedAt, ...translation };
    const account = event.order?.account ?? null;
    if (account !== null && !this.#options.servesAccount(account)) {
      this.#disbelieve(event);
      return;
    }
    this.#options.onEvent(event);
    const several = this.#live.note(event);
    if (several !== null && event.orderRef !== null) {
      this.raise('two-live-orders', event.orderRef, several.join('+'));
    }
  }

  /** Kept as it came, but said of nobody: neither an order of ours nor its executions may be moved by it. */
  #disbelieve(event: BrokerEvent): void {
    const { dedupKey, orderRef } = event;
    const nobody = { orderRef: null, orderId: null, permId: null, clientId: null };
    this.#options.onEvent({ ...event, ...nobody, dedupKey: `wrong-account:${dedupKey}` });
    this.#options.onFault(new Error(`TWS named an account that it does not serve: ${dedupKey}`));
    if (orderRef !== null) this.raise('wrong-account', orderRef, dedupKey);
  }

  #learn(orderId: number, client: number, identity: Identity): void {
    if (client === this.#options.clientId && orderId > 0) this.#byOrderId.set(orderId, identity);
    if (identity.permId !== null && identity.orderRef !== null) {
      this.#refByPermId.set(identity.permId, identity.orderRef);
    }
  }

  #refOf(orderId: number, client: number, permId: string | null): string | null {
    const byPerm = permId === null ? undefined : this.#refByPermId.get(permId);
    const isOurs = client === this.#options.clientId;
    return byPerm ?? (isOurs ? this.#byOrderId.get(orderId)?.orderRef : undefined) ?? null;
  }
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

/** Null where a part that every execution has is missing or one of IBKR's values for "unset". */
function executionOf(execution: IbExecution): Execution | null {
  const { execId = '' } = execution;
  const [quantity, price] = [fromWire(execution.shares), fromWire(execution.price)];
  if (execId === '' || quantity === null || price === null) return null;
  return {
    execId,
    quantity,
    price,
    cumulative: fromWire(execution.cumQty) ?? quantity,
    averagePrice: fromWire(execution.avgPrice) ?? price,
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

function completedOf(contract: Contract, order: Order, state: OrderState): Translation {
  const permId = permIdOf(order.permId);
  const orderRef = textOrNull(order.orderRef);
  return {
    kind: 'completed-order',
    dedupKey: `completed:${permId ?? orderRef ?? '?'}:${state.status}`,
    orderRef,
    permId,
    status: state.status,
    filled: fromWire(order.filledQuantity),
    order: orderSeen(contract, order),
  };
}
