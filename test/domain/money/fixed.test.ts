import type { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Dec, dec, decimalText } from '../../../src/domain/money/decimal.ts';
import { fixed, Fixed, larger, smaller, type Rounding } from '../../../src/domain/money/fixed.ts';

/** Decimals of every size that a decimal text allows, most of them small. */
const texts = fc
  .tuple(
    fc.boolean(),
    fc.oneof(fc.nat(), fc.bigInt({ min: 0n, max: 10n ** 20n - 1n })),
    fc.oneof(fc.constant(''), fc.stringMatching(/^[0-9]{1,18}$/)),
  )
  .map(([negative, whole, fraction]) => {
    return `${negative ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
  });
/** Enough digits that the reference never rounds. */
const Wide = Dec.clone({ precision: 120, toExpNeg: -120, toExpPos: 120 });
const wide = (value: Dec): string => (value.isZero() ? '0' : value.toFixed());
const modes: Readonly<Record<Rounding, Decimal.Rounding>> = {
  up: Dec.ROUND_UP,
  'half-up': Dec.ROUND_HALF_UP,
  floor: Dec.ROUND_FLOOR,
  ceil: Dec.ROUND_CEIL,
};

describe('fixed', () => {
  it('writes what decimalText writes', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(fixed(text).text()).toBe(decimalText(text));
      }),
      { numRuns: 1000 },
    );
  });

  it('adds, subtracts, multiplies and compares exactly', () => {
    fc.assert(
      fc.property(texts, texts, texts, (a, b, c) => {
        const [x, y, z] = [new Wide(a), new Wide(b), new Wide(c)];
        expect(fixed(a).plus(fixed(b)).text()).toBe(wide(x.plus(y)));
        expect(fixed(a).minus(fixed(b)).text()).toBe(wide(x.minus(y)));
        expect(fixed(a).times(fixed(b)).times(fixed(c)).text()).toBe(wide(x.times(y).times(z)));
        expect(fixed(a).compare(fixed(b))).toBe(x.comparedTo(y));
        expect(larger(fixed(a), fixed(b)).text()).toBe(wide(Wide.max(x, y)));
        expect(smaller(fixed(a), fixed(b)).text()).toBe(wide(Wide.min(x, y)));
        expect(fixed(a).abs().text()).toBe(wide(x.abs()));
        expect(fixed(a).neg().neg().eq(fixed(a))).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('divides and rounds like the reference in every mode', () => {
    fc.assert(
      fc.property(
        texts,
        texts,
        fc.nat(8),
        fc.constantFrom(...(Object.keys(modes) as Rounding[])),
        (a, b, decimals, rounding) => {
          fc.pre(!new Wide(b).isZero());
          const expected = new Wide(a).div(b).toDecimalPlaces(decimals, modes[rounding]);
          expect(fixed(a).dividedBy(fixed(b), decimals, rounding).text()).toBe(wide(expected));
          const rounded = new Wide(a).toDecimalPlaces(decimals, modes[rounding]);
          expect(fixed(a).rounded(decimals, rounding).text()).toBe(wide(rounded));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('stays exact across the edge of safe integers', () => {
    const edge = fixed('9007199254740991');
    expect(edge.plus(fixed('1')).text()).toBe('9007199254740992');
    expect(edge.plus(fixed('2')).text()).toBe('9007199254740993');
    expect(edge.plus(fixed('2')).minus(fixed('2')).text()).toBe('9007199254740991');
    expect(edge.times(edge).text()).toBe('81129638414606663681390495662081');
    expect(fixed('0.000000000000000001').times(fixed('1')).text()).toBe('0.000000000000000001');
  });

  it('has one zero', () => {
    for (const zero of [fixed('-0'), fixed('0.00').neg(), fixed('-1').times(fixed('0'))]) {
      expect(zero.text()).toBe('0');
      expect(zero.isNegative() || zero.isPositive()).toBe(false);
      expect(Object.is(zero.units, -0)).toBe(false);
    }
  });

  it('refuses what is not a plain decimal', () => {
    for (const text of [
      '',
      '-',
      '.',
      '1.',
      '.5',
      '1e5',
      'NaN',
      'Infinity',
      ' 1',
      '1 ',
      '+1',
      '1.2.3',
      '--1',
      '0x1',
    ]) {
      expect(() => fixed(text), JSON.stringify(text)).toThrow(RangeError);
    }
    expect(() => fixed('1').dividedBy(new Fixed(0, 3), 2, 'up')).toThrow(RangeError);
  });
});

describe('decimal texts', () => {
  it('are canonical: one text per value, and reading them back changes nothing', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const canonical = decimalText(text);
        expect(dec(canonical).eq(text)).toBe(true);
        expect(decimalText(canonical)).toBe(canonical);
        expect(canonical).toMatch(/^(0|-?(0|[1-9]\d*)(\.\d*[1-9])?)$/);
        expect(canonical).not.toBe('-0');
      }),
      { numRuns: 1000 },
    );
  });

  it('refuse what is not finite', () => {
    for (const text of ['NaN', 'Infinity', '-Infinity']) {
      expect(() => decimalText(text)).toThrow(RangeError);
    }
  });

  it('never become a float', () => {
    expect(fixed('0.1').plus(fixed('0.2')).text()).toBe('0.3');
    expect(dec('0.1').plus('0.2').toFixed()).toBe('0.3');
  });
});
