import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSimGateway, type SimGateway } from '../../src/simgateway/sim-gateway.ts';
import { frame, placeOrderFields, RawClient } from '../simgateway/raw-client.ts';

/** Indices of §2.5 of placeOrder: a stock order for the first account. */
const order = { 2: 265598, 3: 'AAPL', 4: 'STK', 9: 'SMART', 11: 'USD', 23: 'DU1234567', 27: 1 };
const openOrderTrailStop = 73;

describe('bytes that clients of other people send', () => {
  let gateway: SimGateway;
  let client: RawClient;
  let nextId: number;

  beforeAll(async () => {
    gateway = await startSimGateway({ clockStart: Date.parse('2026-04-14T16:00:00Z') });
    client = new RawClient(gateway.port);
    nextId = await client.start(200, 1);
  });

  afterAll(async () => {
    client.close();
    await gateway.close();
  });

  it.each(['Infinity', '+Inf', 'Infinite', 'inf'])('reads infinity written %s', async (text) => {
    nextId += 1;
    const terms = { 1: nextId, 16: 'BUY', 17: 1, 18: 'PEG BEST', 19: 100, 21: 'DAY' };
    const fields = placeOrderFields(200, { ...order, ...terms });
    // Go: minCompeteSize, competeAgainstBestOffset, and for an infinite one both mid offsets.
    fields.splice(114, 0, '100', text, '0.02', '0.025');
    client.socket.write(frame(...fields));
    const [, , code] = await client.message(4, ([, id]) => id === String(nextId));
    expect(code).toBe('387'); // understood, and no such order type here
  });

  it('refuses an order that names no exchange with 321, as the tests of ib_async expect', async () => {
    nextId += 1;
    const terms = { 1: nextId, 3: 'ZZZZ', 2: '', 9: '', 16: 'BUY', 17: 1, 18: 'MKT', 84: 1 };
    client.socket.write(frame(...placeOrderFields(200, { ...order, ...terms })));
    const [, , code] = await client.message(4, ([, id]) => id === String(nextId));
    expect(code).toBe('321');
  });

  it('takes mdoff among generic ticks: then only those are sent', async () => {
    const contract = [265598, 'AAPL', 'STK', '', '', '', '', 'SMART', '', 'USD', '', ''];
    client.socket.write(frame(1, 11, 501, ...contract, 0, 'mdoff,233', 0, 0, ''));
    const first = await client.message(46, ([, , reqId]) => reqId === '501');
    expect(first[3]).toBe('48');
    const basic = client.frames.filter(([id, , reqId]) => id === '1' && reqId === '501');
    expect(basic).toEqual([]);
  });

  it('tells the stop of a trailing order once it is known', async () => {
    nextId += 1;
    const terms = { 1: nextId, 16: 'SELL', 17: 1, 18: 'TRAIL', 20: 5, 21: 'DAY' };
    client.socket.write(frame(...placeOrderFields(200, { ...order, ...terms })));
    const told = await client.message(
      5,
      (f) =>
        f[1] === String(nextId) &&
        Number(f[openOrderTrailStop]) > 0 &&
        Number(f[openOrderTrailStop]) < 1e6,
    );
    expect(told[15]).toBe('TRAIL');
  });
});
