// The placement faults. Each strikes the next matching placeOrder frame (what-ifs excepted).
import type { PlacementFault } from './placement.ts';

const closing = (reset: boolean | undefined) => (reset === true ? 'reset' : 'now');

/** Every placement fault. */
export const PLACEMENT_FAULTS: readonly PlacementFault[] = [
  {
    kind: 'drop-before-read',
    summary: 'The connection ends before the frame is read; the order never existed.',
    isUnread: true,
    apply: (p, o) => {
      p.close(closing(o.reset));
    },
  },
  {
    kind: 'drop-after-read',
    summary: 'The order is accepted and works, but the connection ends before any acknowledgement.',
    apply: (p, o) => {
      p.mute();
      p.place();
      p.close(closing(o.reset));
    },
  },
  {
    kind: 'drop-unaccepted',
    summary: 'The frame is read, then the connection ends and the order is forgotten.',
    apply: (p, o) => {
      p.close(closing(o.reset));
    },
  },
  {
    kind: 'drop-after-ack',
    summary: 'The order is accepted and acknowledged, then the connection ends.',
    apply: (p) => {
      p.place();
      p.close('flush');
    },
  },
  {
    kind: 'swallow',
    summary: 'Silent placement loss: the frame is read and forgotten; the connection stays up.',
    apply: () => undefined,
  },
  {
    kind: 'lost-acks',
    summary:
      'The order is accepted and works, but nothing about it is ever pushed; queries show it.',
    apply: (p) => {
      p.handling.muted = true;
      p.place();
    },
  },
  {
    kind: 'reject',
    summary: 'The order is refused with the given code (201) and text.',
    apply: (p, o) => {
      p.handling.reject = { code: o.code ?? 201, text: o.text ?? 'Order rejected - reason:Test' };
      p.place();
    },
  },
  {
    kind: 'hold-before',
    summary: 'Barrier: the frame is read and journaled, then waits for release before it acts.',
    apply: (p) => {
      p.hold('before', (action) => {
        if (action === 'proceed') p.place();
        if (action === 'drop') p.close('now');
      });
    },
  },
  {
    kind: 'hold-after',
    summary: 'Barrier: the order is accepted, its acknowledgements wait for release.',
    apply: (p) => {
      p.cork(true);
      p.place();
      p.hold('after', (action) => {
        if (action === 'swallow') p.mute();
        if (action === 'drop') p.close('now');
        p.cork(false);
      });
    },
  },
  {
    kind: 'hold-cancel',
    summary: 'The order is taken normally, but its cancel stays PendingCancel until settled.',
    apply: (p) => {
      p.handling.holdsCancel = true;
      p.place();
    },
  },
  {
    kind: 'delay',
    summary: 'Acknowledgements of the order leave only after delayMs.',
    apply: (p, o) => {
      p.cork(true);
      p.place();
      setTimeout(() => {
        p.cork(false);
      }, o.delayMs ?? 1000).unref();
    },
  },
];
