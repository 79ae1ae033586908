import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRecord } from './record.ts';
import { lastingViolations, startRig, type Rig } from './rig.ts';

/** kill -9 of each process before the claim, and between the claim and the write. */
describe('a crash before the bytes leave', () => {
  let rig: Rig;
  const record = startRecord('before the write');

  beforeAll(async () => {
    rig = await startRig();
  });
  afterAll(async () => {
    record.print();
    await rig.stop();
  });

  const processes = ['worker', 'gateway', 'api', 'temporal', 'postgres'];
  const points = [
    // Nothing was claimed: the approval is whole, and the order is sent once, by whoever comes back.
    { point: 'submit.before-claim', isClaimed: false, killed: { default: 'Filled' } },
    // Whoever loses the claim's connection or its own life does not write: proven absent, never sent again.
    {
      point: 'submit.after-claim',
      isClaimed: true,
      killed: { default: 'Filled', gateway: 'NotSent', postgres: 'NotSent' },
    },
  ] as const;
  const cells = points.flatMap((point) => processes.map((name) => ({ name, ...point })));

  it.each(cells)('$name at $point', async ({ name, point, isClaimed, killed }) => {
    rig.arm(point);
    const order = await rig.propose();
    await rig.grant(order);
    await rig.reached(point);
    expect(await rig.standing(order.intentId)).toMatchObject({ isClaimed });
    expect(await rig.frames(order.intentId)).toBe(0);

    const took = record.start();
    const back = rig.kill(name);
    // The claim's connection has to be seen broken: until then its holder may well write.
    if (name === 'postgres') await back;
    rig.release(point);
    const state = await rig.ended(order.intentId);
    const endedMs = took();
    record.add({ point, killed: name, state, endedMs, backMs: await back });

    const wanted: Readonly<Record<string, string>> = killed;
    expect(state).toBe(wanted[name] ?? killed.default);
    expect(await rig.frames(order.intentId)).toBe(state === 'Filled' ? 1 : 0);
  });

  it('leaves every record whole', async () => {
    expect(await lastingViolations(rig)).toEqual([]);
  });
});
