import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateGate } from '../../../src/domain/risk/evaluate.ts';
import type { FactName } from '../../../src/domain/risk/rule.ts';
import { riskRules } from '../../../src/domain/risk/rules/index.ts';
import {
  aapl,
  d,
  gateCase,
  gone,
  known,
  now,
  position,
  quote,
  usd,
  working,
  type Change,
} from '../gate-facts.ts';

function evaluate(change: Change = {}) {
  const { terms, facts, policy } = gateCase(change);
  return { ...evaluateGate(terms, facts, policy), policy };
}

const market = { orderType: 'MKT', limitPrice: null } as const;

describe('the verdict', () => {
  it('has every rule in id order, with figures, and names the policy', () => {
    const { verdict, policy } = evaluate();
    expect(verdict).toMatchObject({
      outcome: 'pass',
      warnings: 0,
      policyVersion: 'test',
      policyHash: policy.hash,
    });
    expect(verdict.rules.map((r) => r.slug)).toEqual(riskRules.map((rule) => rule.slug));
    expect(verdict.rules[1]).toMatchObject({
      rule: 'R1',
      slug: 'r01-max-notional',
      title: 'Max notional',
      unit: 'base currency',
      outcome: 'pass',
      observed: '1000',
      limit: '50000',
      share: '0.02',
      mayReview: false,
      facts: [
        ...(['contract', 'portfolio', 'fxToBase', 'quote'] as const),
        ...(['dailyVolume', 'instruments'] as const),
      ].map((name) => ({ name, source: 'test', at: now })),
    });
  });

  it('goes on after the first denial: every rule answers', () => {
    const { verdict } = evaluate({ terms: { quantity: d(5000), limitPrice: d(300) } });
    const outcomes = Object.fromEntries(verdict.rules.map((r) => [r.rule, r.outcome]));
    expect(outcomes).toMatchObject({
      R0: 'pass',
      R1: 'deny',
      R2: 'deny',
      R5: 'pass',
      R8: 'pass',
      R13: 'deny',
      R14: 'deny',
      R15: 'pass',
    });
    expect(Object.keys(outcomes)).toHaveLength(riskRules.length);
    expect(verdict.outcome).toBe('deny');
  });

  it('counts warnings', () => {
    const { verdict } = evaluate({ terms: { quantity: d(220) } });
    expect(verdict).toMatchObject({ outcome: 'pass', warnings: 1 });
  });

  it('shows a rule that is switched off', () => {
    const { verdict } = evaluate({ rules: { max_notional: { enabled: false, limit: d(0) } } });
    expect(verdict.outcome).toBe('pass');
    expect(verdict.rules[1]).toMatchObject({ rule: 'R1', outcome: 'off' });
    expect(verdict.rules[1]).not.toHaveProperty('observed');
  });

  it('is deny as soon as one needed fact is missing, and says which to whom', () => {
    const names = ['marketTime', 'contract', 'quote', 'portfolio', 'workingOrders', 'fxToBase'];
    for (const name of names) {
      const { verdict } = evaluate({ facts: { [name]: gone } });
      expect(verdict.outcome, name).toBe('deny');
      for (const rule of riskRules) {
        const answer = verdict.rules.find((r) => r.rule === rule.id);
        if (rule.needs.includes(name as FactName)) {
          expect(answer).toMatchObject({
            outcome: 'cannot-evaluate',
            missing: `${name}: not there`,
          });
        }
      }
    }
  });

  it('lists several missing facts of one rule', () => {
    const { verdict } = evaluate({ facts: { quote: gone, fxToBase: gone } });
    expect(verdict.rules[1]).toMatchObject({ missing: 'fxToBase: not there; quote: not there' });
  });

  it('does not need what no rule asks for', () => {
    expect(evaluate({ facts: { whatIf: gone, link: gone } }).verdict.outcome).toBe('pass');
  });

  it('denies facts about another account', () => {
    expect(evaluate({ facts: { account: 'DU7654321' as never } }).verdict.outcome).toBe('deny');
  });

  it('does not hide a bug in a rule behind a verdict', () => {
    expect(() => evaluate({ terms: { quantity: 'five' as never } })).toThrow(RangeError);
  });

  it('is a pure function: the same facts give the same answer and stay untouched', () => {
    const { terms, facts, policy } = gateCase();
    const before = structuredClone(facts);
    const first = evaluateGate(terms, facts, policy);
    expect(evaluateGate(terms, facts, policy)).toEqual(first);
    expect(facts).toEqual(before);
  });

  it('removing a fact never turns a denial into a pass', () => {
    const names = ['marketTime', 'contract', 'quote', 'portfolio', 'workingOrders', 'fxToBase'];
    fc.assert(
      fc.property(
        fc.subarray(names, { minLength: 1 }),
        fc.integer({ min: 1, max: 1000 }),
        (missing, quantity) => {
          const facts = Object.fromEntries(missing.map((name) => [name, gone]));
          expect(evaluate({ facts, terms: { quantity: d(quantity) } }).verdict.outcome).toBe(
            'deny',
          );
        },
      ),
    );
  });
});

describe('monotonicity', () => {
  it('raising the quantity never turns a denial into a pass, whatever is held and pending', () => {
    const size = fc.integer({ min: 1, max: 1500 });
    fc.assert(
      fc.property(
        fc.constantFrom('BUY' as const, 'SELL' as const),
        fc.integer({ min: -800, max: 800 }),
        fc.nat(400),
        fc.constantFrom(0, -4500, -6000),
        fc.boolean(),
        size,
        size,
        (side, held, pending, pnl, allowShort, quantity, more) => {
          const outcome = (n: number): string =>
            evaluate({
              terms: { side, quantity: d(n) },
              portfolio: { dailyPnl: usd(pnl), positions: [position(aapl, held)] },
              workingOrders: pending === 0 ? [] : [working(side, pending)],
              rules: { simulation: { enabled: true, allowShort } },
            }).verdict.outcome;
          if (outcome(quantity) === 'deny') expect(outcome(quantity + more)).toBe('deny');
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('the price band', () => {
  it('is the ask ± 100 bps for a buy, widened to valid prices', () => {
    expect(evaluate().priceBand).toEqual({ low: '198.09', high: '202.11' });
  });

  it('is the bid ± 100 bps for a sell', () => {
    expect(evaluate({ terms: { side: 'SELL' } }).priceBand).toEqual({
      low: '197.9',
      high: '201.9',
    });
  });

  it('contains nothing where the order has no price', () => {
    expect(evaluate({ facts: { quote: gone } }).priceBand).toEqual({ low: '0', high: '0' });
    expect(evaluate({ quote: { ask: null } }).priceBand).toEqual({ low: '0', high: '0' });
  });

  it('has four decimals where the ladder is not known', () => {
    const quoted = { ...quote, ask: d('200.10001') };
    expect(evaluate({ facts: { contract: gone, quote: known(quoted) } }).priceBand).toEqual({
      low: '198.099',
      high: '202.1011',
    });
  });
});

describe('the reservation', () => {
  it('holds the worst case, not the expected one', () => {
    expect(evaluate({ terms: { ...market, quantity: d(10) } }).reservedNotional).toBe('2021.01');
    expect(evaluate({ terms: { limitPrice: d(201) } }).reservedNotional).toBe('1005');
  });

  it('is nothing for an order without a price, which is denied', () => {
    const { reservedNotional, verdict } = evaluate({ facts: { quote: gone } });
    expect([reservedNotional, verdict.outcome]).toEqual(['0', 'deny']);
  });
});
