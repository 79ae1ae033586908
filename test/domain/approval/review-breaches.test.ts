import { describe, expect, it } from 'vitest';
import { breachAction, findBreaches, type Breach } from '../../../src/domain/approval/breaches.ts';
import type { ApprovalEnvelope } from '../../../src/domain/order/envelope.ts';
import { d, gateCase, recent, type Change } from '../gate-facts.ts';
import { breachesOf, sign } from './signed-case.ts';

describe('a verdict that a human may decide about', () => {
  const manual = (more: Change = {}): Change => ({
    ...more,
    policy: { manualReview: { max_notional: ['deny'], duplicate: ['deny'] }, ...more.policy },
  });
  const large = manual({ terms: { quantity: d(300), limitPrice: d(200) } });
  const verdictBreach = (fresh: Change, envelope: ApprovalEnvelope): readonly Breach[] =>
    breachesOf(fresh, envelope).filter(({ term }) => term === 'verdict');

  it('is no breach where the same rule answers the same again', () => {
    const envelope = sign(large);
    expect(envelope.verdict.outcome).toBe('review');
    expect(breachesOf(large, envelope)).toEqual([]);
  });

  it('is a breach where another rule is against it now, though a human might decide about that too', () => {
    const fresh = { ...large, ledger: { recentIntents: [recent({ quantity: d(300) })] } };
    expect(verdictBreach(fresh, sign(large))).toEqual([
      {
        term: 'verdict',
        signed: 'review',
        now: expect.stringMatching(/^review: R15 deny/) as string,
      },
    ]);
  });

  it('is a breach of a signed pass', () => {
    const signed = sign(manual({ terms: { quantity: d(200) } }));
    expect(signed.verdict.outcome).toBe('pass');
    const rules = { max_notional: { enabled: true, limit: d(30_000) } };
    const stricter = manual({ terms: { quantity: d(200) }, rules });
    expect(verdictBreach(stricter, signed)).toEqual([
      { term: 'verdict', signed: 'pass', now: expect.stringMatching(/^review: R1 deny/) as string },
    ]);
  });

  it('is a breach where the same rule cannot be evaluated any more', () => {
    const both: Change = {
      ...large,
      policy: { manualReview: { max_notional: ['deny', 'cannot-evaluate'] } },
    };
    const envelope = sign(both);
    const { facts, policy } = gateCase(both);
    const verdict = {
      ...envelope.verdict,
      rules: envelope.verdict.rules.map((rule) =>
        rule.rule === 'R1'
          ? { ...rule, outcome: 'cannot-evaluate' as const, missing: 'the rate' }
          : rule,
      ),
    };
    expect(findBreaches(envelope, facts, verdict, policy)).toEqual([
      { term: 'verdict', signed: 'review', now: 'review: R1 cannot-evaluate (the rate)' },
    ]);
  });

  it('is none where everything passes now, and one where it is denied', () => {
    expect(verdictBreach(manual(), sign(large))).toEqual([]);
    const denied = { ...large, policy: { manualReview: {} } };
    expect(verdictBreach(denied, sign(large))).toEqual([
      { term: 'verdict', signed: 'review', now: expect.stringMatching(/^deny: R1 deny/) as string },
    ]);
  });
});

describe('the action on breaches', () => {
  const { policy } = gateCase({ policy: { breaches: { position: 'halt', price: 'deny' } } });
  const on = (...terms: string[]) =>
    breachAction(
      terms.map((term) => ({ term, signed: 'a', now: 'b' })),
      policy,
    );

  it('is ask where the policy names none, and that of the first word where it does', () => {
    expect(on()).toBe('ask');
    expect(on('quote.age', 'link')).toBe('ask');
    expect(on('price.ask')).toBe('deny');
    expect(on('position')).toBe('halt');
  });

  it('is the strongest of several, in whatever order', () => {
    expect(on('link', 'price.bid')).toBe('deny');
    expect(on('price.bid', 'position', 'link')).toBe('halt');
    expect(on('position', 'price.bid')).toBe('halt');
  });
});
