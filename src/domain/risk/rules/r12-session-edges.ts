import { z } from 'zod';
import { orderableSecTypes, type ContractDetails } from '../../instrument/contract.ts';
import { auctionOf } from '../../order/order-type.ts';
import { epochMs } from '../../time/instant.ts';
import { regularHoursAt, type RegularDay } from '../../time/regular-day.ts';
import { clockText, dashedDay, localTime } from '../../time/zoned.ts';
import { isKnown } from '../facts.ts';
import { cannotEvaluate } from '../judge.ts';
import { flag, whole } from '../limits.ts';
import { judgeFit } from '../parts.ts';
import { riskRule } from '../rule.ts';

const minuteMs = 60_000;
const sessionEdgesLimits = z
  .strictObject({
    enabled: flag,
    first_minutes: whole(0, 240),
    last_minutes: whole(0, 240),
    exempt_sec_types: z.array(z.enum(orderableSecTypes)),
  })
  .transform((entry) => ({
    enabled: entry.enabled,
    firstMinutes: entry.first_minutes,
    lastMinutes: entry.last_minutes,
    exemptSecTypes: entry.exempt_sec_types,
  }));
type Limits = z.output<typeof sessionEdgesLimits>;

/** R12. By the exchange's own calendar and the broker's clock; whether the exchange is open at all is R5's business. */
export const sessionEdges = riskRule({
  id: 'R12',
  slug: 'r12-session-edges',
  title: 'First and last minutes',
  protects:
    'A fill in the minutes around opening and close, when spreads are wide and prices jump.',
  unit: 'exchange time',
  configKey: 'session_edges',
  limits: sessionEdgesLimits,
  needs: ['contract', 'marketTime'],
  alsoReads: ['portfolio', 'workingOrders'],
  exits: 'pass',
  check: ({ terms, facts: { contract, marketTime } }, limits) => {
    if (!isKnown(contract) || !isKnown(marketTime)) {
      return cannotEvaluate('contract or market time');
    }
    const { secType } = contract.value.contract;
    if (auctionOf(terms) !== null) return judgeFit(true, 'an auction order', 'exempt');
    if (limits.exemptSecTypes.some((exempt) => exempt === secType)) {
      return judgeFit(true, secType, 'exempt');
    }
    const now = epochMs(marketTime.value);
    const hours = regularHoursAt(contract.value, now);
    if (hours !== null && 'missing' in hours) return cannotEvaluate(hours.missing);
    return judgeEdges(contract.value, now, hours, limits);
  },
});

/** Exactly at the end of the first minutes, and exactly at the beginning of the last ones, an order passes. */
function judgeEdges(
  { timeZone }: ContractDetails,
  now: number,
  hours: RegularDay | null,
  { firstMinutes, lastMinutes }: Limits,
) {
  const observed = `${localText(now, timeZone)} ${timeZone}`;
  if (hours === null) return judgeFit(true, observed, 'outside the regular session');
  const from = hours.opensAt + firstMinutes * minuteMs;
  const to = hours.closesAt - lastMinutes * minuteMs;
  return judgeFit(
    from <= now && now <= to,
    observed,
    `${localText(from, timeZone)} to ${localText(to, timeZone)}`,
  );
}

function localText(at: number, timeZone: string): string {
  const { day, minute } = localTime(at, timeZone);
  return `${dashedDay(day)} ${clockText(minute)}`;
}
