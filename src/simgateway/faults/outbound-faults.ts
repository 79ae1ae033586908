// The faults of messages on their way out. Each strikes the next matching message; adding one is adding
// a row. What was not sent, or sent late, is still true: queries show it.
import type { Values } from '../wire/field-table.ts';
import { BROKEN_FRAME_FAULTS } from './broken-frames.ts';
import type { OutboundFault } from './fault-row.ts';
import type { Outgoing } from './outgoing.ts';

const DEFAULT_DELAY_MS = 1000;
const END_MARKERS = [
  'openOrderEnd',
  'executionEnd',
  'completedOrdersEnd',
  'positionEnd',
  'accountDownloadEnd',
  'accountSummaryEnd',
  'contractDataEnd',
  'tickSnapshotEnd',
  'positionMultiEnd',
  'accountUpdateMultiEnd',
  'historicalDataEnd',
  'secDefOptParamsEnd',
];
/** Messages about an order. */
const ABOUT_ORDERS = ['openOrder', 'orderStatus', 'execution', 'commissionReport'];
const UNSET_DOUBLE = '1.7976931348623157E308';
const MARGINS = ['initMargin', 'maintMargin', 'equityWithLoan'].flatMap((name) =>
  ['Before', 'Change', 'After'].map((when) => name + when),
);
/** The status an order had before, as far as a status can tell. */
const EARLIER: ReadonlyMap<unknown, string> = new Map([
  ['Submitted', 'PreSubmitted'],
  ['PendingCancel', 'Submitted'],
  ['Cancelled', 'Submitted'],
  ['Filled', 'Submitted'],
  ['Inactive', 'PreSubmitted'],
]);

const withValues = (m: Outgoing, values: Values): Outgoing => ({
  ...m,
  values: { ...m.values, ...values },
});
const isOfOrder =
  (permId: unknown, ...names: string[]) =>
  (m: Outgoing) =>
    names.includes(m.layout.name) && m.values.permId === permId;

const MISSING: readonly OutboundFault[] = [
  {
    kind: 'missing-end',
    summary: 'An end marker is not sent; `message` picks one.',
    messages: END_MARKERS,
    apply: () => [],
  },
  {
    kind: 'missing-message',
    summary: 'The message named by `message` is not sent.',
    messages: [],
    apply: () => [],
  },
  {
    kind: 'no-commission',
    summary: 'A commission report is never sent.',
    messages: ['commissionReport'],
    apply: () => [],
  },
];

const REPEATED: readonly OutboundFault[] = [
  {
    kind: 'duplicate',
    summary: 'orderStatus, or the message named by `message`, is sent twice.',
    messages: ['orderStatus'],
    apply: (m) => [m, m],
  },
  {
    kind: 'duplicate-execution',
    summary: 'An execution is sent again after `delayMs` (0), with the same execId.',
    messages: ['execution'],
    reads: ['delayMs'],
    apply: (m, o, tools) => {
      if (o.delayMs === undefined) return [m, m];
      tools.later(o.delayMs, [m]);
      return [m];
    },
  },
  {
    kind: 'status-regression',
    summary: 'After a status its predecessor comes again, unfilled, `delayMs` (0) later.',
    messages: ['orderStatus'],
    reads: ['delayMs'],
    strikesOnly: (values) => EARLIER.has(values.status),
    apply: (m, o, tools) => {
      const remaining = Number(m.values.filled) + Number(m.values.remaining);
      const earlier = withValues(m, {
        status: EARLIER.get(m.values.status),
        filled: '0',
        remaining: String(remaining),
        avgFillPrice: '0',
        lastFillPrice: '0',
      });
      if (o.delayMs === undefined) return [m, earlier];
      tools.later(o.delayMs, [earlier]);
      return [m];
    },
  },
];

