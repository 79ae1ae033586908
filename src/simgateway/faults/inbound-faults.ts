// The faults of requests. Each strikes the next matching frame; adding one is adding a row.
import type { InboundFault, Incoming, FaultOptions, RequestSort } from './fault-row.ts';

const PLACED: readonly RequestSort[] = ['new', 'modify'];
const DEFAULT_DELAY_MS = 1000;
/** How soon after a desk event a fault that follows it acts, unless told otherwise. */
const AFTERMATH_MS = 20;
const IN_USE =
  'Unable to connect as the client id is already in use. Retry with a unique client id.';

const end = (p: Incoming, o: FaultOptions) => {
  p.close(o.reset === true ? 'reset' : 'now');
};

const CONNECTION_LOST: readonly InboundFault[] = [
  {
    kind: 'drop-before-read',
    summary: 'The connection ends before the frame is read; it never took effect.',
    strikes: PLACED,
    reads: ['reset'],
    isUnread: true,
    apply: end,
  },
  {
    kind: 'drop-after-read',
    summary: 'The frame takes effect, but the connection ends before any acknowledgement.',
    strikes: PLACED,
    reads: ['reset'],
    apply: (p, o) => {
      p.mute();
      p.proceed();
      end(p, o);
    },
  },
  {
    kind: 'drop-unaccepted',
    summary: 'The frame is read, then the connection ends and the frame is forgotten.',
    strikes: PLACED,
    reads: ['reset'],
    apply: end,
  },
  {
    kind: 'drop-after-ack',
    summary: 'The frame takes effect and is acknowledged, then the connection ends.',
    strikes: PLACED,
    apply: (p) => {
      p.proceed();
      p.close('flush');
    },
  },
  {
    kind: 'half-open',
    summary: 'The frame stays unread and nothing is read or written again; the socket stays open.',
    strikes: PLACED,
    isUnread: true,
    apply: (p) => {
      p.pause();
    },
  },
  {
    kind: 'client-id-busy',
    summary: 'A connecting client is refused with 326 and the connection ends.',
    strikes: ['start'],
    only: ['start'],
    apply: (p) => {
      p.refuse(326, IN_USE);
      p.close('flush');
    },
  },
  {
    kind: 'slow-connection',
    summary:
      'From its start a connection delays all it sends (`delayMs`, `jitterMs`), in order, and cuts it (`bytes`).',
    strikes: ['start'],
    only: ['start'],
    reads: ['delayMs', 'jitterMs', 'bytes'],
    apply: (p, o) => {
      p.slow(o);
      p.proceed();
    },
  },
];

const ANSWER_LOST: readonly InboundFault[] = [
  {
    kind: 'swallow',
    summary: 'Silent loss: the frame is read and forgotten; the connection stays up.',
    strikes: PLACED,
    apply: () => undefined,
  },
  {
    kind: 'what-if-unanswered',
    summary: 'A what-if is read and never answered.',
    strikes: ['what-if'],
    only: ['what-if'],
    apply: () => undefined,
  },
  {
    kind: 'lost-acks',
    summary: 'The order works, but nothing about it is ever pushed; queries show it.',
    strikes: PLACED,
    only: PLACED,
    apply: (p) => {
      p.handling.muted = true;
      p.proceed();
    },
  },
  {
    kind: 'late-request',
    summary: 'The frame takes effect only after `delayMs` (1000); later frames overtake it.',
    strikes: PLACED,
    reads: ['delayMs'],
    apply: (p, o) => {
      p.after(o.delayMs ?? DEFAULT_DELAY_MS, () => {
        p.proceed();
      });
    },
  },
  {
    kind: 'delay',
    summary: 'The frame takes effect; everything to this client waits `delayMs` (1000).',
    strikes: PLACED,
    reads: ['delayMs'],
    apply: (p, o) => {
      p.cork(true);
      p.proceed();
      p.after(o.delayMs ?? DEFAULT_DELAY_MS, () => {
        p.cork(false);
      });
    },
  },
  {
    kind: 'hold-before',
    summary: 'Barrier: the frame is read and journaled, then waits for release before it acts.',
    strikes: PLACED,
    apply: (p) => {
      p.hold('before', (action) => {
        if (action === 'proceed') p.proceed();
        if (action === 'drop') p.close('now');
      });
    },
  },
  {
    kind: 'hold-after',
    summary: 'Barrier: the frame takes effect, its acknowledgements wait for release.',
    strikes: PLACED,
    apply: (p) => {
      p.cork(true);
      p.proceed();
      p.hold('after', (action) => {
        if (action === 'swallow') p.mute();
        if (action === 'drop') p.close('now');
        p.cork(false);
      });
    },
  },
];

