import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSendable, positiveDecimal } from '../../../src/domain/money/positive-decimal.ts';
import { d } from '../gate-facts.ts';

const asked = positiveDecimal('it');
const sent = positiveDecimal('it', { isSent: true });

/** What is read, or what is wrong. */
function read(value: unknown, schema = asked): string {
  const parsed = schema.safeParse(value);
  return parsed.success ? parsed.data : (parsed.error.issues[0]?.message ?? '');
}

describe('a positive decimal', () => {
  it.each([
    ['5', '5'],
    ['007.500', '7.5'],
    [' 12 ', '12'],
    [0.1, '0.1'],
    [189.5, '189.5'],
    ['0.000000000001', '0.000000000001'],
    ['999999999999999999.999999999999', '999999999999999999.999999999999'],
    [999_999_999_999_999, '999999999999999'],
  ])('%j is %s', (value, text) => {
    expect(read(value)).toBe(text);
  });

  it.each([
    ...[
      '0',
      '-0',
      '0.0',
      '-1',
      '',
      ' ',
      '.5',
      '5.',
      '1e3',
      '0x10',
      '1,000',
      '+1',
      'NaN',
      'Infinity',
    ],
    ...['１２', '٣', '1\u200b2', '\ufeff5', '5\u00a0', '5\n', '1_000', 0, -1, 1e-7, 1e21],
  ])('%j is none', (value) => {
    expect(read(value)).toBe('it must be a positive decimal, e.g. "5" or "189.50"');
  });

  it.each([NaN, Infinity, -Infinity, null, true, ['5'], { value: '5' }, 5n])(
    '%s is no decimal at all',
    (value) => {
      expect(asked.safeParse(value).success).toBe(false);
    },
  );

  it.each(['1000000000000000000', '0.0000000000001', '9'.repeat(400)])(
    '%s is too long',
    (value) => {
      expect(read(value)).toBe('it must have at most 18 digits before and 12 after the point');
    },
  );

  it('is taken as a number only while a number keeps what was written', () => {
    expect(read(0.1 + 0.2)).toContain('at most 18 digits');
    expect(read(Number('9007199254740993'))).toContain('send it as text');
    expect(read('9007199254740993')).toBe('9007199254740993');
  });

  it.each([
    ['9007199254740993', false],
    ['0.0000001', false],
    ['123456789.123456789012', false],
    ['0.000001', true],
    ['123456.00000001', true],
    ['9007199254740991', true],
  ])('%s can be sent: %s', (text, can) => {
    expect(isSendable(d(text))).toBe(can);
    expect(sent.safeParse(text).success).toBe(can);
    expect(asked.safeParse(text).success).toBe(true);
  });

  it('property: what can be sent reads back as the same decimal', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 ** 9 }), fc.nat(9), (units, places) => {
        const text = places === 0 ? String(units) : `${units}.${'1'.repeat(places)}`;
        const parsed = sent.safeParse(text);
        if (parsed.success) expect(String(Number(parsed.data))).toBe(parsed.data);
      }),
    );
  });
});
