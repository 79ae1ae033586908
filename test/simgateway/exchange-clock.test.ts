import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createExchangeClock } from '../../src/simgateway/market/exchange-clock.ts';

const START = Date.parse('2026-04-14T16:00:00Z');

describe('a virtual clock', () => {
  it('moves only when advanced, and runs each timer at the instant it is due', () => {
    const clock = createExchangeClock(START, 'virtual');
    const seen: [string, number][] = [];
    const note = (name: string) => () => seen.push([name, clock.now() - START]);
    clock.after(300, note('late'));
    clock.after(100, () => {
      note('early')();
      clock.after(50, note('of a timer'));
    });
    const cancel = clock.after(200, note('cancelled'));
    cancel();
    expect(clock.now()).toBe(START);
    clock.advance(250);
    expect(seen).toEqual([
      ['early', 100],
      ['of a timer', 150],
    ]);
    clock.advance(50);
    expect(seen.at(-1)).toEqual(['late', 300]);
    expect(() => {
      clock.set({ running: true });
    }).toThrow('only when it is advanced');
  });

  it('jumps over what is due, which then happens at once, in order', () => {
    const clock = createExchangeClock(START, 'virtual');
    const seen: [number, number][] = [];
    for (const ms of [20, 10, 20]) clock.after(ms, () => seen.push([ms, clock.now() - START]));
    clock.set({ instant: START + 1_000 });
    expect(seen).toEqual([
      [10, 1_000],
      [20, 1_000],
      [20, 1_000],
    ]);
  });

  it('put back, keeps what timers had left to wait', () => {
    const clock = createExchangeClock(START, 'virtual');
    const action = vi.fn();
    clock.after(100, action);
    clock.set({ instant: START - 3_600_000 });
    clock.advance(99);
    expect(action).not.toHaveBeenCalled();
    clock.advance(1);
    expect(action).toHaveBeenCalledOnce();
  });

  it('runs timers in order of time whatever the steps', () => {
    const delays = fc.array(fc.nat(500), { maxLength: 30 });
    const steps = fc.array(fc.integer({ min: 1, max: 200 }), { maxLength: 20 });
    fc.assert(
      fc.property(delays, steps, (waits, by) => {
        const clock = createExchangeClock(START, 'virtual');
        const seen: number[] = [];
        for (const ms of waits) {
          clock.after(ms, () => {
            expect(clock.now()).toBe(START + ms);
            seen.push(ms);
          });
        }
        for (const step of by) clock.advance(step);
        clock.advance(600);
        expect(seen).toEqual(waits.toSorted((a, b) => a - b));
      }),
    );
  });
});

describe('a real clock', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('runs at its rate, freezes, and holds its timers while frozen', () => {
    const clock = createExchangeClock(START);
    const action = vi.fn();
    clock.set({ rate: 60 });
    clock.after(60_000, action);
    vi.advanceTimersByTime(500);
    expect(clock.now()).toBe(START + 30_000);
    clock.set({ running: false });
    vi.advanceTimersByTime(10_000);
    expect(clock.now()).toBe(START + 30_000);
    expect(action).not.toHaveBeenCalled();
    clock.set({ running: true });
    vi.advanceTimersByTime(501);
    expect(action).toHaveBeenCalledOnce();
    expect(clock.rate()).toBe(60);
  });

  it('forgets its timers when it is stopped', () => {
    const clock = createExchangeClock(START);
    const action = vi.fn();
    clock.after(10, action);
    clock.stop();
    vi.advanceTimersByTime(1_000);
    expect(action).not.toHaveBeenCalled();
  });
});
