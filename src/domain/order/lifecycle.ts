/**
 * The life of an order: one table, illegal transitions refused. Words are used strictly: Denied our gate,
 * Declined a human, Rejected the broker, Expired the timer, Withdrawn the proposer, Cancelled after acceptance,
 * Halted the kill switch, NotSent proven never to have reached the broker, Unconfirmed not yet known.
 * Pure: it also runs inside workflows.
 */
export const orderStates = [
  'Proposed',
  'Denied',
  'AwaitingApproval',
  'Declined',
  'Expired',
  'Withdrawn',
  'Approved',
  'Stale',
  'Halted',
  'Submitting',
  'Working',
  'PartiallyFilled',
  'Filled',
  'Cancelled',
  'Rejected',
  'Inactive',
  'Unconfirmed',
  'NotSent',
] as const;
export type OrderState = (typeof orderStates)[number];

/** What can happen to an order. Events are past tense; each has an audit event of the same meaning. */
export const orderEvents = [
  'GatePassed',
  'GateDenied',
  'Granted',
  'Declined',
  'Expired',
  'Withdrawn',
  'FoundStale',
  'FoundHalted',
  'Claimed',
  'Acknowledged',
  'PartlyFilled',
  'FullyFilled',
  'BrokerCancelled',
  'BrokerRejected',
  'BrokerDeactivated',
  'OutcomeDoubtful',
  'ProvenNotSent',
] as const;
export type OrderEvent = (typeof orderEvents)[number];

// prettier-ignore
const transitions: Readonly<Record<OrderState, Partial<Readonly<Record<OrderEvent, OrderState>>>>> = {
  Proposed:         { GatePassed: 'AwaitingApproval', GateDenied: 'Denied', FoundHalted: 'Halted' },
  AwaitingApproval: { Granted: 'Approved', Declined: 'Declined', Expired: 'Expired', Withdrawn: 'Withdrawn' },
  // An approval that nobody executed in time expires instead of firing late. What is no longer as signed is asked
  // again, denied, or halts trading, as the policy says.
  Approved:         { Claimed: 'Submitting', FoundStale: 'Stale', GateDenied: 'Denied', FoundHalted: 'Halted', Expired: 'Expired', ProvenNotSent: 'NotSent' },
  Stale:            { GatePassed: 'AwaitingApproval', GateDenied: 'Denied', FoundHalted: 'Halted' },
  // The broker's first word can already be a fill, a reject or a cancel.
  Submitting:       { Acknowledged: 'Working', PartlyFilled: 'PartiallyFilled', FullyFilled: 'Filled', BrokerRejected: 'Rejected', BrokerCancelled: 'Cancelled', BrokerDeactivated: 'Inactive', OutcomeDoubtful: 'Unconfirmed', ProvenNotSent: 'NotSent' },
  Unconfirmed:      { Acknowledged: 'Working', PartlyFilled: 'PartiallyFilled', FullyFilled: 'Filled', BrokerRejected: 'Rejected', BrokerCancelled: 'Cancelled', BrokerDeactivated: 'Inactive', OutcomeDoubtful: 'Unconfirmed', ProvenNotSent: 'NotSent' },
  Working:          { Acknowledged: 'Working', PartlyFilled: 'PartiallyFilled', FullyFilled: 'Filled', BrokerRejected: 'Rejected', BrokerCancelled: 'Cancelled', BrokerDeactivated: 'Inactive' },
  PartiallyFilled:  { Acknowledged: 'PartiallyFilled', PartlyFilled: 'PartiallyFilled', FullyFilled: 'Filled', BrokerCancelled: 'Cancelled', BrokerRejected: 'Cancelled', BrokerDeactivated: 'Inactive' },
  // IBKR: Inactive may be a reject or a held order that revives, so it is left open to later news.
  Inactive:         { Acknowledged: 'Working', PartlyFilled: 'PartiallyFilled', FullyFilled: 'Filled', BrokerCancelled: 'Cancelled', BrokerRejected: 'Rejected', BrokerDeactivated: 'Inactive' },
  // A fill can cross a cancel on the wire and arrive after it (tws-api "Order status").
  Cancelled:        { PartlyFilled: 'Cancelled', FullyFilled: 'Filled', BrokerCancelled: 'Cancelled' },
  Denied: {}, Declined: {}, Expired: {}, Withdrawn: {}, Halted: {}, Filled: {}, Rejected: {}, NotSent: {},
};

/** The state after `event`, or null where the table does not allow it. */
export function transition(state: OrderState, event: OrderEvent): OrderState | null {
  return transitions[state][event] ?? null;
}

const terminal: ReadonlySet<OrderState> = new Set<OrderState>([
  'Denied',
  'Declined',
  'Expired',
  'Withdrawn',
  'Halted',
  'Filled',
  'Cancelled',
  'Rejected',
  'NotSent',
]);

/** Whether the order's workflow ends here. Inactive and Unconfirmed are not terminal. */
export function isTerminal(state: OrderState): boolean {
  return terminal.has(state);
}
