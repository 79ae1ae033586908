import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { violations } from '../support/invariants.ts';
import { startRecord } from './record.ts';
import { startRig, type Rig } from './rig.ts';

/** The supervisor, or every process at once, dies with orders at every stage, and the product starts again. */
describe('a crash of the whole product', () => {
  let rig: Rig;
  const record = startRecord('whole product');

  beforeAll(async () => {
    rig = await startRig();
  });
  afterAll(async () => {
    record.print();
    await rig.stop();
  });

  it.each(['supervisor', 'everything'] as const)('%s', async (what) => {
    const waiting = await rig.propose();
    const stages = ['submit.after-write', 'submit.after-claim', 'submit.before-claim'];
    const orders = [];
    for (const point of stages) {
      const order = await rig.propose();
      rig.arm(point);
      await rig.grant(order);
      await rig.reached(point);
      orders.push({ ...order, point });
    }

    const took = record.start();
    await rig.product.crash(what);
    for (const point of stages) rig.release(point);
    await rig.product.restart();
    const backMs = took();
    await rig.grant(waiting);
    const ends: Record<string, string> = {};
    for (const { intentId, point } of [...orders, { ...waiting, point: 'awaiting approval' }]) {
      const state = await rig.ended(intentId);
      ends[point] = state;
      record.add({ point, killed: what, state, endedMs: took(), backMs });
      expect(await rig.frames(intentId)).toBe(state === 'Filled' ? 1 : 0);
    }

    expect(ends).toMatchObject({
      'submit.after-write': 'Filled',
      'submit.before-claim': 'Filled',
      'awaiting approval': 'Filled',
    });
    // A supervisor's end stops its children by request, and a claim's holder may write before it obeys.
    expect(ends['submit.after-claim']).toMatch(
      what === 'everything' ? /^NotSent$/ : /^(NotSent|Filled)$/,
    );
  });

  it('leaves every record whole', async () => {
    expect(await violations(await rig.evidence())).toEqual([]);
  });
});
