import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { IntentId } from '../../../../src/domain/ids.ts';
import { gone } from '../../gate-facts.ts';
import { isDenied, testRuleCases } from '../rule-cases.ts';

const one = 'int_00000000000000000001' as IntentId;
const two = 'int_00000000000000000002' as IntentId;

testRuleCases('R19', [
  { name: 'no doubt', change: {}, expect: { outcome: 'pass', observed: '0', limit: '0' } },
  {
    name: 'one doubt',
    change: { ledger: { unconfirmed: [one] } },
    expect: { outcome: 'deny', observed: '1', share: null },
  },
  {
    name: 'two doubts',
    change: { ledger: { unconfirmed: [one, two] } },
    expect: { outcome: 'deny', observed: '2' },
  },
  {
    name: 'an exit waits too',
    change: { terms: { side: 'SELL' }, ledger: { unconfirmed: [one] } },
    expect: { outcome: 'deny' },
  },
  {
    name: 'switched off',
    change: { ledger: { unconfirmed: [one] }, rules: { unsettled_order: { enabled: false } } },
    expect: { outcome: 'off' },
  },
  {
    name: 'other facts missing',
    change: { facts: { quote: gone, portfolio: gone } },
    expect: { outcome: 'pass' },
  },
]);

describe('R19: property', () => {
  it('denies exactly where there is a doubt', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(one, two), { maxLength: 4 }), (unconfirmed) => {
        expect(isDenied('R19', { ledger: { unconfirmed } })).toBe(unconfirmed.length > 0);
      }),
    );
  });
});
