import { GatewayError } from '../../domain/errors.ts';
import type { Contract, ContractDetails, SecType } from '../../domain/instrument/contract.ts';
import { InstrumentQuery } from '../../domain/instrument/instrument-query.ts';
import { ranked, surelyMeant, worthTelling } from '../../domain/instrument/match-score.ts';
import type { OperationContext } from '../operation.ts';
import { mostAlternatives, unknownInstrument } from './instruments.ts';
import { showContract } from './shapes.ts';

/** Instruments by words: searching, and resolving where nothing fits exactly. The score is that of `match-score.ts`. */

export type Filter = {
  readonly secType?: SecType | undefined;
  readonly currency?: string | undefined;
  readonly exchange?: string | undefined;
};

export type Scored = { readonly contract: Contract; readonly score: number };

/** Kinds that IBKR's text search does not list: they are looked for by their exact symbol or name beside it. */
const unlisted: ReadonlySet<SecType> = new Set(['FUT', 'CASH', 'CRYPTO', 'BOND', 'IND']);

/** Best first, each contract once. Empty = nothing fits. */
export async function searchScored(
  context: OperationContext,
  pattern: string,
  filter: Filter,
): Promise<readonly Scored[]> {
  const [listed, named] = await Promise.all([
    context.broker.search(pattern),
    byExactName(context, pattern, filter),
  ]);
  const unique = new Map([...named, ...listed].map((contract) => [contract.conId, contract]));
  return ranked(
    pattern,
    [...unique.values()].filter((contract) => passes(contract, filter)),
  );
}

async function byExactName(
  context: OperationContext,
  pattern: string,
  { secType, currency, exchange }: Filter,
): Promise<readonly Contract[]> {
  if (secType === undefined || !unlisted.has(secType)) return [];
  const more = {
    secType,
    ...(currency === undefined ? {} : { currency }),
    ...(exchange === undefined ? {} : { exchange }),
  };
  const name = pattern.toUpperCase();
  const queries = [
    { symbol: name, ...more },
    { localSymbol: name, ...more },
  ]
    .map((query) => InstrumentQuery.safeParse(query))
    .flatMap((parsed) => (parsed.success ? [parsed.data] : []));
  const found = await Promise.all(queries.map((query) => context.broker.resolve(query)));
  return found.flat().map((details) => details.contract);
}

function passes(contract: Contract, { secType, currency, exchange }: Filter): boolean {
  return (
    (secType === undefined || contract.secType === secType) &&
    (currency === undefined || contract.currency === currency) &&
    (exchange === undefined || [contract.primaryExchange, contract.exchange].includes(exchange))
  );
}

/**
 * The one contract that the words mean for sure. Throws `INSTRUMENT_AMBIGUOUS` with at most five scored alternatives
 * where several do or none does but some come near, `INSTRUMENT_UNKNOWN` where nothing comes near.
 */
export async function resolveByWords(
  context: OperationContext,
  words: string,
  filter: Filter,
  query: InstrumentQuery | null,
  pointer: string,
): Promise<{ readonly details: ContractDetails; readonly score: number }> {
  const scored = await searchScored(context, words, filter);
  const sure = scored.filter(({ score }) => score >= surelyMeant);
  const [only, ...rivals] = sure;
  if (only !== undefined && rivals.length === 0) {
    const [details] = await context.broker.resolve({ conId: only.contract.conId });
    if (details !== undefined) return { details, score: only.score };
  }
  const near = (sure.length > 0 ? sure : scored).filter(({ score }) => score >= worthTelling);
  if (near.length === 0) {
    if (query !== null) throw unknownInstrument(query, pointer);
    throw new GatewayError('INSTRUMENT_UNKNOWN', 'IBKR knows no contract of that name.', {
      hint: 'Find it with instrument_search, then use its conId.',
      problems: [{ pointer, message: 'no such contract' }],
    });
  }
  throw ambiguous(near, pointer);
}

/** `INSTRUMENT_AMBIGUOUS` with scored alternatives. */
export function ambiguous(near: readonly Scored[], pointer: string): GatewayError {
  return new GatewayError('INSTRUMENT_AMBIGUOUS', 'It is not certain which contract is meant.', {
    hint: 'Choose one of details.alternatives and name it by its conId.',
    problems: [{ pointer, message: 'is not certain to mean one contract' }],
    details: {
      alternatives: near
        .slice(0, mostAlternatives)
        .map(({ contract, score }) => ({ ...showContract(contract), score })),
    },
  });
}
