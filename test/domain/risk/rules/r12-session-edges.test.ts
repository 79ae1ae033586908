import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantFromEpochMs, type Instant } from '../../../../src/domain/time/instant.ts';
import { d, gone, known, type Change } from '../../gate-facts.ts';
import { isDenied, testRuleCases } from '../rule-cases.ts';

const at = (text: string, more: Change = {}): Change => ({
  ...more,
  facts: { marketTime: known(text as Instant) },
});
const noText = { details: { liquidHours: '', tradingHours: '' } };
const exit = { terms: { side: 'SELL', quantity: d(40) } } as const;
const edges = (firstMinutes: number, lastMinutes: number): Change => ({
  rules: { session_edges: { enabled: true, firstMinutes, lastMinutes, exemptSecTypes: [] } },
});
/** A session that begins at 17:00 the evening before, in Chicago (UTC-6). */
const overnight = {
  contract: { secType: 'FUT', exchange: 'CME', primaryExchange: '', currency: 'USD' },
  details: {
    timeZone: 'US/Central',
    liquidHours:
      '20261123:1700-20261124:1600;20261124:1700-20261125:1600;20261125:1700-20261126:1600',
  },
} as Change;

/** New York (UTC-5) on a full day unless the name says otherwise. */
testRuleCases('R12', [
  { name: 'the opening', change: at('2026-11-24T14:30:00.000Z'), expect: { outcome: 'deny' } },
  {
    name: 'a millisecond before the first minutes are over',
    change: at('2026-11-24T14:39:59.999Z'),
    expect: {
      outcome: 'deny',
      observed: '2026-11-24 09:39 US/Eastern',
      limit: '2026-11-24 09:40 to 2026-11-24 15:50',
      share: null,
    },
  },
  {
    name: 'the first minutes are just over',
    change: at('2026-11-24T14:40:00.000Z'),
    expect: { outcome: 'pass' },
  },
  {
    name: 'the last minutes just begin',
    change: at('2026-11-24T20:50:00.000Z'),
    expect: { outcome: 'pass' },
  },
  {
    name: 'a millisecond into the last minutes',
    change: at('2026-11-24T20:50:00.001Z'),
    expect: { outcome: 'deny' },
  },
  {
    name: 'a millisecond before the close',
    change: at('2026-11-24T20:59:59.999Z'),
    expect: { outcome: 'deny' },
  },
  {
    name: 'the close, which is R5 business',
    change: at('2026-11-24T21:00:00.000Z'),
    expect: { outcome: 'pass', limit: 'outside the regular session' },
  },
  {
    name: 'before the opening',
    change: at('2026-11-24T14:29:59.999Z'),
    expect: { outcome: 'pass' },
  },
  {
    name: '09:35 UTC is not 09:35 in New York',
    change: at('2026-11-24T09:35:00.000Z'),
    expect: { outcome: 'pass', limit: 'outside the regular session' },
  },
  {
    name: '16:00 UTC is not the close',
    change: at('2026-11-24T15:55:00.000Z'),
    expect: { outcome: 'pass' },
  },
  {
    name: 'the last minutes of a half-day',
    change: at('2026-11-27T17:50:00.001Z'),
    expect: { outcome: 'deny', limit: '2026-11-27 09:40 to 2026-11-27 12:50' },
  },
  {
    name: 'the last minutes of a half-day that the broker forgot',
    change: at('2026-11-27T17:55:00.000Z', {
      details: { liquidHours: '20261127:0930-20261127:1600' },
    }),
    expect: { outcome: 'deny' },
  },
  {
    name: 'a holiday',
    change: at('2026-11-26T14:35:00.000Z'),
    expect: { outcome: 'pass', limit: 'outside the regular session' },
  },
  {
    name: 'the first day of summer time, 09:35',
    change: at('2026-03-09T13:35:00.000Z', noText),
    expect: { outcome: 'deny' },
  },
  {
    name: 'the Friday before it, at the same UTC time',
    change: at('2026-03-06T13:35:00.000Z', noText),
    expect: { outcome: 'pass', limit: 'outside the regular session' },
  },
  {
    name: 'the first day of winter time, 09:35',
    change: at('2026-11-02T14:35:00.000Z', noText),
    expect: { outcome: 'deny' },
  },
  {
    name: 'the Friday before it, at the same UTC time',
    change: at('2026-10-30T14:35:00.000Z', noText),
    expect: { outcome: 'pass', limit: '2026-10-30 09:40 to 2026-10-30 15:50' },
  },
  {
    name: 'five minutes into a session that begins the evening before',
    change: at('2026-11-24T23:05:00.000Z', overnight),
    expect: { outcome: 'deny', limit: '2026-11-24 17:10 to 2026-11-25 15:50' },
  },
  {
    name: 'the middle of the night in that session',
    change: at('2026-11-25T08:00:00.000Z', overnight),
    expect: { outcome: 'pass' },
  },
  {
    name: 'the last minutes of that session',
    change: at('2026-11-25T21:55:00.000Z', overnight),
    expect: { outcome: 'deny' },
  },
  {
    name: 'an exit in the last minutes',
    change: at('2026-11-24T20:59:00.000Z', exit),
    expect: { outcome: 'pass', observed: 'exit' },
  },
  ...(
    [
      ['MOC', { orderType: 'MOC', limitPrice: null }],
      ['LOC', { orderType: 'LOC' }],
      ['MOO', { orderType: 'MOO', limitPrice: null, tif: 'OPG' }],
      ['LOO', { orderType: 'LOO', tif: 'OPG' }],
      ['LMT at the open', { tif: 'OPG' }],
    ] as const
  ).map(([name, terms]) => ({
    name: `${name} in the last minutes`,
    change: at('2026-11-24T20:59:00.000Z', { terms }),
    expect: { outcome: 'pass', observed: 'an auction order', limit: 'exempt' } as const,
  })),
  {
    name: 'a currency, which trades around the clock',
    change: at('2026-11-24T20:59:00.000Z', { contract: { secType: 'CASH' } }),
    expect: { outcome: 'pass', observed: 'CASH', limit: 'exempt' },
  },
  {
    name: 'a currency that is not exempt',
    change: at('2026-11-24T20:59:00.000Z', { contract: { secType: 'CASH' }, ...edges(10, 10) }),
    expect: { outcome: 'deny' },
  },
  {
    name: 'no first and last minutes',
    change: at('2026-11-24T14:30:00.000Z', edges(0, 0)),
    expect: { outcome: 'pass' },
  },
  {
    name: 'an unreadable calendar',
    change: { details: { liquidHours: 'soon' } },
    expect: { outcome: 'cannot-evaluate', missing: "the broker's trading hours cannot be read" },
  },
  {
    name: 'no calendar',
    change: { contract: { primaryExchange: 'IBIS' }, ...noText },
    expect: { outcome: 'cannot-evaluate' },
  },
  {
    name: 'no market time',
    change: { facts: { marketTime: gone } },
    expect: { outcome: 'cannot-evaluate', missing: 'marketTime: not there' },
  },
  {
    name: 'no contract',
    change: { facts: { contract: gone } },
    expect: { outcome: 'cannot-evaluate', missing: 'contract: not there' },
  },
  {
    name: 'an exit without market time',
    change: { ...exit, facts: { marketTime: gone } },
    expect: { outcome: 'pass' },
  },
]);

describe('R12: property', () => {
  it('denies inside the edges of the session and nowhere else, and wider edges never allow more', () => {
    const opensAt = Date.parse('2026-11-24T14:30:00Z');
    const closesAt = Date.parse('2026-11-24T21:00:00Z');
    const minutes = fc.integer({ min: 0, max: 240 });
    const around = fc.integer({ min: opensAt - 7_200_000, max: closesAt + 7_200_000 });
    fc.assert(
      fc.property(around, minutes, minutes, minutes, (now, first, last, wider) => {
        const denied = (from: number, to: number): boolean =>
          isDenied('R12', at(instantFromEpochMs(now), edges(from, to)));
        const isInside = opensAt <= now && now < closesAt;
        const isEdge = now < opensAt + first * 60_000 || now > closesAt - last * 60_000;
        expect(denied(first, last)).toBe(isInside && isEdge);
        if (denied(first, last)) expect(denied(Math.min(240, first + wider), last)).toBe(true);
      }),
    );
  });
});
