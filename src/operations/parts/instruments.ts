import { z } from 'zod';
import { GatewayError } from '../../domain/errors.ts';
import type { ContractDetails } from '../../domain/instrument/contract.ts';
import { secTypes } from '../../domain/instrument/contract.ts';
import type { InstrumentQuery } from '../../domain/instrument/instrument-query.ts';
import type { OperationContext } from '../operation.ts';
import { showContract } from './shapes.ts';

const capitals = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^[A-Z0-9 .\-/]+$/, 'capital letters, digits, blank . - / only');

/**
 * How a caller names an instrument where it is the whole input: flat, because many MCP clients refuse a union at the
 * top level. Exactly one of conId and symbol.
 */
export const InstrumentInput = z
  .strictObject({
    conId: z
      .int()
      .positive()
      .max(2_147_483_647)
      .optional()
      .describe('IBKR contract id: exact. Give either conId or symbol'),
    symbol: capitals(32).optional().describe('Exchange symbol in capitals, e.g. AAPL'),
    secType: z.enum(secTypes).optional().describe('IBKR security type, STK if left out'),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, 'three capital letters')
      .optional()
      .describe('ISO 4217 code; narrows an ambiguous symbol'),
    exchange: capitals(16).optional().describe('Primary exchange, e.g. NASDAQ; narrows a symbol'),
  })
  .superRefine((input, context) => {
    if ((input.conId === undefined) === (input.symbol === undefined)) {
      context.addIssue({
        code: 'custom',
        path: [input.conId === undefined ? 'symbol' : 'conId'],
        message: 'give either conId or symbol, not both',
      });
    }
    const narrowed = [input.secType, input.currency, input.exchange].some((v) => v !== undefined);
    if (input.conId !== undefined && narrowed) {
      context.addIssue({
        code: 'custom',
        path: ['conId'],
        message: 'a conId is exact: leave secType, currency and exchange out',
      });
    }
  });

/** The port's query of a flat input. */
export function instrumentQuery(input: z.output<typeof InstrumentInput>): InstrumentQuery {
  if (input.symbol === undefined) return { conId: input.conId ?? 0 };
  return {
    symbol: input.symbol,
    secType: input.secType ?? 'STK',
    ...(input.currency === undefined ? {} : { currency: input.currency }),
    ...(input.exchange === undefined ? {} : { exchange: input.exchange }),
  };
}

/**
 * The one contract that is meant; never a guess. Throws `INSTRUMENT_UNKNOWN` or `INSTRUMENT_AMBIGUOUS` with the
 * alternatives. `pointer` is where the query stands in the caller's input.
 */
export async function resolveOne(
  context: OperationContext,
  query: InstrumentQuery,
  pointer: string,
): Promise<ContractDetails> {
  const found = await context.broker.resolve(query);
  const [first, ...others] = found;
  const asked = 'conId' in query ? `conId ${query.conId}` : `symbol ${query.symbol}`;
  if (first === undefined) {
    throw new GatewayError('INSTRUMENT_UNKNOWN', `IBKR knows no contract for ${asked}.`, {
      hint: 'Find it with instrument_search, then use its conId.',
      problems: [{ pointer, message: 'no such contract' }],
    });
  }
  if (others.length === 0) return first;
  throw new GatewayError('INSTRUMENT_AMBIGUOUS', `${found.length} contracts fit ${asked}.`, {
    hint: 'Choose one of details.alternatives and name it by its conId.',
    problems: [{ pointer, message: 'fits several contracts' }],
    details: { alternatives: found.slice(0, 16).map((one) => showContract(one.contract)) },
  });
}
