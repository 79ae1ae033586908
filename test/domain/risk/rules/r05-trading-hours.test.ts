import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Instant } from '../../../../src/domain/time/instant.ts';
import { instantFromEpochMs } from '../../../../src/domain/time/instant.ts';
import { gone, known, type Change } from '../../gate-facts.ts';
import { isDenied, testRuleCases, type RuleCase } from '../rule-cases.ts';

const at = (text: string, more: Change = {}): Change => ({
  ...more,
  facts: { marketTime: known(text as Instant) },
});
const noText = { details: { liquidHours: '', tradingHours: '' } };
const outside = { trading_hours: { enabled: true, allowOutsideRth: true } } as const;

const moc = { terms: { orderType: 'MOC', limitPrice: null } } as const;
const loc = { terms: { orderType: 'LOC' } } as const;
const moo = { terms: { orderType: 'MOO', limitPrice: null, tif: 'OPG' } } as const;
const atTheOpen = { terms: { tif: 'OPG' } } as const;
const till = (goodTillDate: string) =>
  ({ terms: { tif: 'GTD', goodTillDate: goodTillDate as Instant } }) as const;
const abroad = {
  contract: { primaryExchange: 'IBIS' },
  details: {
    timeZone: 'MET',
    liquidHours: '20261124:0900-20261124:1730;20261125:0900-20261125:1730',
  },
} as const;

/** Auctions and ends, in New York (UTC-5) unless the name says otherwise. */
const orders: readonly RuleCase[] = [
  { name: 'MOC at noon', change: at('2026-11-24T17:00:00.000Z', moc), expect: { outcome: 'pass' } },
  {
    name: 'MOC a millisecond before the cut-off',
    change: at('2026-11-24T20:49:59.999Z', moc),
    expect: {
      outcome: 'pass',
      limit: 'before 2026-11-24 15:50, the cut-off of the closing auction',
    },
  },
  {
    name: 'LOC at the cut-off',
    change: at('2026-11-24T20:50:00.000Z', loc),
    expect: { outcome: 'deny', observed: '2026-11-24 15:50 US/Eastern' },
  },
  {
    name: 'a limit order after the cut-off of the auction',
    change: at('2026-11-24T20:50:00.000Z'),
    expect: { outcome: 'pass' },
  },
  {
    name: 'MOC after the close',
    change: at('2026-11-24T21:00:00.000Z', moc),
    expect: { outcome: 'deny' },
  },
  {
    name: 'MOC before the open',
    change: at('2026-11-24T14:00:00.000Z', moc),
    expect: { outcome: 'deny' },
  },
  {
    name: 'LOC on a half-day, in time',
    change: at('2026-11-27T17:49:59.000Z', loc),
    expect: {
      outcome: 'pass',
      limit: 'before 2026-11-27 12:50, the cut-off of the closing auction',
    },
  },
  {
    name: 'LOC on a half-day, too late',
    change: at('2026-11-27T17:50:00.000Z', loc),
    expect: { outcome: 'deny' },
  },
  {
    name: 'MOC on a half-day that the broker forgot: the earlier close counts',
    change: at('2026-11-27T17:50:00.000Z', {
      ...moc,
      details: { liquidHours: '20261127:0930-20261127:1600' },
    }),
    expect: {
      outcome: 'deny',
      limit: 'before 2026-11-27 12:50, the cut-off of the closing auction',
    },
  },
  {
    name: 'MOC abroad, a quarter of an hour before the close',
    change: at('2026-11-24T16:15:00.000Z', { ...moc, ...abroad }),
    expect: {
      outcome: 'deny',
      limit: 'before 2026-11-24 17:15, the cut-off of the closing auction',
    },
  },
  {
    name: 'MOC abroad, a millisecond earlier',
    change: at('2026-11-24T16:14:59.999Z', { ...moc, ...abroad }),
    expect: { outcome: 'pass' },
  },
  {
    name: 'MOO early in the morning',
    change: at('2026-11-24T12:00:00.000Z', moo),
    expect: {
      outcome: 'pass',
      limit: 'before 2026-11-24 09:28, the cut-off of the opening auction',
    },
  },
  {
    name: 'MOO a millisecond before the cut-off',
    change: at('2026-11-24T14:27:59.999Z', moo),
    expect: { outcome: 'pass' },
  },
  {
    name: 'MOO at the cut-off',
    change: at('2026-11-24T14:28:00.000Z', moo),
    expect: { outcome: 'deny' },
  },
  {
    name: 'MOO while the market is open',
    change: at('2026-11-24T15:00:00.000Z', moo),
    expect: { outcome: 'deny', observed: '2026-11-24 10:00 US/Eastern, open already' },
  },
  {
    name: 'a limit order for the opening, the evening before Thanksgiving: the day after it',
    change: at('2026-11-25T23:00:00.000Z', atTheOpen),
    expect: {
      outcome: 'pass',
      limit: 'before 2026-11-27 09:28, the cut-off of the opening auction',
    },
  },
  {
    name: 'MOO on a Saturday, by our own table',
    change: at('2026-11-28T17:00:00.000Z', { ...moo, ...noText }),
    expect: {
      outcome: 'pass',
      limit: 'before 2026-11-30 09:28, the cut-off of the opening auction',
    },
  },
  {
    name: 'MOO for an opening abroad that the text does not reach',
    change: at('2026-11-25T20:00:00.000Z', { ...moo, ...abroad }),
    expect: { outcome: 'cannot-evaluate' },
  },
  {
    name: 'MOO with hours that cannot be read',
    change: at('2026-11-24T12:00:00.000Z', { ...moo, details: { liquidHours: 'x' } }),
    expect: { outcome: 'cannot-evaluate' },
  },
  {
    name: 'an end that is a second ahead',
    change: at('2026-11-24T15:00:00.000Z', till('2026-11-24T15:00:01.000Z')),
    expect: { outcome: 'pass' },
  },
  {
    name: 'an end that is now',
    change: at('2026-11-24T15:00:00.000Z', till('2026-11-24T15:00:00.000Z')),
    expect: { outcome: 'deny', observed: 'good till 2026-11-24T15:00:00.000Z' },
  },
  {
    name: 'an end in exactly 90 days',
    change: at('2026-11-24T15:00:00.000Z', till('2027-02-22T15:00:00.000Z')),
    expect: { outcome: 'pass' },
  },
  {
    name: 'an end a second later than that',
    change: at('2026-11-24T15:00:00.000Z', till('2027-02-22T15:00:01.000Z')),
    expect: { outcome: 'deny' },
  },
  {
    name: 'an end before the next session, of an order while it is closed',
    change: at('2026-11-24T22:00:00.000Z', till('2026-11-25T05:00:00.000Z')),
    expect: { outcome: 'deny', limit: 'regular hours 09:30-16:00' },
  },
];

