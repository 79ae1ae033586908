import type { Contract, ContractDetails } from '../instrument/contract.ts';
import { isOnLot, isOnTick } from '../instrument/ladder.ts';
import { usablePrice } from '../instrument/touch.ts';
import type { DecimalText } from '../money/decimal.ts';
import { fixed, Fixed } from '../money/fixed.ts';
import { combinationProblems } from '../order/combination.ts';
import type { ApprovalEnvelope } from '../order/envelope.ts';
import type { OrderTerms } from '../order/intent.ts';
import { orderLots, secTypeProblems } from '../order/sec-type-fit.ts';
import { priceFields } from '../order/order-type.ts';
import { isKnown, type GateFacts } from '../risk/facts.ts';
import type { BreachAction, RiskPolicy } from '../risk/policy.ts';
import { isAgainst } from '../risk/evaluate.ts';
import type { RuleVerdict, Verdict } from '../risk/rule.ts';
import { priceOrder } from '../simulate/order-pricing.ts';
import { elapsedMs } from '../time/instant.ts';

/**
 * The re-check at the claim: what is no longer as it was signed. Expiry, quorum and the trading state are the
 * claim's own business. A fact that is missing is a breach.
 */

/** One difference between what was signed and what is. `signed` and `now` are text for people. */
export type Breach = { readonly term: string; readonly signed: string; readonly now: string };

/** What a breach's term begins with, up to its first dot. A policy names its actions by these. */
export const breachTerms = [
  'link',
  'account',
  'contract',
  'orderType',
  'quantity',
  ...priceFields,
  'tif',
  'goodTillDate',
  'outsideRth',
  'quote',
  'price',
  'position',
  'policy',
  'verdict',
  /** Found by the store: an order that only the auto-approval policy had approved. */
  'autoApproval',
] as const;

/** Every breach, in a fixed order; empty means that the order may leave as signed. */
export function findBreaches(
  envelope: ApprovalEnvelope,
  freshFacts: GateFacts,
  freshVerdict: Verdict,
  policy: RiskPolicy,
): readonly Breach[] {
  return [
    ...linkBreaches(freshFacts),
    ...accountBreaches(envelope, freshFacts),
    ...contractBreaches(envelope, freshFacts),
    ...termBreaches(envelope, freshFacts),
    ...quoteBreaches(envelope, freshFacts, policy),
    ...stopBreaches(envelope, freshFacts, policy),
    ...positionBreaches(envelope, freshFacts),
    ...policyBreaches(envelope, freshVerdict, policy),
    ...verdictBreaches(envelope, freshVerdict),
  ];
}

/** What the policy wants where there are breaches: the strongest of their actions. */
export function breachAction(breaches: readonly Breach[], policy: RiskPolicy): BreachAction {
  const actions = breaches.map(({ term }) => policy.breaches[term.split('.', 1).join('')] ?? 'ask');
  return (['halt', 'deny'] as const).find((action) => actions.includes(action)) ?? 'ask';
}

function linkBreaches(facts: GateFacts): Breach[] {
  const now = isKnown(facts.link) ? facts.link.value.state : missingText(facts.link);
  return now === 'ready' ? [] : [{ term: 'link', signed: 'ready', now }];
}

function accountBreaches(envelope: ApprovalEnvelope, facts: GateFacts): Breach[] {
  return difference('account', envelope.terms.account, facts.account);
}

const contractTerms = [
  'conId',
  'symbol',
  'secType',
  'exchange',
  'primaryExchange',
  'currency',
  'expiry',
  'strike',
  'right',
  'multiplier',
  'underlyingConId',
] as const satisfies readonly (keyof Contract)[];

function contractBreaches(envelope: ApprovalEnvelope, facts: GateFacts): Breach[] {
  const signed = envelope.contract;
  if (signed.conId !== envelope.terms.conId) {
    return [{ term: 'contract', signed: String(envelope.terms.conId), now: String(signed.conId) }];
  }
  if (!isKnown(facts.contract)) {
    return [{ term: 'contract', signed: signed.symbol, now: missingText(facts.contract) }];
  }
  const now = facts.contract.value.contract;
  return contractTerms.flatMap((name) =>
    difference(`contract.${name}`, String(signed[name] ?? 'none'), String(now[name] ?? 'none')),
  );
}

/** The terms against each other, against kind, ticks and lots of the contract today and against the market's clock. */
function termBreaches({ terms }: ApprovalEnvelope, facts: GateFacts): Breach[] {
  const details = isKnown(facts.contract) ? facts.contract.value : null;
  const found = [
    ...combinationProblems(terms),
    ...(details === null ? [] : secTypeProblems(terms, details.contract.secType)),
  ].map(({ field, message }) => ({
    term: field,
    signed: valueText(terms[field as keyof OrderTerms]),
    now: message,
  }));
  if (details !== null) found.push(...stepBreaches(terms, details));
  const { goodTillDate } = terms;
  if (goodTillDate !== null) {
    const { marketTime } = facts;
    // Instants compare as text; the end itself is too late.
    const isAhead = isKnown(marketTime) && marketTime.value < goodTillDate;
    const now = isKnown(marketTime) ? marketTime.value : missingText(marketTime);
    if (!isAhead) found.push({ term: 'goodTillDate', signed: goodTillDate, now });
  }
  return found;
}

function stepBreaches(terms: OrderTerms, details: ContractDetails): Breach[] {
  const lots = orderLots(details);
  const prices = (['limitPrice', 'stopPrice'] as const).flatMap((term) => {
    const price = terms[term];
    if (price === null || isOnTick(price, details.priceIncrements)) return [];
    return [{ term, signed: price, now: 'no multiple of the minimum variation' }];
  });
  if (isOnLot(terms.quantity, lots)) return prices;
  const now = `ordered from ${lots.minSize} in steps of ${lots.sizeIncrement}`;
  return [...prices, { term: 'quantity', signed: terms.quantity, now }];
}

