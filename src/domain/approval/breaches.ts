import type { Contract } from '../instrument/contract.ts';
import { usablePrice } from '../instrument/touch.ts';
import type { DecimalText } from '../money/decimal.ts';
import { fixed, Fixed } from '../money/fixed.ts';
import type { ApprovalEnvelope } from '../order/envelope.ts';
import { isKnown, type GateFacts } from '../risk/facts.ts';
import type { RiskPolicy } from '../risk/policy.ts';
import type { Verdict } from '../risk/rule.ts';
import { elapsedMs } from '../time/instant.ts';

/**
 * The re-check at the claim: what is no longer as it was signed. Expiry, quorum and the trading state are the
 * claim's own business. A fact that is missing is a breach.
 */

/** One difference between what was signed and what is. `signed` and `now` are text for people. */
export type Breach = { readonly term: string; readonly signed: string; readonly now: string };

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
    ...quoteBreaches(envelope, freshFacts, policy),
    ...positionBreaches(envelope, freshFacts),
    ...policyBreaches(envelope, freshVerdict, policy),
    ...verdictBreaches(envelope, freshVerdict),
  ];
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
    difference(`contract.${name}`, String(signed[name]), String(now[name])),
  );
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

function verdictBreaches(envelope: ApprovalEnvelope, verdict: Verdict): Breach[] {
  if (envelope.verdict.outcome !== 'pass') {
    return [{ term: 'verdict', signed: envelope.verdict.outcome, now: verdict.outcome }];
  }
  if (verdict.outcome === 'pass') return [];
  const against = verdict.rules.filter(
    (rule) => rule.outcome === 'deny' || rule.outcome === 'cannot-evaluate',
  );
  const names = against.map((rule) => `${rule.rule} ${rule.outcome}`).join(', ');
  return [{ term: 'verdict', signed: 'pass', now: names === '' ? 'deny' : `deny: ${names}` }];
}

function difference(term: string, signed: string, now: string): Breach[] {
  return signed === now ? [] : [{ term, signed, now }];
}

function missingText(fact: { readonly missing: string }): string {
  return `missing: ${fact.missing}`;
}
