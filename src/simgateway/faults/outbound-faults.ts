// Faults that strike a message on its way out: how many copies of it leave. Adding one is adding a row.

/** One kind of outbound fault. */
export type OutboundFault = {
  kind: string;
  summary: string;
  /** Message names it strikes unless the arming names one. */
  messages: readonly string[];
  copies: number;
};

/** Every outbound fault. */
export const OUTBOUND_FAULTS: readonly OutboundFault[] = [
  {
    kind: 'missing-end',
    summary: 'An end marker is not sent (openOrderEnd, executionEnd, …; `message` picks one).',
    messages: [
      'openOrderEnd',
      'executionEnd',
      'completedOrdersEnd',
      'positionEnd',
      'accountDownloadEnd',
      'accountSummaryEnd',
      'contractDataEnd',
      'tickSnapshotEnd',
    ],
    copies: 0,
  },
  {
    kind: 'missing-message',
    summary: 'The message named by `message` is not sent.',
    messages: [],
    copies: 0,
  },
  {
    kind: 'duplicate',
    summary: 'orderStatus (or the message named by `message`) is sent twice.',
    messages: ['orderStatus'],
    copies: 2,
  },
];
