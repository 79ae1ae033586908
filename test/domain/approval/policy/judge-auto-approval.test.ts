import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayStart } from '../../../../src/domain/approval/policy/auto-policy.ts';
import type { Instant } from '../../../../src/domain/time/instant.ts';
import { parseAutoApprovalPolicy } from '../../../../src/config/auto-approval-policy.ts';
import { d, gone, quote, usd } from '../../gate-facts.ts';
import { autoInput, file, judged, refusals, type AutoChange } from './auto-case.ts';

describe('the base case', () => {
  it('is approved with its figures and the hash of the policy', () => {
    expect(judged()).toEqual({
      approved: true,
      matched: [
        { category: 'threshold', observed: '1000', limit: '1000' },
        { category: 'cumulative', observed: '1000', limit: '5000' },
      ],
      policyHash: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as string,
      notional: '1000',
      schedule: null,
    });
  });
});

const rows: readonly (readonly [name: string, change: AutoChange, why: readonly string[]])[] = [
  ['exactly at the threshold', {}, []],
  ['a cent above it', { file: { threshold: '999.99' } }, ['threshold']],
  ['a threshold of nothing', { file: { threshold: '0' } }, ['threshold']],
  ['exactly at the limit of the day', { input: used('4000') }, []],
  ['a cent above it', { input: used('4000.01') }, ['cumulative']],
  ['switched off', { file: { enabled: false } }, ['policy']],
  ['another environment', { environment: 'paper' }, ['environment']],
  ['live, not named', { environment: 'live' }, ['environment']],
  ['live, named', { environment: 'live', file: { environments: ['live'] } }, []],
  ['halted', { input: { isHalted: true } }, ['halted']],
  ['a second round', { input: { round: 2 } }, ['round']],
  ['a quorum of two', { input: { requiredApprovals: 2 } }, ['quorum']],
  ['a rule that warns', { gate: { rules: { max_notional: limitOf('1250') } } }, ['warnings']],
  ['a rule just below its warning', { gate: { rules: { max_notional: limitOf('1251') } } }, []],
  ['a rule that denies', { gate: { rules: { max_notional: limitOf('999') } } }, ['verdict']],
  [
    'a denial that a human may decide about',
    {
      gate: {
        rules: { max_notional: limitOf('999') },
        policy: { manualReview: { max_notional: ['deny'] } },
      },
    },
    ['verdict'],
  ],
  [
    'a missing quote',
    { gate: { facts: { quote: gone } } },
    ['verdict', 'facts', 'simulation', 'threshold', 'cumulative'],
  ],
  ['too little money', { gate: { portfolio: poor() } }, ['verdict', 'simulation']],
  [
    'a link in the reason',
    { input: { words: { reason: 'see https://example.com for it', strategyTag: null } } },
    ['external-text'],
  ],
  [
    'a command in the tag',
    { input: { words: { reason: 'rebalance the core', strategyTag: 'Approve-it' } } },
    ['external-text'],
  ],
];

function used(notionalToday: string): NonNullable<AutoChange['input']> {
  return { usage: { notionalToday: d(notionalToday), lastBySchedule: {} } };
}
function limitOf(limit: string) {
  return { enabled: true, limit: d(limit) };
}
function poor() {
  return { availableFunds: usd(1), buyingPower: usd(1), cash: [usd(1)] };
}

describe('what refuses', () => {
  it.each(rows)('%s', (_name, change, why) => {
    expect(refusals(change)).toEqual(why);
  });

  it('a fact that a rule passed without', () => {
    const input = autoInput();
    const [first, ...others] = input.evaluation.verdict.rules;
    if (first === undefined) throw new Error('no rules');
    const unknown = { name: 'whatIf', source: null, at: null } as const;
    const evaluation = (outcome: 'pass' | 'off') => ({
      ...input.evaluation,
      verdict: {
        ...input.evaluation.verdict,
        rules: [{ ...first, outcome, facts: [unknown] } as typeof first, ...others],
      },
    });
    expect(refusals({ input: { evaluation: evaluation('pass') } })).toEqual(['facts']);
    expect(refusals({ input: { evaluation: evaluation('off') } })).toEqual([]);
  });

  it('what is reserved where it is more than what is simulated', () => {
    const { evaluation } = autoInput();
    const input = { evaluation: { ...evaluation, reservedNotional: d('1000.01') } };
    expect(refusals({ input })).toEqual(['threshold']);
  });

  it('tells every reason at once', () => {
    const why = refusals({
      ...{
        file: { enabled: false, threshold: '1', cumulative: { ...file.cumulative, limit: '1' } },
      },
      ...{ environment: 'live', input: { isHalted: true, round: 2, requiredApprovals: 3 } },
      categories: { security_types: { allow: ['BOND'] }, order_types: { allow: ['MOO'] } },
    });
    expect(why).toEqual([
      ...['policy', 'environment', 'halted', 'round', 'quorum', 'threshold', 'cumulative'],
      ...['security_types', 'order_types'],
    ]);
  });
});

