// The same seed, clock and requests give the same bytes, to the last one.
import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { startSimGateway } from '../../../src/simgateway/sim-gateway.ts';
import { simControl } from '../../support/sim-control.ts';
import { OPEN_INSTANT } from '../ib-client.ts';
import { frame, RawClient } from '../raw-client.ts';

const stock = [265598, '', '', '', '0', '', '', '', '', '', '', ''];
const future = [0, 'ES', 'FUT', '202606', '0', '', '', 'CME', '', 'USD', '', ''];
const option = [0, '', '', '', '0', '', '', '', '', '', 'SPY   260717C00570000', ''];

/** Everything a client at 200 receives over a fixed conversation on a virtual clock. */
async function conversation(seed: number): Promise<{ hash: string; frames: number }> {
  const gateway = await startSimGateway({ seed, clock: 'virtual', clockStart: OPEN_INSTANT });
  const control = simControl(gateway.controlPort);
  const client = new RawClient(gateway.port);
  try {
    await client.start(200, 3);
    [stock, future, option].forEach((c, n) => {
      client.socket.write(frame(1, 11, 100 + n, ...c, 0, '', 0, 0, ''));
      client.socket.write(
        frame(20, 200 + n, ...c, 0, '', '5 mins', '1 D', 1, 'TRADES', 1, n === 0 ? 1 : 0, ''),
      );
      client.socket.write(frame(9, 8, 300 + n, ...c, 0, '', '', ''));
    });
    client.socket.write(frame(50, 3, 400, ...stock, 5, 'TRADES', 1, ''));
    client.socket.write(frame(10, 5, 401, ...future, 5, 0, ''));
    await client.message(52, (f) => f[2] === '302');
    for (let n = 0; n < 12; n += 1) await control.advanceClock(7000);
    client.socket.write(frame(49, 1));
    await client.message(49);
    const text = JSON.stringify(client.frames);
    return { hash: createHash('sha256').update(text).digest('hex'), frames: client.frames.length };
  } finally {
    client.close();
    await gateway.close();
  }
}

it('gives the same bytes for the same seed, and others for another', async () => {
  const first = await conversation(7);
  expect(first.frames).toBeGreaterThan(100);
  expect(await conversation(7)).toEqual(first);
  expect((await conversation(8)).hash).not.toBe(first.hash);
});