testRuleCases('R5', [
  {
    name: 'a Tuesday morning',
    change: at('2026-11-24T15:00:00.000Z'),
    expect: {
      outcome: 'pass',
      observed: '2026-11-24 10:00 US/Eastern',
      limit: 'regular hours 09:30-16:00',
    },
  },
  { name: 'the opening bell', change: at('2026-11-24T14:30:00.000Z'), expect: { outcome: 'pass' } },
  {
    name: 'a millisecond before it',
    change: at('2026-11-24T14:29:59.999Z'),
    expect: { outcome: 'deny', observed: '2026-11-24 09:29 US/Eastern' },
  },
  {
    name: 'the last millisecond',
    change: at('2026-11-24T20:59:59.999Z'),
    expect: { outcome: 'pass' },
  },
  { name: 'the closing bell', change: at('2026-11-24T21:00:00.000Z'), expect: { outcome: 'deny' } },
  {
    name: 'Thanksgiving, by the broker',
    change: at('2026-11-26T16:00:00.000Z'),
    expect: { outcome: 'deny', limit: 'regular hours closed' },
  },
  {
    name: 'Thanksgiving, by our own table',
    change: at('2026-11-26T16:00:00.000Z', noText),
    expect: { outcome: 'deny', limit: 'regular hours closed (Thanksgiving Day)' },
  },
  {
    name: 'the half-day, in time',
    change: at('2026-11-27T17:59:59.000Z'),
    expect: { outcome: 'pass' },
  },
  {
    name: 'the half-day, too late',
    change: at('2026-11-27T18:00:00.000Z'),
    expect: { outcome: 'deny' },
  },
  {
    name: 'a broker that forgot the half-day: the stricter one counts',
    change: at('2026-11-27T18:00:00.000Z', {
      details: { liquidHours: '20261127:0930-20261127:1600' },
    }),
    expect: { outcome: 'deny', limit: 'regular hours 09:30-13:00' },
  },
  {
    name: 'a broker that knows of a closure that we do not',
    change: at('2026-11-24T15:00:00.000Z', { details: { liquidHours: '20261124:CLOSED' } }),
    expect: { outcome: 'deny', limit: 'regular hours closed' },
  },
  {
    name: 'a day beyond the text: our own table stands in',
    change: at('2026-12-01T15:00:00.000Z'),
    expect: { outcome: 'pass', observed: '2026-12-01 10:00 America/New_York' },
  },
  {
    name: 'a day beyond the text on an exchange that we have no table for',
    change: at('2026-12-01T15:00:00.000Z', { contract: { primaryExchange: 'IBIS' } }),
    expect: { outcome: 'cannot-evaluate' },
  },
  {
    name: 'an exchange that we have no table for, by the broker',
    change: at('2026-11-24T08:00:00.000Z', {
      contract: { primaryExchange: 'IBIS' },
      details: { timeZone: 'MET', liquidHours: '20261124:0900-20261124:1730' },
    }),
    expect: { outcome: 'pass', observed: '2026-11-24 09:00 MET' },
  },
  {
    name: 'hours that cannot be read are not replaced by a guess',
    change: at('2026-11-24T15:00:00.000Z', { details: { liquidHours: '20261124:0930-1600' } }),
    expect: { outcome: 'cannot-evaluate' },
  },
  {
    name: 'a zone that nobody knows',
    change: at('2026-11-24T15:00:00.000Z', { details: { timeZone: 'Mars/Olympus' } }),
    expect: { outcome: 'cannot-evaluate' },
  },
  {
    name: 'a year beyond our table without a text',
    change: at('2036-01-02T15:00:00.000Z', noText),
    expect: { outcome: 'cannot-evaluate' },
  },
  {
    name: 'before the switch to summer time, 10:00 is 15:00 UTC',
    change: at('2026-03-06T14:29:59.000Z', noText),
    expect: { outcome: 'deny' },
  },
  {
    name: 'after the switch to summer time it opens an hour earlier in UTC',
    change: at('2026-03-09T13:30:00.000Z', noText),
    expect: { outcome: 'pass' },
  },
  {
    name: 'after the switch back, 13:30 UTC is too early again',
    change: at('2026-11-02T13:30:00.000Z', noText),
    expect: { outcome: 'deny' },
  },
  {
    name: 'outside regular hours where the policy forbids it, even at noon',
    change: at('2026-11-24T17:00:00.000Z', { terms: { outsideRth: true } }),
    expect: { outcome: 'deny' },
  },
  {
    name: 'outside regular hours where the policy allows it',
    change: at('2026-11-24T12:00:00.000Z', { terms: { outsideRth: true }, rules: outside }),
    expect: { outcome: 'pass', limit: 'extended hours 04:00-20:00' },
  },
  {
    name: 'the policy allows it, the order does not ask for it',
    change: at('2026-11-24T12:00:00.000Z', { rules: outside }),
    expect: { outcome: 'deny' },
  },
  ...orders,
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
]);

describe('R5: property', () => {
  it('never opens on a weekend in New York, whatever the minute', () => {
    const saturday = Date.parse('2026-11-28T05:00:00.000Z');
    fc.assert(
      fc.property(fc.nat(48 * 60 - 1), fc.nat(400), (minute, weeks) => {
        const ms = saturday + minute * 60_000 + weeks * 7 * 86_400_000;
        // The hour before midnight moves with summer time; stay clear of it.
        fc.pre(minute > 60 && minute < 47 * 60);
        expect(isDenied('R5', at(instantFromEpochMs(ms), noText))).toBe(true);
      }),
    );
  });
});