const OUTCOME: readonly InboundFault[] = [
  {
    kind: 'reject',
    summary: 'The order or its change is refused with `code` (201) and `text`.',
    strikes: PLACED,
    only: PLACED,
    reads: ['code', 'text'],
    apply: (p, o) => {
      p.handling.reject = { code: o.code ?? 201, text: o.text ?? 'Order rejected - reason:Test' };
      p.proceed();
    },
  },
  {
    kind: 'refuse',
    summary: 'The request has no effect and is answered with error `code` (321) and `text`.',
    strikes: [],
    reads: ['code', 'text'],
    apply: (p, o) => {
      p.refuse(o.code ?? 321, o.text ?? 'Error validating request.-Test');
    },
  },
  {
    kind: 'reject-late',
    summary: 'Rejected with `code` (201) and `text`, `delayMs` (20) after it was Submitted.',
    strikes: ['new'],
    only: PLACED,
    reads: ['code', 'text', 'delayMs'],
    apply: (p, o) => {
      p.watch((event, order) => {
        if (event.type !== 'orderStatus' || order.status !== 'Submitted') return false;
        p.after(o.delayMs ?? AFTERMATH_MS, () => {
          p.reject(order, o.code ?? 201, o.text ?? 'Order rejected - reason:Test');
        });
        return true;
      });
      p.proceed();
    },
  },
  {
    kind: 'correct-execution',
    summary:
      'The first fill is corrected to `price` (a cent up) `delayMs` (20) later: execId ends in .02.',
    strikes: ['new'],
    only: PLACED,
    reads: ['price', 'delayMs'],
    apply: (p, o) => {
      p.watch((event) => {
        if (event.type !== 'commission') return false;
        p.after(o.delayMs ?? AFTERMATH_MS, () => {
          p.correct(event.execution, o.price);
        });
        return true;
      });
      p.proceed();
    },
  },
  {
    kind: 'hold-cancel',
    summary:
      'The order is taken normally, but its cancel stays PendingCancel until settled by hand.',
    strikes: PLACED,
    only: PLACED,
    apply: (p) => {
      p.handling.holdsCancel = true;
      p.proceed();
    },
  },
  {
    kind: 'fill-after-cancel',
    summary:
      'Cancelled and confirmed (202), then filled: `shares` (all left) after `delayMs` (20).',
    strikes: ['cancel'],
    only: ['cancel'],
    reads: ['shares', 'delayMs'],
    apply: (p, o) => {
      p.watch((event, order) => {
        if (event.type !== 'orderMessage' || event.code !== 202) return false;
        p.after(o.delayMs ?? AFTERMATH_MS, () => {
          p.fill(order, o.shares);
        });
        return true;
      });
      p.proceed();
    },
  },
  {
    kind: 'fill-before-cancel',
    summary:
      'The cancel loses the race: `shares` (all left) fill first; a filled order gives 10148.',
    strikes: ['cancel'],
    only: ['cancel'],
    reads: ['shares'],
    apply: (p, o) => {
      const order = p.order();
      if (order !== undefined) p.fill(order, o.shares);
      p.proceed();
    },
  },
  {
    kind: 'two-perm-ids',
    summary: 'A change makes a second live order with a permId of its own; the first stays live.',
    strikes: ['modify'],
    only: ['modify'],
    apply: (p) => {
      p.handling.forks = true;
      p.proceed();
    },
  },
];

/** Every fault of requests, in the order of the product page. */
export const INBOUND_FAULTS: readonly InboundFault[] = [
  ...CONNECTION_LOST,
  ...ANSWER_LOST,
  ...OUTCOME,
];
