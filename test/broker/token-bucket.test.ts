import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultBrokerTiming } from '../../src/broker/ibkr/broker-timing.ts';
import { TokenBucket, type Lane } from '../../src/broker/ibkr/token-bucket.ts';
import { createFakeClock } from '../support/fake-clock.ts';

const settle = async (): Promise<void> => {
  for (let i = 0; i < 10; i += 1) await Promise.resolve();
};

/** A bucket that notes what it let go, and when. */
function noted(reserve = 8) {
  const clock = createFakeClock();
  const bucket = new TokenBucket(clock, 40, reserve);
  const gone: { lane: Lane; name: number; at: number }[] = [];
  const ask = (lane: Lane, name: number): void => {
    void bucket.wait(lane).then(() => {
      gone.push({ lane, name, at: clock.monotonicMs() });
      bucket.sent();
    });
  };
  const run = async (ms: number): Promise<void> => {
    await settle();
    for (let passed = 0; passed < ms; passed += 10) {
      clock.advance(10);
      await settle();
    }
  };
  return { clock, bucket, gone, ask, run };
}

/** The most messages in any second that begins with one of them. */
function densest(gone: readonly { at: number }[]): number {
  return Math.max(
    0,
    ...gone.map(({ at }) => gone.filter((o) => o.at >= at && o.at < at + 1000).length),
  );
}

describe('token bucket', () => {
  it('200 questions at once keep their order and never make more than 40 in a second', async () => {
    const { gone, ask, run } = noted();
    for (let name = 0; name < 200; name += 1) ask('read', name);
    await run(8_000);
    expect(gone.map(({ name }) => name)).toEqual(Array.from({ length: 200 }, (_, i) => i));
    expect(densest(gone)).toBeLessThanOrEqual(40);
  });

  it('a receiver that stalls for a moment still never counts more than 50 questions in a second', async () => {
    const { gone, ask, run } = noted(defaultBrokerTiming.writeReserve);
    for (let name = 0; name < 200; name += 1) ask('read', name);
    await run(10_000);
    const stalls = Array.from({ length: 300 }, (_, i) => i * 10);
    const counted = stalls.map((from) => {
      const until = from + 240;
      // What came during the stall is read when it is over.
      return densest(gone.map(({ at }) => ({ at: at >= from && at < until ? until : at })));
    });
    expect(Math.max(...counted)).toBeLessThanOrEqual(50);
  });

  it('any mixture asked at any time: 40 in any second, in order within a lane', async () => {
    const step = fc.record({
      lane: fc.constantFrom<Lane>('cancel', 'write', 'read'),
      afterMs: fc.integer({ min: 0, max: 60 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 150 }), async (steps) => {
        const { gone, ask, run } = noted();
        for (const [name, { lane, afterMs }] of steps.entries()) {
          await run(afterMs);
          ask(lane, name);
        }
        await run(8_000);
        expect(gone).toHaveLength(steps.length);
        expect(densest(gone)).toBeLessThanOrEqual(40);
        for (const lane of ['cancel', 'write', 'read'] as const) {
          const names = gone.filter((one) => one.lane === lane).map(({ name }) => name);
          expect(names).toEqual(names.toSorted((a, b) => a - b));
        }
      }),
      { numRuns: 30 },
    );
  });

  it('cancels go first, then orders, then reads', async () => {
    const { gone, ask, run } = noted();
    for (let name = 0; name < 60; name += 1) ask('read', name);
    await run(0);
    for (let name = 0; name < 20; name += 1) ask('write', name);
    for (let name = 0; name < 10; name += 1) ask('cancel', name);
    await run(4_000);
    const [lastCancel, lastWrite] = ['cancel', 'write'].map((lane) =>
      gone.findLastIndex((one) => one.lane === lane),
    );
    // 32 reads and 6 orders found free places before; the share of the reads comes on top of the 30 others.
    expect(lastCancel).toBeLessThan(32 + 6 + 10);
    expect(lastWrite).toBeLessThan(32 + 30 + 4);
  });

  it('reads get their share while orders never end', async () => {
    const { clock, gone, ask, run } = noted();
    for (let name = 0; name < 400; name += 1) ask('write', name);
    for (let name = 0; name < 20; name += 1) ask('read', name);
    while (clock.monotonicMs() < 6_000) await run(100);
    expect(gone.filter(({ lane }) => lane === 'read').length).toBeGreaterThanOrEqual(18);
  });

  it('a kept place counts until it is spent or given back, and is used once', async () => {
    const { clock, bucket } = noted();
    const hold = await bucket.hold('write');
    expect(bucket.used).toBe(1);
    clock.advance(5_000);
    expect(bucket.used).toBe(1);
    hold?.spend();
    hold?.spend();
    hold?.release();
    expect(bucket.used).toBe(1);
    bucket.sent();
    expect(bucket.used).toBe(1);
    clock.advance(1_001);
    expect(bucket.used).toBe(0);
    (await bucket.hold('write'))?.release();
    expect(bucket.used).toBe(0);
  });

  it('without a free place a write is told so, a cancel still has two', () => {
    const { bucket } = noted();
    let writes = 0;
    while (bucket.take('write')) writes += 1;
    expect(writes).toBe(38);
    expect(['cancel', 'cancel', 'cancel'].map((lane) => bucket.take(lane as Lane))).toEqual([
      ...[true, true, false],
    ]);
  });

  it('who waits too long leaves the line without using a place', async () => {
    const { clock, bucket, ask, gone, run } = noted();
    while (bucket.take('cancel')) bucket.sent();
    const late = bucket.wait('read', 300);
    ask('read', 1);
    clock.advance(400);
    expect(await late).toBe(false);
    await run(1_000);
    expect(gone).toHaveLength(1);
    expect(bucket.waiting).toBe(0);
  });

  it('a message that asked for no place is counted all the same', () => {
    const { bucket } = noted();
    for (let i = 0; i < 40; i += 1) bucket.sent();
    expect(bucket.take('cancel')).toBe(false);
  });
});
