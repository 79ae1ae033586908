import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { d, gone } from '../../gate-facts.ts';
import { isDenied, testRuleCases } from '../rule-cases.ts';

const others = { OPT: d(10), FUT: d(5), CASH: d(100_000), CRYPTO: d(2), BOND: d(50) };
const quantity = (text: string, side: 'BUY' | 'SELL' = 'BUY') => ({
  terms: { side, quantity: d(text) },
});

testRuleCases('R13', [
  { name: 'one unit', change: quantity('1'), expect: { outcome: 'pass', share: '0.001' } },
  { name: 'a fraction', change: quantity('0.0001'), expect: { outcome: 'pass' } },
  { name: 'just below 80 %', change: quantity('799.999'), expect: { outcome: 'pass' } },
  { name: 'exactly 80 %', change: quantity('800'), expect: { outcome: 'warn', share: '0.8' } },
  {
    name: 'exactly at the limit',
    change: quantity('1000'),
    expect: { outcome: 'warn', share: '1' },
  },
  {
    name: 'one unit above',
    change: quantity('1001'),
    expect: { outcome: 'deny', observed: '1001', limit: '1000' },
  },
  {
    name: 'the smallest fraction above',
    change: quantity('1000.000000000000000001'),
    expect: { outcome: 'deny' },
  },
  {
    name: 'a short counts like a long',
    change: quantity('1001', 'SELL'),
    expect: { outcome: 'deny' },
  },
  {
    name: 'a limit of zero',
    change: { rules: { max_quantity: { enabled: true, limits: { ...others, STK: d(0) } } } },
    expect: { outcome: 'deny', share: null },
  },
  {
    name: 'no contract',
    change: { facts: { contract: gone } },
    expect: { outcome: 'cannot-evaluate', missing: 'contract: not there' },
  },
  {
    name: 'another contract',
    change: { contract: { conId: 1 as never } },
    expect: { outcome: 'cannot-evaluate' },
  },
]);

describe('R13: property', () => {
  it('is the plain comparison, whatever the price', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2000 }),
        fc.integer({ min: 1, max: 999 }),
        (n, price) => {
          const change = { terms: { quantity: d(n), limitPrice: d(price) } };
          expect(isDenied('R13', change)).toBe(n > 1000);
        },
      ),
    );
  });
});
