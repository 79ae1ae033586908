import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lastingViolations, startRig, until, type Rig } from './rig.ts';

/** Two gateways of one account group: only the holder of the sender's lease writes, whoever wakes up late. */
describe('a second gateway', () => {
  let rig: Rig;

  beforeAll(async () => {
    rig = await startRig();
  });
  afterAll(async () => {
    await rig.stop();
  });

  it('settles the order of a sleeping one, which does not write when it wakes up', async () => {
    const point = 'submit.after-claim';
    const asleep = await rig.propose('AAPL');
    rig.arm(point);
    await rig.grant(asleep);
    await rig.reached(point);
    const resume = rig.suspend('gateway');
    rig.release(point);
    await until('the lease lapses', () => rig.leaseHasLapsed());
    const second = await rig.secondGateway();
    try {
      expect(await rig.ended(asleep.intentId)).toBe('NotSent');
      expect(await rig.isSending()).toBe(true);
      resume();
      await until('the first one has given up its attempt', async () => !(await rig.isSending()));
      expect(await rig.frames(asleep.intentId)).toBe(0);

      // Both take work from the queue; an order leaves through the one that holds the lease.
      const next = await rig.propose('MSFT');
      await rig.grant(next);
      expect(await rig.ended(next.intentId)).toBe('Filled');
      const evidence = await rig.evidence();
      const senders = evidence.broker.placements.map(({ clientId }) => clientId);
      expect(senders).toEqual([21]);
    } finally {
      await second.stop();
    }
    // Gives the lease back when it stops: the first one sends again.
    const last = await rig.propose('SPY');
    await rig.grant(last);
    expect(await rig.ended(last.intentId)).toBe('Filled');
  });

  it('leaves every record whole', async () => {
    expect(await lastingViolations(rig)).toEqual([]);
  });
});
