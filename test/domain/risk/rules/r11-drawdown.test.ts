import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EquityMarks } from '../../../../src/domain/risk/facts.ts';
import { lossBreaches } from '../../../../src/domain/risk/losses.ts';
import { d, gateCase, gone, latch, money, usd, verdictOf, type Change } from '../../gate-facts.ts';
import { isDenied, testRuleCases } from '../rule-cases.ts';

const exit = { terms: { side: 'SELL', quantity: d(40) } } as const;
const flat = { highest: d(1_000_000), weekStart: d(1_000_000), dayStart: d(1_000_000) };
const at = (current: string | number, marks: Partial<EquityMarks> = {}): Change => ({
  portfolio: { netLiquidation: usd(current) },
  ledger: { equity: { ...flat, ...marks } },
});
const only = (mark: keyof EquityMarks, value: string | number, current: string | number) => {
  const marks = { highest: d(current), weekStart: d(current), dayStart: d(current) };
  return at(current, { ...marks, [mark]: d(value) });
};
const latched = { ledger: { latches: [latch({ rule: 'R11', observed: 'x', limit: 'y' })] } };

testRuleCases('R11', [
  {
    name: 'at every mark',
    change: at(1_000_000),
    expect: {
      outcome: 'pass',
      observed: 'below highest 0; below day start 0; below week start 0',
      limit: 'below highest 0.1; below day start 0.05; below week start 0.08',
      share: '0',
    },
  },
  {
    name: 'above marks of a while ago',
    change: at(1_100_000),
    expect: { outcome: 'pass', observed: 'below highest 0; below day start 0; below week start 0' },
  },
  {
    name: 'just under 80 % of the drawdown',
    change: only('highest', 1_000_000, '920000.01'),
    expect: { outcome: 'pass', share: '0.8' },
  },
  {
    name: 'exactly 80 % of the drawdown',
    change: only('highest', 1_000_000, 920_000),
    expect: { outcome: 'warn', share: '0.8' },
  },
  {
    name: 'exactly at the drawdown',
    change: only('highest', 1_000_000, 900_000),
    expect: { outcome: 'warn', share: '1', latch: null },
  },
  {
    name: 'a cent below the drawdown, which rounds away from the limit',
    change: only('highest', 1_000_000, '899999.99'),
    expect: {
      outcome: 'deny',
      observed: 'below highest 0.1001; below day start 0; below week start 0',
      latch: 'account',
    },
  },
  {
    name: 'exactly at the daily loss',
    change: only('dayStart', 1_000_000, 950_000),
    expect: { outcome: 'warn', share: '1' },
  },
  {
    name: 'a cent below the daily loss',
    change: only('dayStart', 1_000_000, '949999.99'),
    expect: { outcome: 'deny', latch: 'account' },
  },
  {
    name: 'exactly at the weekly loss',
    change: only('weekStart', 1_000_000, 920_000),
    expect: { outcome: 'warn', share: '1' },
  },
  {
    name: 'a cent below the weekly loss',
    change: only('weekStart', 1_000_000, '919999.99'),
    expect: { outcome: 'deny', latch: 'account' },
  },
  { name: 'an account that is worth nothing', change: at(0), expect: { outcome: 'deny' } },
  { name: 'an account that owes', change: at(-5), expect: { outcome: 'deny' } },
  { name: 'an exit after any loss', change: { ...at(1), ...exit }, expect: { outcome: 'pass' } },
  {
    name: 'no mark of the week',
    change: at(1_000_000, { weekStart: null }),
    expect: { outcome: 'cannot-evaluate', missing: 'below week start: no mark yet' },
  },
  {
    name: 'no mark at all',
    change: at(1_000_000, { highest: null, weekStart: null, dayStart: null }),
    expect: {
      outcome: 'cannot-evaluate',
      missing:
        'below highest: no mark yet; below day start: no mark yet; below week start: no mark yet',
    },
  },
  {
    name: 'no mark of the week, and below the highest one',
    change: at(800_000, { weekStart: null, dayStart: d(800_000) }),
    expect: {
      outcome: 'deny',
      observed: 'below highest 0.2; below day start 0; below week start not known',
    },
  },
  {
    name: 'an exit without marks',
    change: { ...at(1, { highest: null, weekStart: null, dayStart: null }), ...exit },
    expect: { outcome: 'pass' },
  },
  {
    name: 'a mark of zero',
    change: at(0, { dayStart: d(0) }),
    expect: { outcome: 'deny', observed: /below day start not known/ },
  },
  {
    name: 'only marks of zero',
    change: at(0, { highest: d(0), dayStart: d(0), weekStart: d(0) }),
    expect: { outcome: 'cannot-evaluate' },
  },
  {
    name: 'another currency than the base',
    change: { portfolio: { netLiquidation: money(1_000_000, 'EUR') } },
    expect: { outcome: 'cannot-evaluate' },
  },
  {
    name: 'latched, although everything has recovered',
    change: latched,
    expect: { outcome: 'deny', observed: 'latched since 2026-11-24T14:00:00.000Z: x', limit: 'y' },
  },
  { name: 'an exit while latched', change: { ...latched, ...exit }, expect: { outcome: 'pass' } },
  {
    name: 'no portfolio',
    change: { facts: { portfolio: gone } },
    expect: { outcome: 'cannot-evaluate', missing: 'portfolio: not there' },
  },
]);

describe('R11: property', () => {
  it('a lower value is never allowed where a higher one is not', () => {
    fc.assert(
      fc.property(fc.nat(1_200_000), fc.nat(1_200_000), (current, less) => {
        expect(isDenied('R11', at(current))).toBe(current < 950_000);
        if (isDenied('R11', at(current))) expect(isDenied('R11', at(current - less))).toBe(true);
      }),
    );
  });

  it('a mark that it saw itself changes nothing: only the ledger remembers', () => {
    const before = verdictOf('R11', at(960_000));
    verdictOf('R11', at(5_000_000));
    expect(verdictOf('R11', at(960_000))).toEqual(before);
  });
});

describe('lossBreaches', () => {
  const found = (change: Change) => {
    const { facts, policy } = gateCase(change);
    if ('missing' in facts.portfolio) throw new Error('the base case has a portfolio');
    return lossBreaches(facts.portfolio.value, facts.ledger.value.equity, policy.rules);
  };

  it('finds nothing at the limits', () => {
    expect(found({ ...at(950_000), portfolio: { dailyPnl: usd(-5000) } })).toEqual([]);
  });

  it('finds what the rules would latch, in the same words', () => {
    const change = {
      ...at(1),
      portfolio: { netLiquidation: usd('949999.99'), dailyPnl: usd('-5000.01') },
    };
    const words = ['R8', 'R11'].map((rule) => {
      const answer = verdictOf(rule, change);
      if (!('observed' in answer)) throw new Error(`${rule} has no figures`);
      return { rule, scope: answer.latch, observed: answer.observed, limit: answer.limit };
    });
    expect(found(change)).toEqual(words);
  });

  it('finds nothing where a rule is off or a figure is missing', () => {
    const off = { daily_loss: { enabled: false, limit: d(0) } };
    expect(found({ portfolio: { dailyPnl: usd(-9000) }, rules: off })).toEqual([]);
    expect(found({ portfolio: { dailyPnl: null } })).toEqual([]);
  });
});
