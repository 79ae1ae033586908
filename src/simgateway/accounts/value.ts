// Products of prices, sizes and rates. A trade's value is rounded once, half away from zero to a
// millionth, and that one number moves cash and cost alike: nothing is created or lost by rounding.
import type { Instrument, Size } from '../market/instrument.ts';
import { formatMicros, MICROS } from '../market/money.ts';
import type { Micros } from '../market/money.ts';

/** One whole share, contract, coin or unit of base currency. */
export const UNIT: Size = 1_000_000;

const isSafe = (n: number) => Number.isSafeInteger(n);

function divideRounded(dividend: bigint, divisor: bigint): number {
  const isNegative = dividend < 0n !== divisor < 0n;
  const a = dividend < 0n ? -dividend : dividend;
  const b = divisor < 0n ? -divisor : divisor;
  const quotient = Number((a * 2n + b) / (b * 2n));
  return isNegative ? -quotient : quotient;
}

/** a × b ÷ c, rounded half away from zero; exact for any safe operands. */
export function mulDiv(a: number, b: number, c: number): number {
  const product = a * b;
  if (isSafe(product)) {
    const quotient = product / c;
    if (isSafe(quotient)) return quotient === 0 ? 0 : quotient;
  }
  const rounded = divideRounded(BigInt(a) * BigInt(b), BigInt(c));
  return rounded === 0 ? 0 : rounded;
}

/** What a signed size is worth at a price, in the instrument's currency, multiplier included. */
export function valueOf(i: Instrument, price: Micros, size: Size): Micros {
  const direct = price * i.multiplier * (size / UNIT);
  if (size % UNIT === 0 && isSafe(i.multiplier) && isSafe(direct)) return direct === 0 ? 0 : direct;
  const multiplier = BigInt(Math.round(i.multiplier * MICROS));
  const rounded = divideRounded(BigInt(price) * BigInt(size) * multiplier, 1_000_000_000_000n);
  return rounded === 0 ? 0 : rounded;
}

/** Size as decimal text: `10`, `0.25`. */
export const sizeText = (size: Size): string => formatMicros(size);

/** Size as a number for JSON: whole where it is whole. */
export const sizeNumber = (size: Size): number => size / UNIT;
