// Exact money: whole micro-units (1e-6) of a currency as safe integers, so nothing ever drifts.
// Nine billion units fit; orders that would exceed that are refused before they reach a book.

/** An amount or a price in millionths of its currency. */
export type Micros = number;
/** Micro-units in one unit of currency. */
export const MICROS = 1_000_000;

const DECIMAL = /^(-?)(\d*)\.?(\d*)$/;

/** Parses decimal text; undefined when it is not a decimal, has digits below 1e-6, or is too big. */
export function parseMicros(text: string): Micros | undefined {
  const plain = /[eE]/.test(text) ? Number(text).toFixed(9) : text;
  const match = DECIMAL.exec(plain);
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = ''] = match;
  if (whole + fraction === '') return undefined;
  if (/[1-9]/.test(fraction.slice(6))) return undefined;
  const value = Number(whole || '0') * MICROS + Number(fraction.slice(0, 6).padEnd(6, '0'));
  if (!Number.isSafeInteger(value)) return undefined;
  return sign === '-' ? -value : value;
}

/** Decimal text with at least `minDecimals` decimals and no more than needed. */
export function formatMicros(amount: Micros, minDecimals = 0): string {
  const digits = String(Math.abs(amount)).padStart(7, '0');
  const whole = digits.slice(0, -6);
  let fraction = digits.slice(-6).replace(/0+$/, '');
  fraction = fraction.padEnd(minDecimals, '0');
  return `${amount < 0 ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

/** Cents, rounded half away from zero: how account values are shown. */
export function formatCents(amount: Micros): string {
  const cents = Math.round(Math.abs(amount) / 10_000);
  return formatMicros(amount < 0 ? -cents * 10_000 : cents * 10_000, 2);
}
