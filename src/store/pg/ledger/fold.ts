import type { BrokerEvent } from '../../../broker/port.ts';
import { dec, decimalText, type Dec, type DecimalText } from '../../../domain/money/decimal.ts';
import { transition, type OrderEvent, type OrderState } from '../../../domain/order/lifecycle.ts';

/** What the stored events of an order add up to, replaced executions left out. */
export type Fills = {
  readonly quantity: DecimalText;
  /** Σ quantity × price. */
  readonly value: DecimalText;
  /** The highest cumulative quantity that a status message named. */
  readonly named: DecimalText;
};

export type Step = {
  readonly event: OrderEvent;
  readonly from: OrderState;
  /** Null = the table has no such step: the order stays what it is. */
  readonly to: OrderState | null;
  /** The message that said so; null for fills, which are the sum of several. */
  readonly dedupKey: string | null;
};

const acknowledging: ReadonlySet<string> = new Set([
  'PendingSubmit',
  'ApiPending',
  'PreSubmitted',
  'Submitted',
  'PendingCancel',
]);
const ending: Readonly<Record<string, OrderEvent>> = {
  Cancelled: 'BrokerCancelled',
  ApiCancelled: 'BrokerCancelled',
  Inactive: 'BrokerDeactivated',
};

/** Executions count; a status that names more than they add up to is ahead of them, or all that is left of them. */
export function filledQuantity(fills: Fills): Dec {
  const [executed, named] = [dec(fills.quantity), dec(fills.named)];
  return named.gt(executed) ? named : executed;
}

/**
 * The steps that unapplied events make from a state. Messages arrive in any order, so the first acknowledgement
 * comes first, then the fills as one sum, then the other words in the order of their arrival: a fill that
 * crossed a cancel on the wire is not lost by either of them.
 */
export function foldSteps(
  state: OrderState,
  events: readonly BrokerEvent[],
  order: { readonly quantity: DecimalText; readonly before: DecimalText; readonly fills: Fills },
): readonly Step[] {
  const steps: Step[] = [];
  let now = state;
  const take = (event: OrderEvent, dedupKey: string | null): void => {
    const to = transition(now, event);
    steps.push({ event, from: now, to, dedupKey });
    now = to ?? now;
  };
  const isFirstWord = state === 'Submitting' || state === 'Unconfirmed';
  const first = isFirstWord ? events.find((event) => meaning(event) === 'Acknowledged') : undefined;
  if (first !== undefined) take('Acknowledged', first.dedupKey);
  const filled = filledQuantity(order.fills);
  if (filled.gt(dec(order.before)))
    take(filled.gte(dec(order.quantity)) ? 'FullyFilled' : 'PartlyFilled', null);
  for (const event of events) {
    const word = meaning(event);
    if (word !== null && event !== first) take(word, event.dedupKey);
  }
  return steps;
}

/** What a message says of the order's life by itself; fills are counted, not read from words. */
function meaning({ error, status, kind }: BrokerEvent): OrderEvent | null {
  if (error !== null) {
    if (error.treatment === 'rejected') return 'BrokerRejected';
    return error.treatment === 'cancelled' ? 'BrokerCancelled' : null;
  }
  if (status === null || kind === 'execution' || kind === 'commission') return null;
  return acknowledging.has(status) ? 'Acknowledged' : (ending[status] ?? null);
}

/** Σ value ÷ Σ quantity to 8 decimals, or the status message's own average where executions are missing. */
export function averagePrice(fills: Fills, events: readonly BrokerEvent[]): DecimalText | null {
  const executed = dec(fills.quantity);
  if (executed.gt(0) && executed.gte(dec(fills.named)))
    return decimalText(dec(fills.value).div(executed).toDecimalPlaces(8));
  const named = events.findLast(
    ({ averagePrice: price, filled }) => price !== null && filled !== null && /[1-9]/.test(filled),
  );
  return named?.averagePrice ?? null;
}

/** States in which the broker's word is no news: the order never left, as far as we have proof. */
const neverSent: ReadonlySet<OrderState> = new Set([
  'Proposed',
  'Denied',
  'AwaitingApproval',
  'Declined',
  'Expired',
  'Withdrawn',
  'Approved',
  'Stale',
  'Halted',
  'NotSent',
]);

/**
 * Whether a step that the table refuses must be looked at by a person: anything about an order that never left,
 * and fills of one that was refused. Late echoes of what is known are not.
 */
export function isAlarming({ from, to, event }: Step): boolean {
  if (to !== null) return false;
  if (neverSent.has(from)) return true;
  return from !== 'Filled' && (event === 'PartlyFilled' || event === 'FullyFilled');
}
