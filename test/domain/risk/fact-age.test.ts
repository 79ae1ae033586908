import { describe, expect, it } from 'vitest';
import { evaluateGate } from '../../../src/domain/risk/evaluate.ts';
import {
  agedFacts,
  futureToleranceMs,
  withoutOldFacts,
  type FactMaxAges,
} from '../../../src/domain/risk/fact-age.ts';
import type { Portfolio } from '../../../src/domain/portfolio/portfolio.ts';
import type { GateFacts, Known } from '../../../src/domain/risk/facts.ts';
import { instantFromEpochMs, type Instant } from '../../../src/domain/time/instant.ts';
import { d, gateCase, known, now } from '../gate-facts.ts';

const limits = Object.fromEntries(agedFacts.map((name) => [name, 60_000])) as FactMaxAges;
const { facts } = gateCase({
  facts: {
    whatIf: known({
      ...{ initialMarginBefore: null, initialMarginAfter: null, maintenanceMarginBefore: null },
      ...{ maintenanceMarginAfter: null, equityWithLoanAfter: null, commission: d(1) },
      ...{ commissionCurrency: 'USD', warning: '' },
    }),
  },
});

type Name = (typeof agedFacts)[number] | 'fxToBase';

function aged(name: Name, ageMs: number): GateFacts {
  const fact = facts[name] as Known<never>;
  return { ...facts, [name]: { ...fact, at: instantFromEpochMs(Date.parse(now) - ageMs) } };
}

describe('the age of facts', () => {
  for (const name of [...agedFacts, 'fxToBase'] as const) {
    it(`${name}: at its limit it counts, a millisecond later it is missing`, () => {
      const atLimit = aged(name, 60_000);
      expect(withoutOldFacts(atLimit, limits)).toEqual(atLimit);
      expect(withoutOldFacts(aged(name, 60_001), limits)).toEqual({
        ...facts,
        [name]: { missing: '61 s old, limit 60 s' },
      });
    });

    it(`${name}: from the future it counts within the tolerance only`, () => {
      const atLimit = aged(name, -futureToleranceMs);
      expect(withoutOldFacts(atLimit, limits)).toEqual(atLimit);
      expect(withoutOldFacts(aged(name, -futureToleranceMs - 1), limits)).toEqual({
        ...facts,
        [name]: { missing: '6 s in the future, limit 5 s' },
      });
    });
  }

  it('has a limit of its own for each fact', () => {
    for (const name of agedFacts) {
      const own = withoutOldFacts(aged(name, 11), { ...limits, [name]: 10 });
      expect(own[name]).toEqual({ missing: '1 s old, limit 0.01 s' });
      for (const other of agedFacts) {
        if (other !== name) expect(own[other]).toEqual(facts[other]);
      }
    }
  });

  it('calls a fact without a time missing, and leaves a missing one as it is', () => {
    const timeless = {
      ...facts,
      portfolio: { ...(facts.portfolio as Known<Portfolio>), at: 'soon' as Instant },
    };
    const found = withoutOldFacts(timeless, limits);
    expect(found.portfolio).toEqual({ missing: 'its time is not known' });
    const gone = { ...facts, portfolio: { missing: 'not there' } };
    expect(withoutOldFacts(gone, limits)).toEqual(gone);
  });

  it('makes the gate deny by an old portfolio, with the reason', () => {
    const old = gateCase({ facts: aged('portfolio', 61_000) });
    const { verdict } = evaluateGate(old.terms, old.facts, old.policy);
    expect(verdict.outcome).toBe('deny');
    expect(verdict.rules.find(({ rule }) => rule === 'R2')).toMatchObject({
      outcome: 'cannot-evaluate',
      missing: 'portfolio: 61 s old, limit 60 s',
    });
  });
});
