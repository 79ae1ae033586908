import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixed } from '../../../src/domain/money/fixed.ts';
import { estimateCommission } from '../../../src/domain/simulate/commission.ts';
import { usd } from '../gate-facts.ts';

const { currency } = usd(0);
const of = (quantity: string, price: string, in_ = currency): string =>
  estimateCommission(fixed(quantity), fixed(price), in_).text();

describe('commission', () => {
  it('is 0.005 per share', () => {
    expect(of('1000', '25')).toBe('5');
  });

  it('is at least 1.00 and at most 1 % of the value, the maximum winning', () => {
    expect(of('100', '25')).toBe('1');
    expect(of('200', '25')).toBe('1');
    expect(of('201', '25')).toBe('1.005');
    expect(of('1000', '0.25')).toBe('2.5');
    expect(of('10', '0.2')).toBe('0.02');
    expect(of('1', '50')).toBe('0.5');
  });

  it('is rounded up to the fourth decimal', () => {
    expect(of('0.0001', '0.01')).toBe('0.0001');
  });

  it('is a flat 0.1 % elsewhere', () => {
    expect(of('100', '25', 'EUR' as typeof currency)).toBe('2.5');
  });

  it('never falls as the quantity rises', () => {
    const cents = fc.integer({ min: 1, max: 1_000_000 });
    fc.assert(
      fc.property(cents, cents, cents, (quantity, more, price) => {
        const fee = (n: number) =>
          estimateCommission(fixed(String(n / 100)), fixed(String(price / 100)), currency);
        expect(fee(quantity + more).lt(fee(quantity))).toBe(false);
      }),
    );
  });
});
