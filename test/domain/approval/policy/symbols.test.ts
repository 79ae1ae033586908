import { describe, expect, it } from 'vitest';
import type { Contract } from '../../../../src/domain/instrument/contract.ts';
import { aapl, contract, other } from '../../gate-facts.ts';
import { refusals } from './auto-case.ts';

const named = (conId: number) => ({ con_id: conId, name: 'for people' });
const refused = (symbols: unknown, change: Partial<Contract> = {}): boolean =>
  refusals({
    categories: { symbols },
    input: { contract: { ...contract, ...change } },
  }).includes('symbols');

const option = { secType: 'OPT', underlyingConId: other } as const;

describe('symbols', () => {
  it.each([
    ['allowed', { allow: [named(aapl)], deny: [] }, {}, false],
    ['allowed among others', { allow: [named(other), named(aapl)], deny: [] }, {}, false],
    ['not among the allowed', { allow: [named(other)], deny: [] }, {}, true],
    ['any, not denied', { allow: null, deny: [named(other)] }, {}, false],
    ['any, denied', { allow: null, deny: [named(aapl)] }, {}, true],
    ['allowed and denied', { allow: [named(aapl)], deny: [named(aapl)] }, {}, true],
    ['an option of a denied stock', { allow: null, deny: [named(other)] }, option, true],
    ['an option of an allowed stock', { allow: [named(other)], deny: [] }, option, true],
    ['an option, allowed itself', { allow: [named(aapl)], deny: [] }, option, false],
    ['an option of nothing', { allow: null, deny: [named(other)] }, { secType: 'OPT' }, true],
    ['a future of nothing', { allow: [named(aapl)], deny: [] }, { secType: 'FUT' }, true],
    ['another contract', { allow: [named(aapl)], deny: [] }, { conId: other }, true],
  ] as const)('%s', (_name, settings, change, isRefused) => {
    expect(refused(settings, change)).toBe(isRefused);
  });
});