/** A stop that was ahead when it was signed and that the market has reached since: it would be another order now. */
function stopBreaches(envelope: ApprovalEnvelope, facts: GateFacts, policy: RiskPolicy): Breach[] {
  const { simulation, terms } = envelope;
  if ('missing' in simulation || simulation.stopPrice === null || simulation.triggersAtOnce) {
    return [];
  }
  if (!isKnown(facts.quote)) return [];
  const { limitBps } = policy.rules.price_collar;
  const pricing = priceOrder(terms, facts.quote.value, limitBps);
  const signed = `${simulation.stopPrice}, not reached`;
  if ('missing' in pricing) return [{ term: 'stopPrice', signed, now: pricing.missing }];
  if (!pricing.isTriggered) return [];
  const { bid, ask, last } = facts.quote.value;
  const market = `bid ${bid ?? '—'}, ask ${ask ?? '—'}, last ${last ?? '—'}`;
  return [{ term: 'stopPrice', signed, now: `reached: ${market}` }];
}

function quoteBreaches(envelope: ApprovalEnvelope, facts: GateFacts, policy: RiskPolicy): Breach[] {
  const { low, high } = envelope.priceBand;
  const band = `${low} to ${high}`;
  if (!isKnown(facts.quote)) {
    return [{ term: 'quote', signed: band, now: missingText(facts.quote) }];
  }
  const quote = facts.quote.value;
  const found = difference('quote.conId', String(envelope.terms.conId), String(quote.conId));
  const ageMs = elapsedMs(quote.receivedAt, facts.ledger.value.now);
  // A quote from far in the future is as useless as an old one: one of the clocks is wrong.
  if (!(Math.abs(ageMs) <= policy.quoteMaxAgeMs)) {
    found.push({
      term: 'quote.age',
      signed: `at most ${policy.quoteMaxAgeMs} ms`,
      now: `${ageMs} ms`,
    });
  }
  if (quote.halted) found.push({ term: 'quote.halted', signed: 'trading', now: 'halted' });
  const name = envelope.terms.side === 'BUY' ? 'ask' : 'bid';
  const price = quote[name];
  if (!isInside(price, low, high)) {
    found.push({ term: `price.${name}`, signed: band, now: price ?? 'not quoted' });
  }
  return found;
}

function isInside(price: DecimalText | null, low: DecimalText, high: DecimalText): boolean {
  const value = usablePrice(price);
  return value !== null && !value.lt(fixed(low)) && !value.gt(fixed(high));
}

function positionBreaches(envelope: ApprovalEnvelope, facts: GateFacts): Breach[] {
  const signed = envelope.positionBefore;
  if (!isKnown(facts.portfolio)) {
    return [{ term: 'position', signed, now: missingText(facts.portfolio) }];
  }
  const portfolio = facts.portfolio.value;
  if (portfolio.account !== envelope.terms.account) {
    return [{ term: 'position', signed, now: `the portfolio of ${portfolio.account}` }];
  }
  let now = new Fixed(0, 0);
  for (const held of portfolio.positions) {
    if (held.conId === envelope.terms.conId) now = now.plus(fixed(held.quantity));
  }
  return now.eq(fixed(signed)) ? [] : [{ term: 'position', signed, now: now.text() }];
}

function policyBreaches(
  envelope: ApprovalEnvelope,
  verdict: Verdict,
  policy: RiskPolicy,
): Breach[] {
  const signed = envelope.verdict.policyHash;
  const found = difference('policy', signed, policy.hash);
  return found.length > 0 ? found : difference('policy', signed, verdict.policyHash);
}

/**
 * A human has signed the verdict with every rule that was against the order in it: where the policy lets humans
 * decide, the same rules may answer the same at the claim. Anything more is another question.
 */
function verdictBreaches({ verdict: signed }: ApprovalEnvelope, verdict: Verdict): Breach[] {
  if (signed.outcome === 'deny') {
    return [{ term: 'verdict', signed: signed.outcome, now: verdict.outcome }];
  }
  if (verdict.outcome === 'pass') return [];
  const accepted = new Set(signed.rules.filter(isAgainst).map(answerOf));
  const against = verdict.rules.filter(isAgainst);
  const unsigned = against.filter((rule) => !accepted.has(answerOf(rule)));
  const isDenied = verdict.outcome === 'deny';
  if (!isDenied && unsigned.length === 0) return [];
  const names = (isDenied ? against : unsigned).map(againstText).join(', ');
  const now = names === '' ? verdict.outcome : `${verdict.outcome}: ${names}`;
  return [{ term: 'verdict', signed: signed.outcome, now }];
}

function answerOf({ rule, outcome }: RuleVerdict): string {
  return `${rule} ${outcome}`;
}

/** `R5 deny (2026-11-24 15:51 US/Eastern; before 15:50 …)`: which rule, and its two figures where it has any. */
function againstText(rule: RuleVerdict): string {
  const name = `${rule.rule} ${rule.outcome}`;
  if (rule.outcome === 'off') return name;
  return 'missing' in rule
    ? `${name} (${rule.missing})`
    : `${name} (${rule.observed}; ${rule.limit})`;
}

function difference(term: string, signed: string, now: string): Breach[] {
  return signed === now ? [] : [{ term, signed, now }];
}

function valueText(value: OrderTerms[keyof OrderTerms]): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function missingText(fact: { readonly missing: string }): string {
  return `missing: ${fact.missing}`;
}
