import type { ContractDetails } from '../instrument/contract.ts';
import { nearestLots, nearestTicks } from '../instrument/ladder.ts';
import type { DecimalText } from '../money/decimal.ts';
import { fixed, Fixed } from '../money/fixed.ts';
import type { OrderTerms } from '../order/intent.ts';
import { orderLots } from '../order/sec-type-fit.ts';
import { priceOrder } from '../simulate/order-pricing.ts';
import { evaluateGate, isAgainst, type GateEvaluation } from './evaluate.ts';
import { isKnown, type GateFacts } from './facts.ts';
import type { RiskPolicy } from './policy.ts';
import type { NearestOrder, Verdict } from './rule.ts';
import { riskRules } from './rules/index.ts';

/**
 * The nearest order that the gate passes, of one that it denies: the same order with the largest quantity that passes
 * at its own price, or, where no quantity does, at the limit nearest to its own. What is found has been evaluated and
 * passed, and one lot more was evaluated and did not. Nothing else of the order is changed, and only a smaller one is
 * ever named.
 */

type Lots = Pick<ContractDetails, 'minSize' | 'sizeIncrement'>;

const half = new Fixed(5, 1);
const one = new Fixed(1, 0);

/** Rules that another quantity or price would dodge instead of obey. */
const undodgeable: ReadonlySet<string> = new Set(
  riskRules.filter(({ isDodgeable }) => isDodgeable === true).map(({ id }) => id),
);

/** Evaluates an order and, where it is denied, names the nearest one that passes. Pure and total. */
export function evaluateWithNearest(
  terms: OrderTerms,
  facts: GateFacts,
  policy: RiskPolicy,
): GateEvaluation {
  const evaluation = evaluateGate(terms, facts, policy);
  if (evaluation.verdict.outcome !== 'deny') return evaluation;
  const nearest = nearestOrder(terms, facts, policy, evaluation.verdict);
  return { ...evaluation, verdict: { ...evaluation.verdict, nearest } };
}

function nearestOrder(
  terms: OrderTerms,
  facts: GateFacts,
  policy: RiskPolicy,
  verdict: Verdict,
): NearestOrder {
  const dodged = verdict.rules.filter((rule) => isAgainst(rule) && undodgeable.has(rule.rule));
  if (dodged.length > 0)
    return none(`${namesOf(dodged)}: another size or price would only evade it`);
  if (!isKnown(facts.contract)) return none('the contract is not known');
  const details = facts.contract.value;
  const lots = orderLots(details);
  const judge = (changed: OrderTerms): Verdict => evaluateGate(changed, facts, policy).verdict;
  const passes = (changed: OrderTerms): boolean => judge(changed).outcome === 'pass';
  const least = leastQuantity(terms, lots);
  if (least === null) return none('no valid quantity is as small as this order');
  const smallest = { ...terms, quantity: least };
  const priced = passes(smallest) ? smallest : repriced(smallest, facts, details, policy, passes);
  if (priced === null) {
    const against = judge(smallest).rules.filter(isAgainst);
    return none(`${namesOf(against)}: also at the smallest quantity`);
  }
  const quantity = largestQuantity(terms, priced, lots, passes);
  return {
    kind: 'found',
    quantity,
    limitPrice: priced.limitPrice,
    changes: [
      ...(fixed(quantity).eq(fixed(terms.quantity)) ? [] : (['quantity'] as const)),
      ...(priced.limitPrice === terms.limitPrice ? [] : (['limitPrice'] as const)),
    ],
  };
}

function none(why: string): NearestOrder {
  return { kind: 'none', why };
}

function namesOf(rules: Verdict['rules']): string {
  return rules.map(({ rule, title }) => `${rule} ${title}`).join(', ');
}

/** The smallest valid quantity; null where the order is smaller, or the contract's lots cannot be used. */
function leastQuantity(terms: OrderTerms, lots: Lots): DecimalText | null {
  if (!fixed(lots.sizeIncrement).isPositive()) return null;
  const { above } = nearestLots(lots.minSize, lots);
  const least = fixed(above).isPositive() ? above : lots.sizeIncrement;
  return fixed(least).gt(fixed(terms.quantity)) ? null : least;
}

/** The largest quantity up to the order's own at which `priced` passes; `priced` itself does. In whole lots. */
function largestQuantity(
  terms: OrderTerms,
  priced: OrderTerms,
  lots: Lots,
  passes: (terms: OrderTerms) => boolean,
): DecimalText {
  const lot = fixed(lots.sizeIncrement);
  const whole = fixed(terms.quantity).dividedBy(lot, 0, 'floor');
  const at = (count: Fixed): OrderTerms => ({ ...priced, quantity: count.times(lot).text() });
  if (passes(at(whole))) return at(whole).quantity;
  let good = fixed(priced.quantity).dividedBy(lot, 0, 'floor');
  let bad = whole;
  while (good.plus(one).lt(bad)) {
    const middle: Fixed = good.plus(bad).times(half).rounded(0, 'floor');
    if (passes(at(middle))) good = middle;
    else bad = middle;
  }
  return at(good).quantity;
}

/**
 * The order at the valid limit nearest to its own at which it passes, found by halving the way to the price that its
 * limit is measured by; null where it has no limit or does not pass there either.
 */
function repriced(
  terms: OrderTerms,
  facts: GateFacts,
  details: ContractDetails,
  policy: RiskPolicy,
  passes: (terms: OrderTerms) => boolean,
): OrderTerms | null {
  const own = terms.limitPrice;
  if (own === null || !isKnown(facts.quote) || !hasLadder(details)) return null;
  const pricing = priceOrder(terms, facts.quote.value, policy.rules.price_collar.limitBps);
  if ('missing' in pricing) return null;
  const { reference } = pricing;
  const [nearer, farther] = fixed(own).gt(reference)
    ? (['below', 'above'] as const)
    : (['above', 'below'] as const);
  /** A valid price next to one, or that one where there is none (below the first tick). */
  const snap = (price: Fixed, side: 'below' | 'above'): Fixed => {
    const near = nearestTicks(price.text(), details.priceIncrements)[side];
    return near === null ? price : fixed(near);
  };
  const at = (price: Fixed): OrderTerms => ({ ...terms, limitPrice: price.text() });
  const starts = [snap(reference, farther), snap(reference, nearer)];
  const start = starts.find((price) => passes(at(price)));
  if (start === undefined) return null;
  let good: Fixed = start;
  let bad = fixed(own);
  for (;;) {
    const middle = good.plus(bad).times(half);
    // Between two neighbours of the ladder both are one of the ends: nothing is left in between.
    const inner = snap(middle, nearer).eq(good) ? snap(middle, farther) : snap(middle, nearer);
    if (inner.eq(good) || inner.eq(bad)) return at(good);
    if (passes(at(inner))) good = inner;
    else bad = inner;
  }
}

function hasLadder({ priceIncrements }: ContractDetails): boolean {
  return (
    priceIncrements.length > 0 &&
    priceIncrements.every(({ increment }) => fixed(increment).isPositive())
  );
}
