import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRecord } from './record.ts';
import { lastingViolations, startRig, type Rig } from './rig.ts';

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
    // Of different instruments, so that the fill of one is no reason to ask again about another.
    const waiting = await rig.propose('AAPL');
    const stages = ['submit.after-write', 'submit.after-claim', 'submit.before-claim'];
    const orders = [];
    for (const [index, point] of stages.entries()) {
      const order = await rig.propose(['MSFT', 'SPY', 'NVDA'][index]);
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

    expect(ends).toMatchObject({ 'submit.after-write': 'Filled', 'awaiting approval': 'Filled' });
    // The end of a supervisor stops its children by request: until a gateway obeys it may write, or find that
    // the broker's session has gone. Killed, it writes nothing; what it had not claimed is sent by the next one.
    const killed = what === 'everything';
    expect(ends['submit.after-claim']).toMatch(killed ? /^NotSent$/ : /^(NotSent|Filled)$/);
    expect(ends['submit.before-claim']).toMatch(killed ? /^Filled$/ : /^(NotSent|Filled)$/);
  });

  it('leaves every record whole', async () => {
    expect(await lastingViolations(rig)).toEqual([]);
  });
});
