// Properties of the whole gate over random orders and accounts. GATE_RUNS sets how many of each of the five (CI runs
// 20,000, which is 100,000 orders; `GATE_RUNS=200000` a million); GATE_SEED repeats a run.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixed } from '../../../src/domain/money/fixed.ts';
import { evaluateGate } from '../../../src/domain/risk/evaluate.ts';
import { evaluateWithNearest } from '../../../src/domain/risk/nearest.ts';
import type { Verdict } from '../../../src/domain/risk/rule.ts';
import { d, gateCase, working, type GateCase } from '../gate-facts.ts';
import { anyChange, anyGateCase } from './any-gate-case.ts';

const runs = Number(process.env['GATE_RUNS'] ?? 4000);
const seed = process.env['GATE_SEED'];
const options = { numRuns: runs, ...(seed === undefined ? {} : { seed: Number(seed) }) };

const verdict = ({ terms, facts, policy }: GateCase): Verdict =>
  evaluateGate(terms, facts, policy).verdict;
const denials = ({ rules }: Verdict): Set<string> =>
  new Set(
    rules
      .filter(({ outcome }) => outcome === 'deny' || outcome === 'cannot-evaluate')
      .map(({ rule }) => rule),
  );
/** A look-alike is one of an exact quantity: the one rule that another quantity escapes, and so never decides here. */
const withoutTwins = (set: Set<string>): string[] => [...set].filter((rule) => rule !== 'R15');

// As long as it takes: only the answers count.
describe('the whole gate', { timeout: 3_600_000 }, () => {
  it('never turns a denial into a pass by a larger quantity', () => {
    fc.assert(
      fc.property(anyGateCase, fc.integer({ min: 1, max: 3000 }), (one, more) => {
        const larger = {
          ...one.terms,
          quantity: fixed(one.terms.quantity)
            .plus(fixed(d(more)))
            .text(),
        };
        const after = denials(verdict({ ...one, terms: larger }));
        expect(withoutTwins(denials(verdict(one))).filter((rule) => !after.has(rule))).toEqual([]);
      }),
      options,
    );
  });

  it('never loosens by another working order of the same side', () => {
    fc.assert(
      fc.property(anyChange, fc.integer({ min: 1, max: 500 }), (change, remaining) => {
        const before = gateCase(change);
        const added = working(before.terms.side, remaining, { permId: 'added', orderId: 99 });
        const after = gateCase({
          ...change,
          workingOrders: [...(change.workingOrders ?? []), added],
        });
        const still = denials(verdict(after));
        expect([...denials(verdict(before))].filter((rule) => !still.has(rule))).toEqual([]);
      }),
      options,
    );
  });

  it('names a nearest order that really passes, and whose next lot does not', () => {
    let found = 0;
    fc.assert(
      fc.property(anyGateCase, ({ terms, facts, policy }) => {
        const { nearest, outcome } = evaluateWithNearest(terms, facts, policy).verdict;
        expect(nearest === undefined).toBe(outcome !== 'deny');
        if (nearest?.kind !== 'found') return;
        found += 1;
        const { quantity, limitPrice, changes } = nearest;
        const near = { ...terms, quantity, limitPrice };
        expect(verdict({ terms: near, facts, policy }).outcome).toBe('pass');
        expect(changes.length).toBeGreaterThan(0);
        const next = fixed(quantity).plus(fixed(d(1)));
        if (next.gt(fixed(terms.quantity))) return;
        expect(verdict({ terms: { ...near, quantity: next.text() }, facts, policy }).outcome).toBe(
          'deny',
        );
      }),
      options,
    );
    expect(found).toBeGreaterThan(runs / 20);
  });

  it('gives the same answers to the same question, whoever was asked about before', () => {
    fc.assert(
      fc.property(anyGateCase, anyGateCase, (one, two) => {
        const first = verdict(one);
        verdict({ ...two, facts: one.facts });
        expect(verdict(structuredClone(one))).toEqual(first);
      }),
      options,
    );
  });

  it('passes only where every rule answered', () => {
    let passed = 0;
    fc.assert(
      fc.property(anyGateCase, (one) => {
        const { outcome, rules } = verdict(one);
        if (outcome === 'pass') passed += 1;
        expect(outcome === 'pass').toBe(
          rules.every((rule) => ['pass', 'warn', 'off'].includes(rule.outcome)),
        );
      }),
      options,
    );
    expect(passed).toBeGreaterThan(runs / 100);
  });
});
