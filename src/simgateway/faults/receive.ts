// One decoded request on its way in: faults first, then the journal, then what it asks for.
import type { ClientSession } from '../session/client-session.ts';
import type { Request } from '../session/request.ts';
import type { Handling } from '../matching/order-desk.ts';
import { UNIT } from '../accounts/value.ts';
import { isLive, remainingOf } from '../matching/order.ts';
import type { SimOrder } from '../matching/order.ts';
import { parseMicros } from '../market/money.ts';
import { placeOrder } from '../wire/place-order.ts';
import { cancelOrder, startApi } from '../wire/requests.ts';
import type { Values } from '../wire/field-table.ts';
import type { Incoming, RequestSort } from './fault-row.ts';

const CENT = 10_000;

/** A request with its decoded fields and the size of its frame in bytes. */
type Received = { request: Request; values: Values; bytes: number };

const idOf = (values: Values, name: string) => {
  const id = values[name];
  return typeof id === 'number' ? id : undefined;
};

function orderOf(session: ClientSession, values: Values): SimOrder | undefined {
  const orderId = idOf(values, 'orderId');
  return orderId === undefined ? undefined : session.sim.store.byOrderId(session.clientId, orderId);
}

function sortOf(session: ClientSession, { request, values }: Received): RequestSort {
  switch (request.layout.id) {
    case placeOrder.id: {
      if (values.whatIf === true) return 'what-if';
      const known = orderOf(session, values);
      return known !== undefined && isLive(known) ? 'modify' : 'new';
    }
    case cancelOrder.id:
      return 'cancel';
    case startApi.id:
      return 'start';
    default:
      return 'other';
  }
}

/** The orderRef a request is about, by its own field or by the order it names. */
function orderRefOf(session: ClientSession, values: Values): string {
  if (typeof values.orderRef === 'string') return values.orderRef;
  return orderOf(session, values)?.orderRef ?? '';
}

function journal(session: ClientSession, { request, values, bytes }: Received): void {
  const { sim } = session;
  const clientId = request.layout.id === startApi.id ? (values.clientId ?? -1) : session.clientId;
  sim.journal.add('in', Number(clientId), request.layout.name, values, bytes);
  if (request.layout.id !== placeOrder.id) return;
  const orderRef = orderRefOf(session, values);
  const isWhatIf = values.whatIf === true;
  sim.store.countFrame(orderRef, isWhatIf);
  sim.persistence.addFrame(orderRef, isWhatIf);
}

function incomingOf(session: ClientSession, received: Received, clientId: number): Incoming {
  const { sim } = session;
  const { request, values } = received;
  const handling: Handling = {};
  const orderId = idOf(values, 'orderId') ?? 0;
  const then = (action: () => void) => () => {
    action();
    sim.scheduleFlush();
  };
  return {
    fields: values,
    handling,
    proceed: then(() => {
      request.run(session, values, handling);
    }),
    mute: () => {
      session.mute();
    },
    close: (how) => {
      session.close(how);
    },
    pause: () => {
      session.pause(true);
    },
    cork: (corked) => {
      session.cork(corked);
    },
    refuse: (code, text) => {
      session.sendError(idOf(values, 'orderId') ?? idOf(values, 'reqId') ?? -1, code, text);
    },
    slow: (by) => {
      session.slow(by);
    },
    hold: (stage, proceed) => {
      session.hold(true);
      sim.persistence.commit();
      sim.holds.add({ clientId, stage, message: request.layout.name, fields: values }, (action) => {
        proceed(action);
        session.hold(false);
      });
    },
    after: (delayMs, action) => {
      sim.clock.after(delayMs, then(action));
    },
    order: () => orderOf(session, values),
    watch: (see) => {
      sim.orderWatch.add(clientId, orderId, see);
    },
    fill: (order, shares) => {
      sim.desk.fill(order, shares === undefined ? remainingOf(order) : shares * UNIT);
    },
    correct: (execution, price) => {
      const given = price === undefined ? undefined : parseMicros(price);
      sim.desk.correct(execution, given ?? execution.price + CENT);
    },
    reject: (order, code, text) => {
      sim.desk.rejectLate(order, { code, text });
    },
  };
}

/** Handles one request. */
export function receive(session: ClientSession, received: Received): void {
  const { sim } = session;
  const { request, values } = received;
  if (sim.faults.isIdle) {
    journal(session, received);
    request.run(session, values, {});
    return;
  }
  const sort = sortOf(session, received);
  const clientId = sort === 'start' ? (idOf(values, 'clientId') ?? 0) : session.clientId;
  const orderRef = orderRefOf(session, values);
  const struck = sim.faults.strikeInbound(
    { clientId, connection: session },
    { sort, message: request.layout.name, orderRef },
  );
  if (struck === undefined) {
    journal(session, received);
    request.run(session, values, {});
    return;
  }
  const { fault, options } = struck;
  sim.journal.add('fault', clientId, fault.kind, {
    ...(idOf(values, 'orderId') === undefined ? {} : { orderId: idOf(values, 'orderId') }),
    ...(orderRef === '' ? {} : { orderRef }),
    message: request.layout.name,
  });
  if (fault.isUnread === true) {
    sim.journal.add('unread', clientId, request.layout.name, values, received.bytes);
  } else {
    journal(session, received);
  }
  fault.apply(incomingOf(session, received, clientId), options);
}
