import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { violations } from '../support/invariants.ts';
import { startRecord } from './record.ts';
import { lastingViolations, startRig, until, type Rig } from './rig.ts';

/** The broker itself dies with an order in its hands, and what a quarantine cannot know. */
describe('a crash of the broker', () => {
  let rig: Rig;
  const record = startRecord('the broker');

  beforeAll(async () => {
    rig = await startRig();
  });
  afterAll(async () => {
    record.print();
    await rig.stop();
  });

  const hold = async (stage: string) => {
    const order = await rig.propose();
    await rig.product.sim.armFault({ kind: stage, orderRef: order.intentId });
    await rig.grant(order);
    await rig.held();
    return order;
  };

  it.each([
    // Read and then forgotten: on the link that came back it is proven absent, twice.
    { stage: 'hold-before', end: 'NotSent' },
    // Accepted and kept: it is found again, with everything that had become of it.
    { stage: 'hold-after', end: 'Filled' },
  ])('at $stage', async ({ stage, end }) => {
    const { intentId } = await hold(stage);
    const took = record.start();
    const backMs = await rig.kill('simgateway');
    await rig.product.sim.setClock({ instant: '2026-11-24T16:00:00Z', running: true });
    // The second outage in a row opens the session's breaker (15 to 30 s): an operator need not wait for it.
    await rig.product.operator.post('/connection/reconnect');
    const state = await rig.ended(intentId);
    record.add({ point: stage, killed: 'simgateway', state, endedMs: took(), backMs });
    expect(state).toBe(end);
    expect(await rig.frames(intentId)).toBe(1);
  });

  it('leaves every record whole', async () => {
    expect(await lastingViolations(rig)).toEqual([]);
  });

  // The known limit: a frame that the broker has read and shows to nobody for longer than the quarantine. It is
  // still one order at most; a person is told, and the checker sees it.
  it('is an incident where an order appears after it was proven absent', async () => {
    const { intentId } = await hold('hold-before');
    const held = await rig.held();
    const back = rig.kill('gateway');
    expect(await rig.ended(intentId)).toBe('NotSent');
    await back;
    await rig.product.sim.releaseHold(held.id);
    await until('a person is told', async () =>
      (await rig.evidence()).audit.some(
        ({ body }) =>
          body.includes('"IncidentOpened"') &&
          body.includes(`"intentId":"${intentId}"`) &&
          body.includes('the broker speaks'),
      ),
    );
    expect(await rig.frames(intentId)).toBe(1);
    const found = await violations(await rig.evidence());
    expect(found).toContain(`I-3: ${intentId} is an order and counts as not sent`);
    expect(found.filter((problem) => /^I-[256]/.test(problem))).toEqual([]);
  });
});
