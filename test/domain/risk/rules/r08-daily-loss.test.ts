import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Change } from '../../gate-facts.ts';
import { aapl, d, gone, latch, money, position, usd, verdictOf } from '../../gate-facts.ts';
import { isDenied, testRuleCases } from '../rule-cases.ts';

const pnl = (amount: string) => ({ portfolio: { dailyPnl: usd(amount) } });
const exit = { terms: { side: 'SELL', quantity: d(40) } } as const;
const latched = { ledger: { latches: [latch({ rule: 'R8' })] } };

testRuleCases('R8', [
  { name: 'a gain', change: pnl('7000'), expect: { outcome: 'pass', observed: '0', share: '0' } },
  { name: 'a flat day', change: pnl('0'), expect: { outcome: 'pass', observed: '0' } },
  { name: 'a small loss', change: pnl('-3999.99'), expect: { outcome: 'pass' } },
  { name: 'exactly 80 %', change: pnl('-4000'), expect: { outcome: 'warn', observed: '4000' } },
  {
    name: 'exactly at the limit',
    change: pnl('-5000'),
    expect: { outcome: 'warn', observed: '5000', limit: '5000', share: '1' },
  },
  {
    name: 'a cent above',
    change: pnl('-5000.01'),
    expect: { outcome: 'deny', observed: '5000.01', latch: 'account' },
  },
  {
    name: 'an exit after a bad day',
    change: { ...pnl('-90000'), ...exit },
    expect: { outcome: 'pass', observed: 'exit', limit: 'none' },
  },
  {
    name: 'a sell that flips the position is new risk',
    change: { ...pnl('-90000'), terms: { side: 'SELL', quantity: d(41) } },
    expect: { outcome: 'deny' },
  },
  {
    name: 'buying back a short is an exit',
    change: { portfolio: { dailyPnl: usd(-90000), positions: [position(aapl, -5)] } },
    expect: { outcome: 'pass' },
  },
  {
    name: 'a short is new risk',
    change: {
      portfolio: { dailyPnl: usd(-90000), positions: [] },
      terms: { side: 'SELL', quantity: d(1) },
    },
    expect: { outcome: 'deny' },
  },
  {
    name: 'latched, although the day has recovered',
    change: { ...pnl('7000'), ...latched },
    expect: {
      outcome: 'deny',
      observed: 'latched since 2026-11-24T14:00:00.000Z: 5000.01',
      limit: '5000',
      share: null,
      latch: null,
    },
  },
  {
    name: 'latched, and the portfolio is not there',
    change: { ...latched, facts: { portfolio: gone } },
    expect: { outcome: 'deny' },
  },
  { name: 'an exit while latched', change: { ...latched, ...exit }, expect: { outcome: 'pass' } },
  {
    name: 'the latch of another rule',
    change: { ledger: { latches: [latch({ rule: 'R11' })] } },
    expect: { outcome: 'pass' },
  },
  {
    name: 'no daily figure',
    change: { portfolio: { dailyPnl: null } },
    expect: { outcome: 'cannot-evaluate', missing: 'the daily profit and loss' },
  },
  {
    name: 'an exit without a daily figure',
    change: { portfolio: { dailyPnl: null }, ...exit },
    expect: { outcome: 'pass' },
  },
  {
    name: 'a figure in another currency',
    change: { portfolio: { dailyPnl: money(-1, 'EUR') } },
    expect: { outcome: 'cannot-evaluate' },
  },
  {
    name: 'no portfolio',
    change: { facts: { portfolio: gone } },
    expect: { outcome: 'cannot-evaluate', missing: 'portfolio: not there' },
  },
  {
    name: 'switched off, latched or not',
    change: { ...latched, rules: { daily_loss: { enabled: false, limit: d(1) } } },
    expect: { outcome: 'off' },
  },
]);

describe('R8: property', () => {
  it('a larger loss is never allowed where a smaller one is not', () => {
    fc.assert(
      fc.property(fc.integer({ min: -9000, max: 9000 }), fc.nat(9000), (result, worse) => {
        const denied = (amount: number): boolean => isDenied('R8', pnl(String(amount)));
        expect(denied(result)).toBe(result < -5000);
        if (denied(result)) expect(denied(result - worse)).toBe(true);
      }),
    );
  });

  it('denies exactly where it latches, and never for an exit', () => {
    fc.assert(
      fc.property(fc.integer({ min: -9000, max: 9000 }), fc.boolean(), (result, isExit) => {
        const change: Change = { ...pnl(String(result)), ...(isExit ? exit : {}) };
        const answer = verdictOf('R8', change);
        expect('latch' in answer).toBe(answer.outcome === 'deny');
        if (isExit) expect(answer.outcome).toBe('pass');
      }),
    );
  });
});
