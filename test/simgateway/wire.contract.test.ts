import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSimGateway } from '../../src/simgateway/sim-gateway.ts';
import type { SimGateway } from '../../src/simgateway/sim-gateway.ts';
import { OPEN_INSTANT } from './ib-client.ts';
import { frame, greeting, placeOrderFields, RawClient } from './raw-client.ts';

let gateway: SimGateway;
let client: RawClient;

beforeEach(async () => {
  gateway = await startSimGateway({ clockStart: OPEN_INSTANT });
  client = new RawClient(gateway.port);
});
afterEach(async () => {
  client.close();
  await gateway.close();
});

const resting = (orderId: number) => ({
  1: orderId,
  2: 265598,
  3: 'AAPL',
  4: 'STK',
  9: 'SMART',
  11: 'USD',
  16: 'BUY',
  17: 7,
  18: 'LMT',
  19: '100.5',
  20: '1.7976931348623157E308',
  21: 'DAY',
  23: 'DU1234567',
  26: 'ref-raw',
  27: 1,
  // Unset in the three ways clients write it.
  50: '2147483647',
  51: '',
  52: 'false',
  84: 0,
  89: 0,
});

describe.each([
  { version: 178, place: 114, open: 135, completed: 100 },
  { version: 193, place: 118, open: 141, completed: 102 },
  { version: 200, place: 119, open: 156, completed: 103 },
])('server version $version', ({ version, place, open, completed }) => {
  it('has the field counts of the live gateway', async () => {
    const id = await client.start(version, 5);
    expect(client.frames[0]?.[0]).toBe(String(version));
    const fields = placeOrderFields(version, resting(id));
    expect(fields).toHaveLength(place);
    client.socket.write(frame(...fields));
    const opened = await client.message(5);
    expect(opened).toHaveLength(open);
    expect(opened.slice(13, 19)).toEqual(['BUY', '7', 'LMT', '100.5', '0.0', 'DAY']);
    expect([opened[23], opened[24], opened[61]]).toEqual(['ref-raw', '5', 'None']);
    expect([opened[92], opened[93]]).toEqual(['0', 'PreSubmitted']);
    const status = await client.message(3, (f) => f[2] === 'Submitted');
    expect(status).toHaveLength(12);
    client.socket.write(version >= 192 ? frame(4, id, '', '', 2147483647) : frame(4, 1, id, ''));
    await client.message(3, (f) => f[2] === 'Cancelled');
    const confirmed = await client.message(4, (f) => f.includes('202'));
    expect(confirmed).toHaveLength(6);
    expect(confirmed[version >= 194 ? 2 : 3]).toBe('202');
    client.socket.write(frame(99, 0));
    const done = await client.message(101);
    expect(done).toHaveLength(completed);
    expect([done[22], done[76], done[86]]).toEqual(['ref-raw', 'Cancelled', '0']);
    await client.message(102);
  });

  it('answers an unknown message and a short frame with errors, and lives on', async () => {
    await client.start(version, 5);
    client.socket.write(frame(84, 4711, 'BRFG', 'BRFG$1', ''));
    await client.message(4, (f) => f.includes('4711') && f.includes('321'));
    client.socket.write(frame(9999));
    await client.message(4, (f) => f.includes('-1') && f.includes('321'));
    client.socket.write(frame(3, 12, 265598));
    await client.message(4, (f) => f.includes('320'));
    client.socket.write(frame(49, 1));
    expect((await client.message(49))[2]).toBe(String(Math.floor(OPEN_INSTANT / 1000)));
  });
});

describe('bytes', () => {
  it('reads a conversation that arrives one byte at a time', async () => {
    const all = Buffer.concat([greeting('v100..193'), frame(71, 2, 5, ''), frame(49, 1)]);
    for (const byte of all) {
      client.socket.write(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await client.message(49);
  });

  it.each([
    ['a stranger', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    [
      'no version',
      Buffer.concat([Buffer.from('API\0'), Buffer.from([0, 0, 0, 2]), Buffer.from('hi')]),
    ],
    ['too old a client', greeting('v50..99')],
    ['too new a client', greeting('v201..225')],
    ['an oversized frame', Buffer.concat([greeting('v100..193'), Buffer.from([0x7f, 0, 0, 0])])],
    ['an empty frame', Buffer.concat([greeting('v100..193'), Buffer.from([0, 0, 0, 0])])],
  ])('closes on %s and serves the next client', async (_, bytes) => {
    client.socket.write(bytes);
    await client.until(() => client.isClosed);
    const next = new RawClient(gateway.port);
    expect(await next.start(193, 6)).toBe(1);
    next.close();
  });
});
