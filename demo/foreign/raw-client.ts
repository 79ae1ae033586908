// A second client that speaks the wire by hand at server version 178, without our adapter and without its
// library, for machines without Python.
import { frame, placeOrderFields, RawClient } from '../../test/simgateway/raw-client.ts';
import { present } from '../observe.ts';
import type { ForeignClient, ForeignSeat } from './foreign-client.ts';

const serverVersion = 178;
const message = { orderStatus: 3, openOrder: 5, openOrderEnd: 53 } as const;

/** A client that is not connected yet. */
export function connectRaw({ port, clientId, account }: ForeignSeat): ForeignClient {
  let line: RawClient | undefined;
  let nextId = 0;
  const connected = (): RawClient => present('connection of the foreign client', line);
  const hasStatus = (orderId: number, status: string) => (fields: string[]) =>
    fields[1] === String(orderId) && fields[2] === status;
  const open: ForeignClient['open'] = async () => {
    const { frames, socket } = connected();
    frames.splice(1);
    socket.write(frame(5, 1));
    await connected().message(message.openOrderEnd);
    return frames
      .filter(([id]) => id === String(message.openOrder))
      .map((fields) => ({
        orderRef: fields[23] ?? '',
        orderId: Number(fields[1]),
        permId: Number(fields[25]),
      }));
  };
  return {
    name: 'a client by hand',
    async connect() {
      line = new RawClient(port);
      nextId = await line.start(serverVersion, clientId);
      return { serverVersion };
    },
    async place({ symbol, conId, quantity, limitPrice, orderRef }) {
      const orderId = nextId;
      nextId += 1;
      const terms = { 16: 'BUY', 17: quantity, 18: 'LMT', 19: limitPrice, 21: 'DAY' };
      const contract = { 2: conId, 3: symbol, 4: 'STK', 9: 'SMART', 11: 'USD' };
      const fields = { 1: orderId, ...contract, ...terms, 23: account, 26: orderRef, 27: 1 };
      connected().socket.write(frame(...placeOrderFields(serverVersion, fields)));
      const test = hasStatus(orderId, 'Submitted');
      const status = await connected().message(message.orderStatus, test);
      return { orderId, permId: Number(status[6]) };
    },
    open,
    lost: () => connected().until(() => connected().isClosed),
    async cancel(orderRef) {
      const order = present(
        `order ${orderRef}`,
        (await open()).find((o) => o.orderRef === orderRef),
      );
      connected().socket.write(frame(4, 1, order.orderId, ''));
      await connected().message(message.orderStatus, hasStatus(order.orderId, 'Cancelled'));
    },
    stop: () => line?.close(),
  };
}
