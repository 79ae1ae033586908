import { describe, expect, it } from 'vitest';
import type { AutoUsage } from '../../../../src/domain/approval/policy/category.ts';
import type { Instant } from '../../../../src/domain/time/instant.ts';
import { aapl, d, gone, known, other } from '../../gate-facts.ts';
import { autoInput, judged, refusals } from './auto-case.ts';

const base = {
  ...{ name: 'weekly', con_id: aapl, side: 'BUY', at: '10:00', time_zone: 'America/New_York' },
  ...{ tolerance_minutes: 15, min_spacing_hours: 24 },
};
const weekly = { ...base, quantity: '5', days: ['tue'] };
const anyAmount = { ...base, days: ['tue'] };
const anyDay = { ...base, quantity: '5' };

type Case = {
  readonly schedule?: object;
  readonly at?: string | null;
  readonly last?: Readonly<Record<string, string>>;
};

function change({ schedule = weekly, at = '2026-11-24T15:00:00.000Z', last = {} }: Case) {
  const facts = {
    ...autoInput().facts,
    marketTime: at === null ? gone : known(at as Instant),
  };
  const usage: AutoUsage = { notionalToday: d(0), lastBySchedule: last as never };
  const schedules = [{ ...weekly, name: 'other', con_id: other }, schedule];
  return { categories: { dca_schedules: { schedules } }, input: { facts, usage } };
}
const refused = (one: Case): boolean => refusals(change(one)).includes('dca_schedules');

describe('DCA schedules', () => {
  it('names the schedule that the order belongs to', () => {
    expect(judged(change({}))).toMatchObject({ approved: true, schedule: 'weekly' });
  });

  it.each<readonly [string, Case, boolean]>([
    ['another instrument', { schedule: { ...weekly, con_id: other + 1 } }, true],
    ['another side', { schedule: { ...weekly, side: 'SELL' } }, true],
    ['more', { schedule: { ...weekly, quantity: '4' } }, true],
    ['less', { schedule: { ...weekly, quantity: '5.0001' } }, true],
    ['the same, written otherwise', { schedule: { ...weekly, quantity: '5.000' } }, false],
    ['its first moment', { at: '2026-11-24T14:45:00.000Z' }, false],
    ['before it', { at: '2026-11-24T14:44:59.999Z' }, true],
    ['its last moment', { at: '2026-11-24T15:15:00.000Z' }, false],
    ['after it', { at: '2026-11-24T15:15:00.001Z' }, true],
    ['another day', { at: '2026-11-25T15:00:00.000Z' }, true],
    ['no clock', { at: null }, true],
    ['10:00 in summer', { at: '2026-07-07T14:00:00.000Z' }, false],
    ['10:00 in summer by the winter offset', { at: '2026-07-07T15:00:00.000Z' }, true],
    ['spaced exactly', { last: { weekly: '2026-11-23T15:00:00.000Z' } }, false],
    ['spaced a moment too little', { last: { weekly: '2026-11-23T15:00:00.001Z' } }, true],
    ['an order from the future', { last: { weekly: '2026-11-30T15:00:00.000Z' } }, true],
    ['an order of another schedule', { last: { other: '2026-11-24T14:59:00.000Z' } }, false],
    ['a name that every object has', { schedule: { ...weekly, name: 'constructor' } }, false],
    ['a day of the month', { schedule: { ...anyDay, days_of_month: [1, 24] } }, false],
    ['another day of the month', { schedule: { ...anyDay, days_of_month: [23, 25] } }, true],
    [
      'tolerance over midnight',
      { schedule: { ...weekly, at: '00:05', days: ['wed'] }, at: '2026-11-25T04:55:00.000Z' },
      false,
    ],
    [
      'tolerance over midnight, of the day before',
      { schedule: { ...weekly, at: '23:55' }, at: '2026-11-25T05:10:00.000Z' },
      false,
    ],
    [
      'a worth, at its edge',
      { schedule: { ...anyAmount, notional: '1010.101', notional_tolerance_bps: '100' } },
      false,
    ],
    [
      'a worth, beyond it',
      { schedule: { ...anyAmount, notional: '1010.2', notional_tolerance_bps: '100' } },
      true,
    ],
    [
      'a worth, above it',
      { schedule: { ...anyAmount, notional: '990', notional_tolerance_bps: '100' } },
      true,
    ],
  ])('%s', (_name, one, isRefused) => {
    expect(refused(one)).toBe(isRefused);
  });
});
