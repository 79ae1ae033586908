// Every order type there is, and the names that are IBKR's but work elsewhere only.
import { limit } from './limit.ts';
import { limitIfTouched } from './limit-if-touched.ts';
import { limitOnClose } from './limit-on-close.ts';
import { limitOnOpen } from './limit-on-open.ts';
import { market } from './market.ts';
import { marketIfTouched } from './market-if-touched.ts';
import { marketOnClose } from './market-on-close.ts';
import { marketOnOpen } from './market-on-open.ts';
import type { OrderTypeRule } from './order-type.ts';
import { stop } from './stop.ts';
import { stopLimit } from './stop-limit.ts';
import { trail } from './trail.ts';
import { trailLimit } from './trail-limit.ts';

const RULES: readonly OrderTypeRule[] = [
  market,
  limit,
  stop,
  stopLimit,
  trail,
  trailLimit,
  marketOnClose,
  limitOnClose,
  marketOnOpen,
  limitOnOpen,
  marketIfTouched,
  limitIfTouched,
];
const byName = new Map(RULES.map((rule) => [rule.name, rule]));

/** What an order type becomes with TIF OPG. */
const AT_THE_OPEN: Readonly<Record<string, string>> = { MKT: 'MOO', LMT: 'LOO' };

/** Types of IBKR's that are not to be had here: refused with 387 instead of 321. */
const ELSEWHERE: ReadonlySet<string> = new Set(
  [
    ['REL', 'MIDPRICE', 'PEG MID', 'PEG BEST', 'PEG BENCH', 'PEG MKT', 'PEG STK', 'PEG PRIM'],
    ['VOL', 'MTL', 'MKT PRT', 'STP PRT', 'SNAP MKT', 'SNAP MID', 'SNAP PRIM', 'BOX TOP'],
    ['PASSV REL', 'FUNARI', 'AUC', 'REL + LMT', 'REL + MKT', 'LMT + MKT', 'IBALGO'],
  ].flat(),
);

/** The names of all types, for documentation and messages. */
export const orderTypeNames = (): string[] => RULES.map((rule) => rule.name);

/** The rule of a type, by its own name. */
export const ruleOf = (name: string): OrderTypeRule | undefined => byName.get(name);

/** The rule that a type and TIF of a request mean. */
export function ruleFor(type: string, tif: string): OrderTypeRule | undefined {
  const name = type.toUpperCase();
  return byName.get(tif === 'OPG' ? (AT_THE_OPEN[name] ?? name) : name);
}

/** Whether IBKR knows a type that is not in the list. */
export const isKnownElsewhere = (type: string): boolean => ELSEWHERE.has(type.toUpperCase());
