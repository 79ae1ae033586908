import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HistoryPacer, MessagePacer } from '../../src/simgateway/session/pacing.ts';

describe('messages', () => {
  const burst = (pacer: MessagePacer, at: number, n: number) =>
    Array.from({ length: n }, () => pacer.count(at).kind);

  it('allows 50 in a second and warns of the next one', () => {
    const pacer = new MessagePacer();
    expect(burst(pacer, 0, 50)).not.toContain('warn');
    expect(pacer.count(999.9)).toEqual({
      kind: 'warn',
      text: 'Max rate of messages per second has been exceeded:max=50 rec=51 (1)',
    });
  });

  it('looks at any second, not at whole ones', () => {
    const pacer = new MessagePacer();
    expect(burst(pacer, 900, 30)).not.toContain('warn');
    expect(burst(pacer, 1100, 20)).not.toContain('warn');
    expect(pacer.count(1899).kind).toBe('warn');
  });

  it('takes one burst for one violation, and ends the connection at the third', () => {
    const pacer = new MessagePacer();
    const kinds = [0, 5000, 10_000].map((at) => burst(pacer, at, 200).filter((k) => k !== 'ok'));
    expect(kinds).toEqual([['warn'], ['warn'], ['close']]);
  });

  it('never troubles a client that keeps to 50 in every second', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(100), { minLength: 1, maxLength: 300 }), (gaps) => {
        const pacer = new MessagePacer();
        const times: number[] = [];
        let now = 0;
        for (const gap of gaps) {
          now += gap;
          const isFree = times.filter((t) => now - t < 1000).length < 50;
          if (!isFree) continue;
          times.push(now);
          expect(pacer.count(now).kind).toBe('ok');
        }
      }),
    );
  });
});

describe('historical requests', () => {
  const query = (identity: string, series = identity, weight = 1) => ({ identity, series, weight });

  it('refuses the same one within 15 seconds', () => {
    const pacer = new HistoryPacer();
    expect(pacer.admits(query('a'), 0)).toBe(true);
    expect(pacer.admits(query('a'), 14_999)).toBe(false);
    expect(pacer.admits(query('a'), 15_000)).toBe(true);
  });

  it('refuses the sixth of a contract within 2 seconds; BID_ASK counts double', () => {
    const pacer = new HistoryPacer();
    const taken = [0, 1, 2, 3, 4, 5].map((n) => pacer.admits(query(`t${n}`, 'trades'), 0));
    expect(taken).toEqual([true, true, true, true, true, false]);
    expect(pacer.admits(query('t6', 'trades'), 2000)).toBe(true);
    const double = [0, 1, 2].map((n) => pacer.admits(query(`q${n}`, 'quotes', 2), 0));
    expect(double).toEqual([true, true, false]);
  });

  it('refuses more than 60 in ten minutes', () => {
    const pacer = new HistoryPacer();
    const taken = Array.from({ length: 61 }, (_, n) => pacer.admits(query(`${n}`), n * 1000));
    expect(taken.indexOf(false)).toBe(60);
    expect(pacer.admits(query('later'), 600_000)).toBe(true);
  });

  it('starts anew when the exchange clock is set back', () => {
    const pacer = new HistoryPacer();
    pacer.admits(query('a'), 1_000_000);
    expect(pacer.admits(query('a'), 0)).toBe(true);
  });
});