describe('the reference, which approved a forged 500-dollar short of TSLA options', () => {
  const tsla = 76792991;
  const option = {
    secType: 'OPT',
    symbol: 'TSLA',
    expiry: '20261218',
    strike: d(400),
    right: 'C',
    multiplier: d(100),
    underlyingConId: tsla,
  } as const;

  it('type, underlying and naked sale each refuse it, whatever its notional', () => {
    const why = refusals({
      gate: {
        contract: option as never,
        terms: { side: 'SELL', quantity: d(1), limitPrice: d(5) },
        quote: { ...quote, bid: d('4.99'), ask: d('5.01'), last: d(5) },
        positions: [],
      },
      categories: {
        symbols: { allow: null, deny: [{ con_id: tsla, name: 'TSLA' }] },
        security_types: { allow: ['STK'] },
      },
    });
    expect(why).toEqual(
      expect.arrayContaining(['verdict', 'simulation', 'symbols', 'security_types']),
    );
  });

  it('a denied stock stays denied under any name', () => {
    const deny = { allow: null, deny: [{ con_id: 265598, name: 'SOMETHING ELSE' }] };
    expect(refusals({ categories: { symbols: deny } })).toEqual(['symbols']);
    const other = { allow: null, deny: [{ con_id: 1, name: 'AAPL' }] };
    expect(refusals({ categories: { symbols: other } })).toEqual([]);
  });
});

describe('properties', () => {
  const categories = {
    security_types: { allow: ['STK'] },
    order_types: { allow: ['LMT'] },
    position_share: { limit: '0.0095' },
  };
  const whole = fc.integer({ min: 1, max: 20 });

  it('raising quantity or price never turns refused into approved', () => {
    let approvals = 0;
    const approves = (quantity: number, price: number, today: number): boolean => {
      const terms = { quantity: d(quantity), limitPrice: d(price) };
      const isApproved = refusals({ gate: { terms }, input: used(String(today)), categories });
      if (isApproved.length === 0) approvals += 1;
      return isApproved.length === 0;
    };
    fc.assert(
      fc.property(
        ...[whole, fc.integer({ min: 199, max: 201 }), fc.integer({ min: 0, max: 6000 })],
        ...[fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 2 })],
        (quantity, price, today, more, dearer) => {
          if (approves(quantity + more, price + dearer, today)) {
            expect(approves(quantity, price, today)).toBe(true);
          }
        },
      ),
      { numRuns: 300 },
    );
    expect(approvals).toBeGreaterThan(20);
  });

  it('switching a category on never approves more', () => {
    fc.assert(
      fc.property(whole, fc.subarray(Object.entries(categories)), (quantity, on) => {
        const gate = { terms: { quantity: d(quantity) } };
        const some = refusals({ gate, categories: Object.fromEntries(on) });
        const all = refusals({ gate, categories });
        for (const check of some) expect(all).toContain(check);
      }),
      { numRuns: 100 },
    );
  });
});

describe('the day of the cumulative limit', () => {
  const policy = parseAutoApprovalPolicy(JSON.stringify(file));

  it.each([
    ['before midnight in New York', '2026-11-24T04:59:59.999Z', '2026-11-23T05:00:00.000Z'],
    ['at midnight', '2026-11-24T05:00:00.000Z', '2026-11-24T05:00:00.000Z'],
    ['in summer', '2026-07-01T03:59:59.999Z', '2026-06-30T04:00:00.000Z'],
    ['on the day that has 25 hours', '2026-11-02T04:30:00.000Z', '2026-11-01T04:00:00.000Z'],
    ['on the day that has 23', '2026-03-08T12:00:00.000Z', '2026-03-08T05:00:00.000Z'],
  ])('%s', (_name, now, start) => {
    expect(dayStart(policy, now as Instant)).toBe(start);
  });
});
