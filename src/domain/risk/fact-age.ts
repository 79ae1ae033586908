import { elapsedMs } from '../time/instant.ts';
import { isKnown, type Fact, type GateFacts } from './facts.ts';

/**
 * Facts that are too old count as missing, and so do facts from the future: one of the clocks is wrong then. The
 * quote has an age of its own (`quoteMaxAgeMs`, R14 and the claim), the ledger's facts are read at this moment.
 */

/** Which facts have a limit of age, in the order of the policy file. `fxToBase` is held to that of `exchangeRates`. */
export const agedFacts = [
  'marketTime',
  'contract',
  'portfolio',
  'workingOrders',
  'exchangeRates',
  'dailyVolume',
  'volatility',
  'correlations',
  'instruments',
  'whatIf',
] as const;
type AgedFact = (typeof agedFacts)[number];

/** Milliseconds per fact, counted from the fact's `at` to the ledger's `now`; the limit itself still counts. */
export type FactMaxAges = { readonly [name in AgedFact]: number };

/** How far a fact's clock may be ahead of the database's. */
export const futureToleranceMs = 5000;

/** The facts with every one that is too old replaced by what is wrong with it. */
export function withoutOldFacts(facts: GateFacts, limits: FactMaxAges): GateFacts {
  let sound = facts;
  for (const name of agedFacts) {
    const missing = tooOld(facts, name, limits[name]);
    if (missing !== null) sound = { ...sound, [name]: { missing } };
  }
  const missing = tooOld(facts, 'fxToBase', limits.exchangeRates);
  return missing === null ? sound : { ...sound, fxToBase: { missing } };
}

function tooOld(facts: GateFacts, name: AgedFact | 'fxToBase', limitMs: number): string | null {
  const fact: Fact<unknown> = facts[name];
  if (!isKnown(fact)) return null;
  const { now } = facts.ledger.value;
  const ageMs = fact.at === now ? 0 : elapsedMs(fact.at, now);
  if (ageMs <= limitMs && ageMs >= -futureToleranceMs) return null;
  if (Number.isNaN(ageMs)) return 'its time is not known';
  return ageMs < 0
    ? `${Math.ceil(-ageMs / 1000)} s in the future, limit ${futureToleranceMs / 1000} s`
    : `${Math.ceil(ageMs / 1000)} s old, limit ${limitMs / 1000} s`;
}
