import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRecord } from './record.ts';
import { lastingViolations, startRig, type Rig } from './rig.ts';

/** kill -9 of each process after the bytes have left: on their way in at the broker, accepted, not yet noted. */
describe('a crash after the bytes have left', () => {
  let rig: Rig;
  const record = startRecord('after the write');

  beforeAll(async () => {
    rig = await startRig();
  });
  afterAll(async () => {
    record.print();
    await rig.stop();
  });

  const processes = ['worker', 'gateway', 'api', 'temporal', 'postgres'];
  const points = ['hold-before', 'hold-after', 'submit.after-write'];
  const cells = points.flatMap((point) => processes.map((name) => ({ name, point })));

  /** Stops the order at the point and returns what lets it go on. */
  async function stopAt(point: string): Promise<{ intentId: string; release: () => unknown }> {
    const order = await rig.propose();
    const { intentId } = order;
    if (point === 'submit.after-write') {
      rig.arm(point);
      await rig.grant(order);
      await rig.reached(point);
      return {
        intentId,
        release: () => {
          rig.release(point);
        },
      };
    }
    await rig.product.sim.armFault({ kind: point, orderRef: intentId });
    await rig.grant(order);
    const { id } = await rig.held();
    return { intentId, release: () => rig.product.sim.releaseHold(id) };
  }

  it.each(cells)('$name at $point', async ({ name, point }) => {
    const { intentId, release } = await stopAt(point);
    expect(await rig.standing(intentId)).toMatchObject({ isClaimed: true });

    const took = record.start();
    const back = rig.kill(name);
    await release();
    const state = await rig.ended(intentId);
    const endedMs = took();
    record.add({ point, killed: name, state, endedMs, backMs: await back });

    // What has left is found again and never sent again.
    expect(state).toBe('Filled');
    expect(await rig.frames(intentId)).toBe(1);
  });

  it('leaves every record whole', async () => {
    expect(await lastingViolations(rig)).toEqual([]);
  });
});
