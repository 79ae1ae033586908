import { z } from 'zod';
import { positiveDecimal } from '../money/positive-decimal.ts';
import { optionRights, orderableSecTypes, secTypes } from './contract.ts';

/** ASCII only, looked at before blanks are cut: what looks like a symbol and is none is refused, never cleaned. */
const capitals = (max: number, what: string) =>
  z
    .string()
    .regex(/^[A-Z0-9 .\-/]+$/, `${what}: capital letters, digits, blank . - / only`)
    .trim()
    .min(1)
    .max(max);

/** The fields by which an instrument can be named, each once: queries are made of them. */
export const instrumentFields = {
  conId: z.int().positive().max(2_147_483_647).describe('IBKR contract id: exact'),
  symbol: capitals(32, 'symbol').describe(
    'Exchange symbol in capitals, e.g. AAPL; EUR for EUR.USD',
  ),
  localSymbol: capitals(40, 'localSymbol').describe(
    "The exchange's own name of the contract, e.g. ESZ6, EUR.USD or an OCC option symbol",
  ),
  isin: z
    .string()
    .regex(/^[A-Z]{2}[A-Z0-9]{9}\d$/, 'an ISIN is two letters, nine letters or digits, one digit')
    .describe('ISIN, e.g. US0378331005'),
  secType: z.enum(secTypes).describe('IBKR security type, STK if left out; an ETF is a STK'),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'three capital letters')
    .describe('ISO 4217 code; narrows an ambiguous symbol'),
  exchange: capitals(16, 'exchange').describe(
    'Primary exchange of a stock (NASDAQ), market of a future (CME); narrows a symbol',
  ),
  expiry: z
    .string()
    .regex(/^\d{6}(\d{2})?$/, 'yyyymmdd or yyyymm')
    .describe('Options and futures: last trading day yyyymmdd, or month yyyymm'),
  strike: positiveDecimal('strike').describe('Options: strike price, e.g. "190"'),
  right: z.enum(optionRights).describe('Options: C call, P put'),
  multiplier: positiveDecimal('multiplier').describe('Options and futures, e.g. "100"'),
  tradingClass: capitals(20, 'tradingClass').describe('Options and futures, e.g. SPXW'),
} as const;

const f = instrumentFields;
const narrowing = { currency: f.currency.optional(), exchange: f.exchange.optional() };

/** Fields that only options and futures have. */
export const derivativeFields = [
  'expiry',
  'strike',
  'right',
  'multiplier',
  'tradingClass',
] as const;

type Derivative = { readonly secType?: string | undefined } & {
  readonly [Field in (typeof derivativeFields)[number]]?: string | undefined;
};

/** Refuses fields that the security type does not have, and an option without its expiry (it would be a whole chain). */
export function checkDerivative(query: Derivative, context: z.RefinementCtx): void {
  const { secType = 'STK' } = query;
  const only = secType === 'FUT' ? ['strike', 'right'] : secType === 'OPT' ? [] : derivativeFields;
  for (const field of derivativeFields) {
    if (query[field] === undefined || !(only as readonly string[]).includes(field)) continue;
    const message = `a ${secType} has no ${field}: set secType to the kind that is meant`;
    context.addIssue({ code: 'custom', path: [field], message });
  }
  if (secType !== 'OPT' || query.expiry !== undefined) return;
  const message = 'an option needs its expiry: the chain of its underlying lists them';
  context.addIssue({ code: 'custom', path: ['expiry'], message });
}

/** The ways to name an instrument whose kind is one that the schema takes. */
const namedBy = <S extends z.ZodType<string | undefined>>(secType: S) =>
  z.union([
    z.strictObject({ conId: f.conId }),
    z
      .strictObject({
        symbol: f.symbol,
        secType,
        ...narrowing,
        expiry: f.expiry.optional(),
        strike: f.strike.optional(),
        right: f.right.optional(),
        multiplier: f.multiplier.optional(),
        tradingClass: f.tradingClass.optional(),
      })
      .superRefine(checkDerivative),
    z.strictObject({ localSymbol: f.localSymbol, secType, ...narrowing }),
    z.strictObject({ isin: f.isin, secType, ...narrowing }),
  ]);

/**
 * How a caller names an instrument: by conId (exact), by ISIN, by the exchange's own name, or by symbol with as much
 * as is known. What fits several contracts is answered with the alternatives, never with a guess.
 */
export const InstrumentQuery = namedBy(f.secType.default('STK'));
export type InstrumentQuery = z.infer<typeof InstrumentQuery>;

/**
 * How an order names its instrument: as a query, but only in the kinds that can be ordered. A conId may still turn out
 * to be of another kind; that is refused when it is resolved.
 */
export const OrderedInstrument = namedBy(
  z
    .enum(orderableSecTypes, { error: `only ${orderableSecTypes.join(', ')} can be ordered` })
    .default('STK')
    .describe('The kinds that can be ordered; an ETF is a STK'),
);

/** The query in words of ours, e.g. `symbol AAPL`. */
export function nameOfQuery(query: InstrumentQuery): string {
  if ('conId' in query) return `conId ${query.conId}`;
  if ('isin' in query) return `ISIN ${query.isin}`;
  if ('localSymbol' in query) return `${query.secType} ${query.localSymbol}`;
  const terms = [query.expiry, query.strike, query.right].filter((term) => term !== undefined);
  const kind = query.secType === 'STK' ? 'symbol' : query.secType;
  return [kind, query.symbol, ...terms].join(' ');
}
