import { z } from 'zod';
import { secTypes } from './contract.ts';

const upperText = (max: number, what: string) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^[A-Z0-9 .\-/]+$/, `${what}: capital letters, digits, blank . - / only`);

/**
 * How a caller names an instrument: by conId (exact) or by symbol with as much as is known. A symbol that
 * fits several contracts is answered with the alternatives, never with a guess.
 */
export const InstrumentQuery = z.union([
  z.strictObject({ conId: z.int().positive().max(2_147_483_647).describe('IBKR contract id') }),
  z.strictObject({
    symbol: upperText(32, 'symbol').describe('Exchange symbol, e.g. AAPL'),
    secType: z.enum(secTypes).default('STK').describe('IBKR security type'),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/)
      .optional()
      .describe('ISO 4217 code; narrows an ambiguous symbol'),
    exchange: upperText(16, 'exchange').optional().describe('Primary exchange, e.g. NASDAQ'),
  }),
]);
export type InstrumentQuery = z.infer<typeof InstrumentQuery>;
