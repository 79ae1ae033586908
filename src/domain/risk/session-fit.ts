import type { ContractDetails } from '../instrument/contract.ts';
import type { OrderTerms } from '../order/intent.ts';
import { auctionOf } from '../order/order-type.ts';
import { isUsEquity, marketState } from '../time/exchange-calendar.ts';
import { epochMs, instantFromEpochMs, type Instant } from '../time/instant.ts';
import { nextOpening, regularDayAt } from '../time/regular-day.ts';
import { clockText, dashedDay, localTime } from '../time/zoned.ts';

/**
 * Whether an order fits the exchange's clock: continuous trading while it is open, the closing auction until its
 * cut-off, the opening auction until its own, and an end that is still ahead. Cut-offs are the earliest of the
 * exchanges (NYSE "Opening and Closing Auctions Fact Sheet", Nasdaq "Opening and Closing Crosses"), because the
 * route is IBKR's choice.
 */

/** The answer: texts for people, in the exchange's own time. */
export type SessionFit =
  | { readonly fits: boolean; readonly observed: string; readonly limit: string }
  | { readonly missing: string };

const minuteMs = 60_000;
/** NYSE takes on-close orders until 15:50; of other countries no cut-off is known, so it is wider there. */
const closingCutOffMinutes = { usEquity: 10, other: 15 };
/** Nasdaq takes on-open orders until 9:28, NYSE until the opening. */
const openingCutOffMinutes = { usEquity: 2, other: 15 };
/** How far ahead an order may end. */
const mostGoodTillDays = 90;
const dayMs = 86_400_000;

/** Judges an order at the market's time. */
export function sessionFit(
  terms: OrderTerms,
  details: ContractDetails,
  marketTime: Instant,
  allowOutsideRth: boolean,
): SessionFit {
  const ended = goodTillFit(terms, marketTime);
  if (ended !== null) return ended;
  const now = epochMs(marketTime);
  const auction = auctionOf(terms);
  if (auction === 'open') return openingFit(details, now);
  const kind = terms.outsideRth && allowOutsideRth ? 'extended' : 'regular';
  const state = marketState(details, now, kind);
  if ('missing' in state) return state;
  if (auction === 'close' && state.open) return closingFit(details, now, state.local);
  return {
    fits: state.open && (!terms.outsideRth || allowOutsideRth),
    observed: terms.outsideRth ? `${state.local}, outside regular hours` : state.local,
    limit: `${kind} hours ${state.hours}`,
  };
}

/** Null where the order has no end, or one that is ahead and not too far. The end itself is too late. */
function goodTillFit({ goodTillDate }: OrderTerms, marketTime: Instant): SessionFit | null {
  if (goodTillDate === null) return null;
  const latest = instantFromEpochMs(epochMs(marketTime) + mostGoodTillDays * dayMs);
  // Instants compare as text.
  if (goodTillDate > marketTime && goodTillDate <= latest) return null;
  return {
    fits: false,
    observed: `good till ${goodTillDate}`,
    limit: `after ${marketTime}, until ${latest}`,
  };
}

function closingFit(details: ContractDetails, now: number, local: string): SessionFit {
  const day = regularDayAt(details, now);
  if (day === null) return { fits: false, observed: local, limit: 'no closing auction today' };
  if ('missing' in day) return day;
  const cutOff = day.closesAt - cutOffMinutes(details, closingCutOffMinutes) * minuteMs;
  return {
    fits: now < cutOff,
    observed: local,
    limit: `before ${localText(cutOff, details.timeZone)}, the cut-off of the closing auction`,
  };
}

/** For the next opening, while the regular session is closed and until the cut-off. */
function openingFit(details: ContractDetails, now: number): SessionFit {
  const state = marketState(details, now, 'regular');
  if ('missing' in state) return state;
  const { local } = state;
  if (state.open) {
    return { fits: false, observed: `${local}, open already`, limit: 'before the opening' };
  }
  const next = nextOpening(details, now);
  if ('missing' in next) return next;
  const cutOff = next.opensAt - cutOffMinutes(details, openingCutOffMinutes) * minuteMs;
  return {
    fits: now < cutOff,
    observed: local,
    limit: `before ${localText(cutOff, details.timeZone)}, the cut-off of the opening auction`,
  };
}

function cutOffMinutes(
  { contract }: ContractDetails,
  minutes: { readonly usEquity: number; readonly other: number },
): number {
  return isUsEquity(contract) ? minutes.usEquity : minutes.other;
}

function localText(at: number, timeZone: string): string {
  const { day, minute } = localTime(at, timeZone);
  return `${dashedDay(day)} ${clockText(minute)}`;
}
