import type { DecimalText } from './decimal.ts';

/** ISO 4217 code, upper case. */
export type Currency = string & { readonly __brand: 'Currency' };

/** An amount in one currency. Amounts of different currencies are never added without a rate. */
export type Money = { readonly amount: DecimalText; readonly currency: Currency };
