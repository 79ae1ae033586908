import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GatewayError } from '../../src/domain/errors.ts';
import type { AccountId } from '../../src/domain/ids.ts';
import type { Money } from '../../src/domain/money/money.ts';
import type { Portfolio } from '../../src/domain/portfolio/portfolio.ts';
import type { Instant } from '../../src/domain/time/instant.ts';
import { startEquityMonitor } from '../../src/gateway/equity-monitor.ts';
import type { LimitBreach } from '../../src/store/port/limits.ts';

const one = 'DU1' as AccountId;
const two = 'DU2' as AccountId;
const breach: LimitBreach = { rule: 'R8', scope: 'account', observed: '6000', limit: '5000' };

/** A monitor over one world that a test changes while it runs. */
function watching(accounts: readonly AccountId[] = [one]) {
  const world = {
    value: '1000000',
    breaches: [] as readonly LimitBreach[],
    failure: null as Error | null,
  };
  const seen: [string, string][] = [];
  const latched: string[] = [];
  const failures: unknown[] = [];
  const active = new Set<string>();
  const monitor = startEquityMonitor({
    broker: {
      accounts: () => Promise.resolve(accounts),
      portfolio: () =>
        world.failure === null
          ? Promise.resolve({
              netLiquidation: { amount: world.value, currency: 'USD' } as Money,
            } as Portfolio)
          : Promise.reject(world.failure),
      marketTime: () => Promise.resolve('2026-11-24T15:00:00.000Z' as Instant),
    },
    limits: {
      observeEquity: (account, { amount }) => {
        seen.push([account, amount]);
        return Promise.resolve({ highest: amount, weekStart: amount, dayStart: amount });
      },
      setLatches: (account, breaches) => {
        const set = breaches
          .map(({ rule }) => `${account} ${rule}`)
          .filter((key) => !active.has(key));
        for (const key of set) active.add(key);
        return Promise.resolve(set as never);
      },
    },
    breachesOf: () => world.breaches,
    onLatched: (_account, latches) => latched.push(...latches),
    onFailure: (failure) => failures.push(failure),
    everyMs: 1000,
  });
  return { world, seen, latched, failures, monitor };
}

describe('the monitor of the equity', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('looks at once and again after every pause, until it is stopped', async () => {
    const { world, seen, monitor } = watching();
    await vi.advanceTimersByTimeAsync(0);
    expect(seen).toEqual([[one, '1000000']]);
    world.value = '990000';
    await vi.advanceTimersByTimeAsync(1000);
    expect(seen.at(-1)).toEqual([one, '990000']);
    await monitor.stop();
    await vi.advanceTimersByTimeAsync(5000);
    expect(seen).toHaveLength(2);
  });

  it('latches a broken limit without an order, and says so once', async () => {
    const { world, latched, monitor } = watching();
    await vi.advanceTimersByTimeAsync(0);
    expect(latched).toEqual([]);
    world.breaches = [breach];
    await vi.advanceTimersByTimeAsync(3000);
    expect(latched).toEqual([`${one} R8`]);
    await monitor.stop();
  });

  it('takes note of nothing while there is no value, and tells of it once', async () => {
    const { world, seen, failures, monitor } = watching();
    world.failure = new GatewayError('BROKER_UNAVAILABLE', 'no session');
    await vi.advanceTimersByTimeAsync(3000);
    expect(seen).toEqual([]);
    expect(failures).toEqual([world.failure]);
    world.failure = null;
    await vi.advanceTimersByTimeAsync(1000);
    expect(seen).toHaveLength(1);
    world.failure = new Error('away again');
    await vi.advanceTimersByTimeAsync(3000);
    expect(failures).toHaveLength(2);
    await monitor.stop();
  });

  it('lets several accounts take turns', async () => {
    const { seen, monitor } = watching([one, two]);
    await vi.advanceTimersByTimeAsync(2500);
    expect(seen.map(([account]) => account)).toEqual([one, two, one]);
    await monitor.stop();
  });
});
