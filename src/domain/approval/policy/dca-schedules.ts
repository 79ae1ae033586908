import { z } from 'zod';
import { fixed, Fixed } from '../../money/fixed.ts';
import { sides } from '../../order/order-type.ts';
import { isKnown } from '../../risk/facts.ts';
import { amount, bps, whole } from '../../risk/limits.ts';
import { elapsedMs, epochMs } from '../../time/instant.ts';
import { clockText, zonedEpochMs } from '../../time/zoned.ts';
import { autoCategory, notionalOf, refuse, type AutoInput } from './category.ts';
import { TimeOfDay, TimeZone, wallClock, Weekdays } from './week.ts';

/**
 * Regular purchases and sales: the same instrument, side and amount at stated days and times. An order belongs to
 * the first schedule that fits; a schedule whose last order is too young does not fit.
 */

const dayMs = 86_400_000;
const minuteMs = 60_000;
const tenThousand = new Fixed(10_000, 0);

const exactlyOne = (a: unknown, b: unknown): boolean => (a === undefined) !== (b === undefined);

const schedule = z
  .strictObject({
    name: z.string().regex(/^[A-Za-z0-9._-]{1,40}$/, 'letters, digits and . _ - only, at most 40'),
    con_id: z.int().positive(),
    side: z.enum(sides),
    quantity: amount.optional(),
    notional: amount.optional(),
    notional_tolerance_bps: bps.optional(),
    days: Weekdays.optional(),
    days_of_month: z.array(whole(1, 31)).min(1, 'at least one day').optional(),
    at: TimeOfDay,
    time_zone: TimeZone,
    tolerance_minutes: whole(0, 720),
    min_spacing_hours: whole(1, 24 * 366),
  })
  .refine(({ quantity, notional }) => exactlyOne(quantity, notional), {
    error: 'exactly one of quantity and notional',
  })
  .refine((one) => (one.notional === undefined) === (one.notional_tolerance_bps === undefined), {
    error: 'notional and notional_tolerance_bps go together',
  })
  .refine((one) => exactlyOne(one.days, one.days_of_month), {
    error: 'exactly one of days and days_of_month',
  })
  .transform((one) => ({
    ...{ name: one.name, conId: one.con_id, side: one.side, at: one.at, timeZone: one.time_zone },
    quantity: one.quantity ?? null,
    notional: one.notional ?? null,
    notionalToleranceBps: one.notional_tolerance_bps ?? null,
    days: one.days ?? null,
    daysOfMonth: one.days_of_month ?? null,
    toleranceMinutes: one.tolerance_minutes,
    minSpacingHours: one.min_spacing_hours,
  }));
type Schedule = z.output<typeof schedule>;

export const dcaSchedules = autoCategory({
  key: 'dca_schedules',
  title: 'DCA schedules',
  settings: z
    .strictObject({ schedules: z.array(schedule).min(1, 'at least one schedule') })
    .refine(({ schedules }) => new Set(schedules.map((s) => s.name)).size === schedules.length, {
      error: 'a name of its own for each schedule',
    })
    .transform(({ schedules }) => schedules),
  check(input, schedules) {
    const { marketTime } = input.facts;
    if (!isKnown(marketTime)) return refuse(`the market's time is missing: ${marketTime.missing}`);
    const nowMs = epochMs(marketTime.value);
    if (!Number.isFinite(nowMs)) return refuse("the market's time cannot be read");
    const problems: string[] = [];
    for (const one of schedules) {
      const problem = misfit(input, one, nowMs);
      if (problem === null) {
        return {
          matches: true,
          observed: `${input.terms.side} ${input.terms.quantity} at ${marketTime.value}`,
          limit: `${one.name}: ${clockText(one.at)} ${one.timeZone}, ${one.toleranceMinutes} min`,
          schedule: one.name,
        };
      }
      problems.push(`${one.name}: ${problem}`);
    }
    return refuse(`no schedule fits (${problems.join('; ')})`);
  },
});

/** Why the order does not belong to the schedule; null = it does. */
function misfit(input: AutoInput, one: Schedule, nowMs: number): string | null {
  const { terms, usage, facts } = input;
  if (terms.conId !== one.conId) return 'another instrument';
  if (terms.side !== one.side) return 'another side';
  if (!isAmount(input, one)) return 'another amount';
  if (!isDue(one, nowMs)) return 'not its day and time';
  const last = Object.hasOwn(usage.lastBySchedule, one.name)
    ? usage.lastBySchedule[one.name]
    : undefined;
  if (last === undefined || !isKnown(facts.marketTime)) return null;
  // An order from the future means that one of two clocks is wrong: that is too young as well.
  const sinceMs = elapsedMs(last, facts.marketTime.value);
  return sinceMs >= one.minSpacingHours * 60 * minuteMs ? null : `its last order was at ${last}`;
}

function isAmount({ terms, evaluation }: AutoInput, one: Schedule): boolean {
  if (one.quantity !== null) return fixed(terms.quantity).eq(fixed(one.quantity));
  const notional = notionalOf(evaluation);
  if (notional === null || one.notional === null) return false;
  const wanted = fixed(one.notional);
  const allowed = wanted.times(fixed(one.notionalToleranceBps ?? '0'));
  return !notional.minus(wanted).abs().times(tenThousand).gt(allowed);
}

/** Whether the schedule has a time within its tolerance of now, both ends included; yesterday's may reach over midnight. */
function isDue(one: Schedule, nowMs: number): boolean {
  return [-dayMs, 0, dayMs].some((offset) => {
    const { day, weekday, dayOfMonth } = wallClock(nowMs + offset, one.timeZone);
    const isDay = one.days?.includes(weekday) ?? one.daysOfMonth?.includes(dayOfMonth) ?? false;
    if (!isDay) return false;
    const dueMs = zonedEpochMs(day, one.at, one.timeZone);
    return Math.abs(nowMs - dueMs) <= one.toleranceMinutes * minuteMs;
  });
}
