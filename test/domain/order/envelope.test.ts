import { describe, expect, it } from 'vitest';
import { canonicalHash, canonicalJson } from '../../../src/domain/order/envelope.ts';

describe('the canonical form', () => {
  it('is the same for the same value, in whichever order its keys were written', () => {
    const one = { b: '2', a: { d: [1, 2], c: null } };
    const other = { a: { c: null, d: [1, 2] }, b: '2' };
    expect(canonicalJson(one)).toBe('{"a":{"c":null,"d":[1,2]},"b":"2"}');
    expect(canonicalHash(other)).toBe(canonicalHash(one));
    expect(canonicalHash(one)).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it('differs in every value, and has none for what JSON cannot say', () => {
    expect(canonicalHash({ quantity: '5' })).not.toBe(canonicalHash({ quantity: '5.0' }));
    expect(() => canonicalHash({ quantity: Number.NaN })).toThrow();
    expect(() => canonicalHash(undefined)).toThrow();
  });
});
