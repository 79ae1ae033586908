import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aapl, d, gone, other, type Change } from '../../gate-facts.ts';
import { isDenied, testRuleCases } from '../rule-cases.ts';

const list = (
  restricted: readonly number[],
  allowed: readonly number[] | null,
  more: Change = {},
): Change => ({
  ...more,
  rules: {
    restricted_list: {
      enabled: true,
      restricted: [...restricted],
      allowed: allowed === null ? null : [...allowed],
    },
  },
});
const exit = { terms: { side: 'SELL', quantity: d(40) } } as const;
/** The case's own instrument as an option on another one. */
const option = { contract: { secType: 'OPT', underlyingConId: other } } as const;
const orphan = { contract: { secType: 'OPT' } } as const;

testRuleCases('R18', [
  {
    name: 'no lists',
    change: {},
    expect: { outcome: 'pass', observed: '265598', limit: 'none of 0 restricted', share: null },
  },
  {
    name: 'restricted',
    change: list([1, aapl], null),
    expect: { outcome: 'deny', observed: '265598 is restricted', limit: 'none of 2 restricted' },
  },
  { name: 'another one is restricted', change: list([other], null), expect: { outcome: 'pass' } },
  {
    name: 'allowed',
    change: list([], [aapl, 1]),
    expect: { outcome: 'pass', limit: 'none of 0 restricted, one of 2 allowed' },
  },
  {
    name: 'not in the list of what is allowed',
    change: list([], [other]),
    expect: { outcome: 'deny', observed: '265598 is not allowed' },
  },
  { name: 'nothing is allowed', change: list([], []), expect: { outcome: 'deny' } },
  { name: 'restricted and allowed', change: list([aapl], [aapl]), expect: { outcome: 'deny' } },
  {
    name: 'an option on what is restricted',
    change: list([other], null, option),
    expect: { outcome: 'deny', observed: `${other} is restricted` },
  },
  {
    name: 'an option on what is allowed',
    change: list([], [other], option),
    expect: { outcome: 'pass', observed: `${aapl} of underlying ${other}` },
  },
  { name: 'an allowed option', change: list([], [aapl], option), expect: { outcome: 'pass' } },
  {
    name: 'an allowed option on what is restricted',
    change: list([other], [aapl], option),
    expect: { outcome: 'deny' },
  },
  {
    name: 'an option of which nobody knows the underlying',
    change: list([1], null, orphan),
    expect: { outcome: 'cannot-evaluate', missing: 'the underlying' },
  },
  {
    name: 'the same where only some are allowed',
    change: list([], [other], orphan),
    expect: { outcome: 'cannot-evaluate' },
  },
  {
    name: 'the same where itself is restricted',
    change: list([aapl], null, orphan),
    expect: { outcome: 'deny' },
  },
  {
    name: 'the same where nothing depends on the underlying',
    change: list([], [aapl], orphan),
    expect: { outcome: 'pass' },
  },
  {
    name: 'a symbol that looks like the restricted one has a conId of its own',
    change: list([other], null, { contract: { symbol: 'MSFT' } }),
    expect: { outcome: 'pass' },
  },
  {
    name: 'an exit from what is restricted',
    change: list([aapl], [], exit),
    expect: { outcome: 'pass', observed: 'exit' },
  },
  {
    name: 'no contract',
    change: { facts: { contract: gone } },
    expect: { outcome: 'cannot-evaluate', missing: 'contract: not there' },
  },
]);

describe('R18: property', () => {
  it('restricting one more never allows more, allowing one more never allows less', () => {
    const ids = fc.array(fc.constantFrom(aapl as number, other as number, 3, 4));
    const allowed = fc.option(ids, { nil: null });
    const extra = fc.constantFrom(aapl as number, other as number, 3);
    fc.assert(
      fc.property(ids, allowed, extra, fc.boolean(), (banned, some, one, isOption) => {
        const more: Change = isOption ? option : {};
        const denied = isDenied('R18', list(banned, some, more));
        if (denied) expect(isDenied('R18', list([...banned, one], some, more))).toBe(true);
        if (denied || some === null) return;
        expect(isDenied('R18', list(banned, [...some, one], more))).toBe(false);
      }),
    );
  });
});
