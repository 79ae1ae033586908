// Faults of frames: bytes and fields that no correct gateway sends. The messages themselves are true.
import { error } from '../wire/events.ts';
import { encodeFrame } from '../wire/framing.ts';
import type { OutboundFault } from './fault-row.ts';

const ABOUT_ORDERS = ['openOrder', 'orderStatus', 'execution', 'commissionReport'];
/** No message of the protocol has this id. */
const UNKNOWN_ID = 9999;
/** One more than the largest frame there is. */
const OVERSIZED = 0x1000000;
const GARBAGE_BYTES = 32;
/** The advanced reject is the last field from server version 166 on, and second to last from 194. */
const REJECT_FIELDS = { advancedOrderRejectJson: '{"reject": not JSON' };

/** The rows about frames. */
export const BROKEN_FRAME_FAULTS: readonly OutboundFault[] = [
  {
    kind: 'fragment',
    summary: 'The frame is written `bytes` (1) at a time.',
    messages: ABOUT_ORDERS,
    reads: ['bytes'],
    apply: (m, o) => [{ ...m, splitBytes: o.bytes ?? 1 }],
  },
  {
    kind: 'oversized-frame',
    summary: 'The length before the frame says `bytes` (16777216), so that it never ends.',
    messages: ABOUT_ORDERS,
    reads: ['bytes'],
    apply: (m, o) => [
      {
        ...m,
        editFrame: (frame) => {
          frame.writeUInt32BE(o.bytes ?? OVERSIZED, 0);
          return frame;
        },
      },
    ],
  },
  {
    kind: 'truncated-frame',
    summary: 'The frame is whole but ends after half of its fields.',
    messages: ABOUT_ORDERS,
    apply: (m) => [{ ...m, editFields: (fields) => fields.slice(0, Math.ceil(fields.length / 2)) }],
  },
  {
    kind: 'trailing-fields',
    summary: 'Three fields that no version knows follow the last one.',
    messages: ABOUT_ORDERS,
    apply: (m) => [{ ...m, editFields: (fields) => [...fields, 'x', '1', ''] }],
  },
  {
    kind: 'bad-number',
    summary: 'The first number after the message id is not a number.',
    messages: ABOUT_ORDERS,
    apply: (m) => [
      {
        ...m,
        editFields: (fields) => {
          const at = fields.findIndex((text, i) => i > 0 && /^\d+$/.test(text));
          return fields.map((text, i) => (i === at ? 'NaN?' : text));
        },
      },
    ],
  },
  {
    kind: 'unknown-message',
    summary: 'A frame with message id 9999 comes before the message.',
    messages: ABOUT_ORDERS,
    apply: (m) => [{ ...m, editFields: () => [String(UNKNOWN_ID), '1', 'surprise'] }, m],
  },
  {
    kind: 'garbage-frame',
    summary: 'A well-framed body of 32 bytes drawn from the seed comes before the message.',
    messages: ABOUT_ORDERS,
    apply: (m, _, tools) => {
      const body = Array.from({ length: GARBAGE_BYTES }, () =>
        String.fromCharCode(tools.draw(128)),
      );
      return [{ ...m, editFrame: () => encodeFrame([body.join('')]) }, m];
    },
  },
  {
    kind: 'malformed-reject-json',
    summary: 'advancedOrderReject of an error about a request is not JSON; `code` picks the error.',
    messages: [error.name],
    reads: ['code'],
    strikesOnly: (values, o) =>
      o.code === undefined ? Number(values.id) >= 0 : values.code === o.code,
    apply: (m) => [{ ...m, values: { ...m.values, ...REJECT_FIELDS } }],
  },
];
