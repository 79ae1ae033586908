import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRecord } from './record.ts';
import { lastingViolations, startRig, until, type Rig } from './rig.ts';

/** Crashes between a committed row and the message about it, and a gateway that is suspended, not dead. */
describe('a gap between two steps', () => {
  let rig: Rig;
  const record = startRecord('gaps');

  beforeAll(async () => {
    rig = await startRig();
  });
  afterAll(async () => {
    record.print();
    await rig.stop();
  });

  it('api dies between the decision row and the wake-up', async () => {
    const point = 'decide.before-wake';
    const order = await rig.propose();
    rig.arm(point);
    const answer = rig.grant(order).catch(() => 'no answer');
    await rig.reached(point);
    expect(await rig.standing(order.intentId)).toMatchObject({ state: 'Approved' });
    const took = record.start();
    const back = rig.kill('api');
    rig.release(point);
    expect(await answer).toBe('no answer');
    const state = await rig.ended(order.intentId);
    record.add({ point, killed: 'api', state, endedMs: took(), backMs: await back });
    expect(state).toBe('Filled');
  });

  it('api dies between the intent row and the start of the workflow', async () => {
    const point = 'propose.before-start';
    const key = 'chaos-before-start';
    const body = rig.orderBody();
    const propose = () =>
      rig.product.agent.post('/approval/request', body, { 'idempotency-key': key });
    rig.arm(point);
    const answer = propose().catch(() => 'no answer');
    await rig.reached(point);
    const intentId = await rig.intentOf(key);
    expect(await rig.standing(intentId)).toMatchObject({ state: 'Proposed' });
    const took = record.start();
    const back = rig.kill('api');
    rig.release(point);
    expect(await answer).toBe('no answer');
    await until('somebody starts the workflow', async () => {
      return (await rig.standing(intentId)).state === 'AwaitingApproval';
    });
    const endedMs = took();
    record.add({ point, killed: 'api', state: 'Awaiting', endedMs, backMs: await back });
    // The agent, left without an answer, repeats itself: the same order, not a second one.
    const repeated = await propose();
    expect(repeated.body['intentId']).toBe(intentId);
    await rig.grant(repeated.body as never);
    expect(await rig.ended(intentId)).toBe('Filled');
  });

  it('worker dies right after the proposal', async () => {
    const order = await rig.propose();
    const took = record.start();
    const back = rig.kill('worker');
    await rig.grant(order);
    const state = await rig.ended(order.intentId);
    record.add({ point: 'proposed', killed: 'worker', state, endedMs: took(), backMs: await back });
    expect(state).toBe('Filled');
  });

  it('worker is dead when an order is proposed', async () => {
    const took = record.start();
    const back = rig.kill('worker');
    const order = await rig.propose();
    const endedMs = took();
    record.add({
      point: 'proposing',
      killed: 'worker',
      state: 'Awaiting',
      endedMs,
      backMs: await back,
    });
    await rig.grant(order);
    expect(await rig.ended(order.intentId)).toBe('Filled');
  });

  it('gateway is dead when an order is granted', async () => {
    const order = await rig.propose();
    const took = record.start();
    const back = rig.kill('gateway');
    await rig.grant(order);
    const state = await rig.ended(order.intentId);
    record.add({ point: 'granted', killed: 'gateway', state, endedMs: took(), backMs: await back });
    expect(state).toBe('Filled');
  });

  it.each([
    // Its claim is too old when it wakes up: it does not write, and says so.
    { point: 'submit.after-claim', allowed: /^NotSent$/ },
    // It holds no claim, so it may go on as the one sender, or be too late; both are one order at most.
    { point: 'submit.before-claim', allowed: /^(Filled|NotSent)$/ },
  ])('gateway sleeps at $point beyond lease and heartbeat', async ({ point, allowed }) => {
    const order = await rig.propose();
    rig.arm(point);
    await rig.grant(order);
    await rig.reached(point);
    const took = record.start();
    const resume = rig.suspend('gateway');
    rig.release(point);
    await until('the lease lapses', () => rig.leaseHasLapsed());
    await until('the workflow doubts', () => rig.isInDoubt(order.intentId));
    expect(await rig.frames(order.intentId)).toBe(0);
    const stoppedMs = took();
    resume();
    const state = await rig.ended(order.intentId);
    record.add({ point, killed: 'gateway STOP', state, endedMs: took(), backMs: stoppedMs });
    expect(state).toMatch(allowed);
    expect(await rig.frames(order.intentId)).toBe(state === 'Filled' ? 1 : 0);
  });

  it('leaves every record whole', async () => {
    expect(await lastingViolations(rig)).toEqual([]);
  });
});
