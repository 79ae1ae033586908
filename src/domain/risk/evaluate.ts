import type { DecimalText } from '../money/decimal.ts';
import type { PriceBand } from '../order/envelope.ts';
import type { OrderTerms } from '../order/intent.ts';
import { simulateOrder } from '../simulate/simulate-order.ts';
import type { Simulation } from '../simulate/simulation.ts';
import { exposureOf } from './exposure.ts';
import { withoutOldFacts } from './fact-age.ts';
import { isKnown, type Fact, type GateFacts } from './facts.ts';
import { cannotEvaluate, exitPasses, onlyWarned } from './judge.ts';
import type { RiskPolicy } from './policy.ts';
import { priceBandOf } from './price-band.ts';
import type {
  FactName,
  FactUsed,
  RiskRule,
  RuleInput,
  RuleResult,
  RuleVerdict,
  Verdict,
} from './rule.ts';
import { factsByKey, riskRules, rulesByKey, type RuleKey, type RuleLimits } from './rules/index.ts';

/**
 * The gate: simulates an order and puts every rule to it, in id order, without stopping at the first denial.
 * A pure function of terms, facts and policy; a rule that throws is a bug and is not caught here.
 */

/** What the gate found. */
export type GateEvaluation = {
  readonly verdict: Verdict;
  readonly simulation: Simulation;
  readonly priceBand: PriceBand;
  /** Worst-case notional in base currency, to be reserved while the order waits; `0` where it has no price. */
  readonly reservedNotional: DecimalText;
};

/** Evaluates an order. Denies where any rule denies or cannot be evaluated. */
export function evaluateGate(
  terms: OrderTerms,
  facts: GateFacts,
  policy: RiskPolicy,
): GateEvaluation {
  const sound = soundFacts(terms, facts, policy);
  const { limitBps: collarBps } = policy.rules.price_collar;
  const simulation = simulateOrder(terms, sound, collarBps);
  const exposure = exposureOf(terms, sound);
  const { quoteMaxAgeMs } = policy;
  const input: RuleInput = {
    ...{ terms, facts: sound, simulation, exposure, collarBps, quoteMaxAgeMs, policy },
  };
  const factUsed = factsUsed(sound);
  const rules = riskRules.map(({ id, slug, title, unit, configKey }): RuleVerdict => {
    const result = runRule(configKey, input, policy.rules);
    const mayReview = isReviewed(configKey, result, policy);
    const used = factsByKey[configKey].map(factUsed);
    // The spread first: only there the engine copies the whole shape at once.
    return { ...result, rule: id, slug, title, unit, mayReview, facts: used };
  });
  return {
    verdict: {
      outcome: outcomeOf(rules),
      warnings: rules.filter((rule) => rule.outcome === 'warn').length,
      rules,
      policyVersion: policy.version,
      policyHash: policy.hash,
    },
    simulation,
    priceBand: priceBandOf(terms, sound, policy.priceBandBps),
    reservedNotional: 'missing' in simulation ? ('0' as DecimalText) : simulation.worstNotionalBase,
  };
}

function outcomeOf(rules: readonly RuleVerdict[]): Verdict['outcome'] {
  const against = rules.filter(isAgainst);
  if (against.length === 0) return 'pass';
  return against.every(({ mayReview }) => mayReview) ? 'review' : 'deny';
}

/** Whether a rule keeps the order from passing. */
export function isAgainst({ outcome }: Pick<RuleResult, 'outcome'>): boolean {
  return outcome === 'deny' || outcome === 'cannot-evaluate';
}

function isReviewed(key: RuleKey, { outcome }: RuleResult, { manualReview }: RiskPolicy): boolean {
  const isListed = outcome === 'deny' || outcome === 'cannot-evaluate';
  return isListed && (manualReview[key]?.includes(outcome) ?? false);
}

/** Names each fact once, however many rules looked at it. */
function factsUsed(facts: GateFacts): (name: FactName) => FactUsed {
  const named = new Map<FactName, FactUsed>();
  return (name) => {
    let used = named.get(name);
    if (used === undefined) {
      const fact: Fact<unknown> = facts[name];
      const { source, at } = isKnown(fact) ? fact : { source: null, at: null };
      named.set(name, (used = { name, source, at }));
    }
    return used;
  };
}

function runRule(key: RuleKey, input: RuleInput, limits: RuleLimits): RuleResult {
  if (!limits[key].enabled) return { outcome: 'off' };
  // The registry ties each rule to its own limits; over a union of keys the compiler cannot follow that.
  const rule: RiskRule = rulesByKey[key];
  const isExit = input.exposure?.isExit === true;
  if (isExit && rule.exits === 'pass') return exitPasses;
  const missing = missingFacts(rule.needs, input.facts);
  const result = missing === '' ? rule.check(input, limits[key]) : cannotEvaluate(missing);
  return isExit && rule.exits === 'warn' ? onlyWarned(result) : result;
}

function missingFacts(needs: readonly FactName[], facts: GateFacts): string {
  let missing = '';
  for (const name of needs) {
    const fact: Fact<unknown> = facts[name];
    if (!isKnown(fact)) missing += `${missing === '' ? '' : '; '}${name}: ${fact.missing}`;
  }
  return missing;
}

/** What of the facts may be judged by: those about another contract or account, or too old, are as good as missing. */
export function soundFacts(terms: OrderTerms, facts: GateFacts, policy: RiskPolicy): GateFacts {
  return withoutOldFacts(ownFacts(terms, facts), policy.factMaxAgeMs);
}

/** Facts about another contract or account are as good as missing. */
function ownFacts(terms: OrderTerms, facts: GateFacts): GateFacts {
  const { contract, quote, portfolio } = facts;
  const isForeign = facts.account !== terms.account;
  return {
    ...facts,
    contract:
      isKnown(contract) && contract.value.contract.conId !== terms.conId
        ? { missing: 'it is about another contract' }
        : contract,
    quote:
      isKnown(quote) && quote.value.conId !== terms.conId
        ? { missing: 'it is about another contract' }
        : quote,
    portfolio:
      isForeign || (isKnown(portfolio) && portfolio.value.account !== terms.account)
        ? { missing: 'it is about another account' }
        : portfolio,
  };
}
