import { describe, expect, it } from 'vitest';
import { policyChanges } from '../../../src/domain/risk/policy-changes.ts';
import { d, gateCase } from '../gate-facts.ts';

const { policy } = gateCase();

describe('the changes between two policies', () => {
  it('are none between a policy and itself, whatever its hash is called', () => {
    expect(policyChanges(policy, { ...policy, hash: 'sha256:other' })).toEqual([]);
  });

  it('name every key with its two values, sorted, and lists as a whole', () => {
    const after = {
      ...policy,
      version: 'next',
      rules: {
        ...policy.rules,
        max_notional: { enabled: false, limit: d(50_000) },
        price_collar: { ...policy.rules.price_collar, allowedQuoteKinds: ['live', 'delayed'] },
      },
    };
    expect(policyChanges(policy, after)).toEqual([
      { key: 'rules.max_notional.enabled', from: 'true', to: 'false' },
      {
        key: 'rules.price_collar.allowedQuoteKinds',
        from: '["live"]',
        to: '["live","delayed"]',
      },
      { key: 'version', from: '"test"', to: '"next"' },
    ]);
  });

  it('name keys that are new or gone', () => {
    expect(policyChanges({ a: { b: 1 } }, { a: { c: null } })).toEqual([
      { key: 'a.b', from: '1', to: null },
      { key: 'a.c', from: null, to: 'null' },
    ]);
  });
});
