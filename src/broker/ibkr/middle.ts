import type { Quote } from '../../domain/instrument/quote.ts';
import { fixed, Fixed } from '../../domain/money/fixed.ts';
import type { DecimalText } from '../../domain/money/decimal.ts';

const two = new Fixed(2, 0);

/** The middle of both sides, exact; where one is not quoted the last trade; else null. */
export function middleOrLast({ bid, ask, last }: Quote): DecimalText | null {
  if (bid === null || ask === null) return last;
  const sum = fixed(bid).plus(fixed(ask));
  return sum.dividedBy(two, sum.scale + 1, 'half-up').text();
}
