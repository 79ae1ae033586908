import { randomBytes } from 'node:crypto';
import { makeId, type AccountId, type LatchId } from '../../src/domain/ids.ts';
import { instantFromEpochMs } from '../../src/domain/time/instant.ts';
import type { LimitBreach, Limits, StoredLatch } from '../../src/store/port/limits.ts';

export const firstLatchId = 'lch_00000000000000000001' as LatchId;

/** Limits in memory for tests of the doors: one R8 latch is set from the start. */
export function memoryLimits(account: AccountId): Limits {
  const now = () => instantFromEpochMs(Date.now());
  const latchOf = (breach: LimitBreach): StoredLatch => ({
    ...breach,
    ...{ latchId: makeId('lch', randomBytes(20)), account, since: now() },
    ...{ setBy: 'monitor', released: null },
  });
  const first = {
    ...latchOf({ rule: 'R8', scope: 'account', observed: '6000', limit: '5000' }),
    latchId: firstLatchId,
  };
  const latches = new Map<LatchId, StoredLatch>([[first.latchId, first]]);
  const active = () => [...latches.values()].filter(({ released }) => released === null);
  return {
    latches: (named) =>
      Promise.resolve(active().filter((latch) => named === undefined || latch.account === named)),
    setLatches: (_account, breaches) => {
      const made = breaches.map(latchOf);
      for (const latch of made) latches.set(latch.latchId, latch);
      return Promise.resolve(made.map(({ latchId }) => latchId));
    },
    releaseLatch: (latchId, reason, actor) => {
      const latch = latches.get(latchId);
      if (latch === undefined) return Promise.resolve(null);
      const released = latch.released ?? { at: now(), by: actor.id, reason };
      latches.set(latchId, { ...latch, released });
      return Promise.resolve({ ...latch, released });
    },
    observeEquity: (_account, { amount }) =>
      Promise.resolve({ highest: amount, weekStart: amount, dayStart: amount }),
    agentsToday: () => Promise.resolve([]),
  };
}