const OUT_OF_TURN: readonly OutboundFault[] = [
  {
    kind: 'reorder',
    summary:
      'A message about an order leaves after the one that follows it, or after `delayMs` (1000).',
    messages: ABOUT_ORDERS,
    reads: ['delayMs'],
    apply: (m, o, tools) => {
      tools.keepBack({
        first: m,
        catches: () => false,
        opens: () => true,
        atMostMs: o.delayMs ?? DEFAULT_DELAY_MS,
      });
      return [];
    },
  },
  {
    kind: 'exec-before-open-order',
    summary:
      'openOrder and orderStatus of an order leave only after its execution, or after `delayMs` (1000).',
    messages: ['openOrder'],
    reads: ['delayMs'],
    strikesOnly: (values) => values.whatIf !== true,
    apply: (m, o, tools) => {
      const { permId } = m.values;
      tools.keepBack({
        first: m,
        catches: isOfOrder(permId, 'openOrder', 'orderStatus'),
        opens: isOfOrder(permId, 'execution'),
        atMostMs: o.delayMs ?? DEFAULT_DELAY_MS,
      });
      return [];
    },
  },
  {
    kind: 'status-before-open-order',
    summary: 'openOrder leaves after the orderStatus that follows it, or after `delayMs` (1000).',
    messages: ['openOrder'],
    reads: ['delayMs'],
    strikesOnly: (values) => values.whatIf !== true,
    apply: (m, o, tools) => {
      tools.keepBack({
        first: m,
        catches: () => false,
        opens: isOfOrder(m.values.permId, 'orderStatus'),
        atMostMs: o.delayMs ?? DEFAULT_DELAY_MS,
      });
      return [];
    },
  },
  {
    kind: 'late-message',
    summary:
      'A message leaves after `delayMs` (1000) and up to `jitterMs` more; others overtake it.',
    messages: ABOUT_ORDERS,
    reads: ['delayMs', 'jitterMs'],
    apply: (m, o, tools) => {
      const jitterMs = o.jitterMs === undefined ? 0 : tools.draw(o.jitterMs + 1);
      tools.later((o.delayMs ?? DEFAULT_DELAY_MS) + jitterMs, [m]);
      return [];
    },
  },
  {
    kind: 'late-commission',
    summary: 'A commission report leaves after `delayMs` (1000).',
    messages: ['commissionReport'],
    reads: ['delayMs'],
    apply: (m, o, tools) => {
      tools.later(o.delayMs ?? DEFAULT_DELAY_MS, [m]);
      return [];
    },
  },
  {
    kind: 'late-start',
    summary: 'managedAccounts or nextValidId leaves after `delayMs` (1000); `message` picks one.',
    messages: ['managedAccounts', 'nextValidId'],
    reads: ['delayMs'],
    apply: (m, o, tools) => {
      tools.later(o.delayMs ?? DEFAULT_DELAY_MS, [m]);
      return [];
    },
  },
];

const UNTRUE: readonly OutboundFault[] = [
  {
    kind: 'sentinel-what-if',
    summary: 'A what-if is answered twice: first with every margin at 1.797e308, then rightly.',
    messages: ['openOrder'],
    strikesOnly: (values) => values.whatIf === true,
    apply: (m) => [
      withValues(m, {
        ...Object.fromEntries(MARGINS.map((name) => [name, UNSET_DOUBLE])),
        commission: UNSET_DOUBLE,
        minCommission: UNSET_DOUBLE,
        maxCommission: UNSET_DOUBLE,
      }),
      m,
    ],
  },
  {
    kind: 'wrong-account',
    summary: 'openOrder or execution names `account` (DU9999999), which is not managed here.',
    messages: ['openOrder', 'execution'],
    reads: ['account'],
    apply: (m, o) => [withValues(m, { account: o.account ?? 'DU9999999' })],
  },
];

/** Every fault of messages, in the order of the product page. */
export const OUTBOUND_FAULTS: readonly OutboundFault[] = [
  ...MISSING,
  ...REPEATED,
  ...OUT_OF_TURN,
  ...UNTRUE,
  ...BROKEN_FRAME_FAULTS,
];
