// A TCP server that speaks just enough of the TWS protocol to start a session, by hand and without any code of the
// adapter or the simulated gateway, and that otherwise does only what a test tells it to.
import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

export type RawTws = {
  readonly port: number;
  /** Every frame after the handshake, as its fields, with the client id of its connection. */
  readonly frames: { readonly clientId: number; readonly fields: readonly string[] }[];
  /** Open connections by client id. */
  readonly sockets: ReadonlyMap<number, Socket>;
  /** Replaces the answer to a message id; return true to keep the ordinary one as well. */
  readonly on: (messageId: string, answer: (c: Connection, fields: string[]) => boolean) => void;
  readonly send: (clientId: number, ...fields: (string | number)[]) => void;
  /** From now on nothing is answered and nobody is told: a half-open connection. */
  mute: boolean;
  nextValidId: number;
  accounts: string;
  readonly close: () => Promise<void>;
};

export type Connection = {
  readonly clientId: number;
  readonly send: (...fields: (string | number)[]) => void;
};

/** One frame: length, then each field ended by NUL. */
export function frameOf(fields: readonly (string | number)[]): Buffer {
  const body = Buffer.from(`${fields.join('\0')}\0`, 'utf8');
  const head = Buffer.alloc(4);
  head.writeUInt32BE(body.length);
  return Buffer.concat([head, body]);
}

type Answer = (connection: Connection, fields: string[]) => boolean;

export async function startRawTws(port = 0, serverVersion = 178): Promise<RawTws> {
  const sockets = new Map<number, Socket>();
  const frames: RawTws['frames'] = [];
  const answers = new Map<string, Answer>();
  const all = new Set<Socket>();
  const server: Server = createServer((socket) => {
    all.add(socket);
    serve(socket);
  });
  const tws: RawTws = {
    port: 0,
    frames,
    sockets,
    mute: false,
    nextValidId: 1,
    accounts: 'DU1234567',
    on: (messageId, answer) => {
      answers.set(messageId, answer);
    },
    send: (clientId, ...fields) => {
      sockets.get(clientId)?.write(frameOf(fields));
    },
    close: async () => {
      for (const socket of all) socket.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
    },
  };

  function serve(socket: Socket): void {
    let buffer = Buffer.alloc(0);
    let isGreeted = false;
    let clientId = -1;
    const send = (...fields: (string | number)[]): void => {
      if (!tws.mute) socket.write(frameOf(fields));
    };
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (sockets.get(clientId) === socket) sockets.delete(clientId);
    });
    socket.on('data', (chunk) => {
      buffer = Buffer.concat([buffer, chunk]);
      if (!isGreeted && buffer.length >= 4) {
        buffer = buffer.subarray(4);
        isGreeted = true;
      }
      while (buffer.length >= 4 && buffer.length >= 4 + buffer.readUInt32BE(0)) {
        const length = buffer.readUInt32BE(0);
        const fields = buffer
          .subarray(4, 4 + length)
          .toString('utf8')
          .split('\0');
        buffer = buffer.subarray(4 + length);
        if (fields[0]?.startsWith('v') === true) {
          send(serverVersion, '20261124 10:00:00 US/Eastern');
        } else if (fields[0] === '71') {
          clientId = Number(fields[2]);
          sockets.set(clientId, socket);
          send(15, 1, tws.accounts);
          send(9, 1, tws.nextValidId);
        } else {
          frames.push({ clientId, fields });
          const answer = answers.get(fields[0] ?? '');
          const isOrdinary = answer === undefined || answer({ clientId, send }, fields);
          if (isOrdinary) ordinary(send, fields);
        }
      }
    });
  }

  await new Promise<void>((resolve) => {
    server.listen(port, '127.0.0.1', resolve);
  });
  return Object.assign(tws, { port: (server.address() as AddressInfo).port });
}

/** An empty account with nothing going on. */
function ordinary(send: Connection['send'], fields: string[]): void {
  const [id, version, reqId] = fields;
  if (id === '49') send(49, 1, Math.floor(Date.now() / 1000));
  if (id === '5' || id === '16') send(53, 1);
  if (id === '99') send(102);
  if (id === '7') send(55, 1, reqId ?? '');
  if (id === '8') send(9, 1, 1);
  if (id === '92') send(94, version ?? '', '0', '0', '0');
  if (id === '6' && fields[2] === '1') {
    for (const key of [
      'NetLiquidation',
      'AvailableFunds',
      'BuyingPower',
      'InitMarginReq',
      'MaintMarginReq',
    ]) {
      send(6, 2, key, '1000.00', 'USD', fields[3] ?? '');
    }
    send(54, 1, fields[3] ?? '');
  }
}

/** A CONTRACT_DATA frame; 193 has two fields more than 178: the last trade date alone, and why it is not eligible. */
export function contractRow(
  reqId: string,
  conId: number,
  symbol: string,
  currency = 'USD',
  secType = 'STK',
  serverVersion = 178,
): (string | number)[] {
  return [
    ...[
      10,
      reqId,
      symbol,
      secType,
      '',
      ...(serverVersion >= 182 ? [''] : []),
      0,
      '',
      'SMART',
      currency,
      symbol,
      'NMS',
      'NMS',
      conId,
    ],
    ...[0.01, '', 'LMT,MKT', 'SMART', 1, 0, `${symbol} INC`, 'NASDAQ', '', 'Technology'],
    ...['Computers', '', 'US/Eastern', '20261124:0400-20261124:2000'],
    ...['20261124:0930-20261124:1600', '', 0, 0, 1, '', '', '', '', 'COMMON', 1, 1, 100],
    ...(serverVersion >= 186 ? [0] : []),
  ];
}
