// The journal that tests judge by, and its counts.
import { int, oneOf, text } from './field.ts';
import { route } from './route.ts';

/** Routes for what crossed the wire. */
export const journalRoutes = {
  journal: route(
    'GET',
    '/journal',
    'What crossed the wire, by field name, and the faults that fired',
    {
      since: int('only after this `seq`'),
      until: int('only up to this `seq`'),
      message: text('only this message'),
      direction: oneOf('only this direction', ['in', 'out', 'fault', 'connection', 'unread']),
      clientId: int('only this client'),
      orderRef: text('only this orderRef'),
      orderId: int('only this order id'),
      permId: int('only this permId'),
      limit: int('at most so many (1000)', { min: 0 }),
    },
    (sim, input) => ({ lastSeq: sim.journal.lastSeq(), entries: sim.journal.query(input) }),
  ),
  counts: route(
    'GET',
    '/counts',
    'How often each message crossed the wire since the start, and its bytes',
    {},
    (sim) => sim.journal.counts(),
  ),
  frames: route(
    'GET',
    '/frames',
    'placeOrder frames received per orderRef, over all time',
    { orderRef: text('only this orderRef') },
    (sim, { orderRef }) => {
      const counts = [...sim.store.frames].map(([ref, count]) => ({ orderRef: ref, ...count }));
      return orderRef === undefined ? counts : counts.filter((c) => c.orderRef === orderRef);
    },
  ),
};
