import { z } from 'zod';
import { GatewayError } from '../../domain/errors.ts';
import {
  isOrderable,
  orderableSecTypes,
  type ContractDetails,
} from '../../domain/instrument/contract.ts';
import {
  checkDerivative,
  derivativeFields,
  instrumentFields,
  InstrumentQuery,
  nameOfQuery,
} from '../../domain/instrument/instrument-query.ts';
import type { OperationContext } from '../operation.ts';
import { showContract } from './shapes.ts';

/** How many of the contracts that fit are told when none of them is meant for sure. */
export const mostAlternatives = 5;

const f = instrumentFields;
/** The ways to name an instrument: exactly one of them is given. */
const names = ['conId', 'symbol', 'localSymbol', 'isin'] as const;
const narrowings = ['secType', 'currency', 'exchange', ...derivativeFields] as const;

/**
 * The fields by which a caller names an instrument where they are the whole input or stand beside others: flat,
 * because many MCP clients refuse a union at the top level.
 */
export const instrumentInput = {
  conId: f.conId.optional(),
  symbol: f.symbol.optional(),
  localSymbol: f.localSymbol.optional(),
  isin: f.isin.optional(),
  secType: f.secType.optional(),
  currency: f.currency.optional(),
  exchange: f.exchange.optional(),
  expiry: f.expiry.optional(),
  strike: f.strike.optional(),
  right: f.right.optional(),
  multiplier: f.multiplier.optional(),
  tradingClass: f.tradingClass.optional(),
};
type Flat = z.output<z.ZodObject<typeof instrumentInput>>;

/** Exactly one name, and beside it only what goes with that name. */
export function checkInstrument(
  input: { readonly [Name in keyof Flat]?: Flat[Name] },
  context: z.RefinementCtx,
): void {
  const given = names.filter((name) => input[name] !== undefined);
  const refuse = (path: string, message: string): void => {
    context.addIssue({ code: 'custom', path: [path], message });
  };
  if (given.length !== 1) {
    refuse(given[1] ?? 'symbol', `give exactly one of ${names.join(', ')}`);
    return;
  }
  const [name] = given;
  if (name === 'symbol') {
    checkDerivative(input, context);
    return;
  }
  const tooMuch = narrowings.filter((field) => input[field] !== undefined);
  const foreign = name === 'conId' ? tooMuch : tooMuch.filter((field) => isDerivative(field));
  for (const field of foreign) refuse(field, `leave it out: ${name ?? ''} says it already`);
}

function isDerivative(field: string): boolean {
  return (derivativeFields as readonly string[]).includes(field);
}

/** An instrument as the whole input. */
export const InstrumentInput = z.strictObject(instrumentInput).superRefine(checkInstrument);

/** The port's query of a checked flat input; other fields of the input are not looked at. */
export function instrumentQuery(input: {
  readonly [Name in keyof Flat]?: Flat[Name];
}): InstrumentQuery {
  const fields = [...names, ...narrowings].flatMap((name) =>
    input[name] === undefined ? [] : [[name, input[name]] as const],
  );
  return InstrumentQuery.parse(Object.fromEntries(fields));
}

/** Where the name of the instrument stands in a flat input. */
export function pointerOf(query: InstrumentQuery): string {
  return `/${names.find((name) => name in query) ?? ''}`;
}

/**
 * The one contract that is meant; never a guess. Throws `INSTRUMENT_UNKNOWN` or `INSTRUMENT_AMBIGUOUS` with at most
 * five alternatives. `pointer` is where the query stands in the caller's input.
 */
export async function resolveOne(
  context: OperationContext,
  query: InstrumentQuery,
  pointer: string = pointerOf(query),
): Promise<ContractDetails> {
  const found = await context.broker.resolve(query);
  const [first, ...others] = found;
  if (first === undefined) throw unknownInstrument(query, pointer);
  if (others.length === 0) return first;
  throw new GatewayError(
    'INSTRUMENT_AMBIGUOUS',
    `${found.length} contracts fit ${nameOfQuery(query)}.`,
    {
      hint: 'Choose one of details.alternatives and name it by its conId.',
      problems: [{ pointer, message: 'fits several contracts' }],
      details: {
        alternatives: found.slice(0, mostAlternatives).map((one) => showContract(one.contract)),
      },
    },
  );
}

/** `INSTRUMENT_UNKNOWN` for a query. */
export function unknownInstrument(query: InstrumentQuery, pointer: string): GatewayError {
  const text = `IBKR knows no contract for ${nameOfQuery(query)}.`;
  return new GatewayError('INSTRUMENT_UNKNOWN', text, {
    hint: 'Find it with instrument_search, then use its conId.',
    problems: [{ pointer, message: 'no such contract' }],
  });
}

/** Refuses to go on with an instrument that can be looked at but not ordered. Throws `VALIDATION` that names the type. */
export function requireOrderable({ contract }: ContractDetails, pointer: string): void {
  const { secType, symbol } = contract;
  if (isOrderable(secType)) return;
  const can = orderableSecTypes.join(', ');
  throw new GatewayError('VALIDATION', `${symbol} is a ${secType}: only ${can} can be ordered.`, {
    hint: `Orders in ${secType} are not supported; nothing was recorded. ETFs count as STK.`,
    problems: [{ pointer, message: `security type ${secType} cannot be ordered` }],
    details: { secType, orderable: [...orderableSecTypes] },
  });
}
