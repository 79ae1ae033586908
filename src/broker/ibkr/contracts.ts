import type { Contract as IbContract, ContractDetails as IbDetails } from '@stoqey/ib';
import { GatewayError } from '../../domain/errors.ts';
import type {
  Contract,
  ContractDetails,
  PriceIncrement,
} from '../../domain/instrument/contract.ts';
import type { InstrumentQuery } from '../../domain/instrument/instrument-query.ts';
import type { OptionChain } from '../../domain/instrument/option-chain.ts';
import { decimalText } from '../../domain/money/decimal.ts';
import type { CacheStatistics } from '../port.ts';
import { AnswerCache, type Kept } from './answer-cache.ts';
import { ask, type Asking } from './ask.ts';
import { fits, questionOf } from './contract-question.ts';
import { contractOf, detailsOf, venuesOf } from './contract-rows.ts';
import { fromWire, priceFromWire } from './numbers.ts';
import { askOptionChains } from './option-chains.ts';
import { plainRecord, plainText } from './plain-text.ts';

/**
 * What IBKR says an instrument is: exact resolution, text search, price ladders, option chains. Details are kept for
 * some hours, because they change daily at most; an answer is never widened or guessed.
 */
export type Contracts = {
  readonly resolve: (query: InstrumentQuery) => Promise<readonly ContractDetails[]>;
  /** As `resolve` with the answer's age; asked anew where that is above `maxAgeMs`. */
  readonly resolveKept: (
    query: InstrumentQuery,
    maxAgeMs?: number,
  ) => Promise<Kept<readonly ContractDetails[]>>;
  readonly search: (pattern: string) => Promise<readonly Contract[]>;
  readonly optionChains: (underlying: Contract) => Promise<readonly OptionChain[]>;
  readonly statistics: () => readonly CacheStatistics[];
};

export type ContractTiming = {
  readonly deadlineMs: number;
  readonly keepMs: number;
  /** IBKR answers about one symbol search a second. */
  readonly searchEveryMs: number;
};

const NO_SUCH_CONTRACT = 200;
const MOST_SAMPLES = 16;
/** More rows than that are a question that was too wide; each would cost a look at its price ladder. */
const MOST_ROWS = 500;

export function createContracts(asking: Asking, timing: ContractTiming): Contracts {
  const { clock } = asking;
  const kept = { clock, keepMs: timing.keepMs, mostEntries: 5_000 };
  const isWorthKeeping = (found: readonly unknown[]): boolean => found.length > 0;
  const details = new AnswerCache<readonly ContractDetails[]>({
    name: 'contracts',
    isWorthKeeping,
    ...kept,
  });
  const rules = new AnswerCache<readonly PriceIncrement[]>({
    name: 'market rules',
    isWorthKeeping,
    ...kept,
  });
  const chains = new AnswerCache<readonly OptionChain[]>({
    name: 'option chains',
    isWorthKeeping,
    ...kept,
  });

  const marketRule = async (ruleId: number): Promise<readonly PriceIncrement[]> => {
    const find = () => askMarketRule(asking, timing.deadlineMs, ruleId);
    return (await rules.get(String(ruleId), find)).value;
  };
  const complete = async (row: IbDetails): Promise<ContractDetails> =>
    detailsOf(row, await incrementsOf(row, marketRule));
  const find = async (query: InstrumentQuery): Promise<readonly ContractDetails[]> => {
    const rows = await askDetails(asking, timing.deadlineMs, questionOf(query));
    const fitting = rows.filter((row) => fits(row, query));
    const unique = new Map(fitting.map((row) => [row.contract.conId ?? 0, row]));
    if (unique.size > MOST_ROWS) throw tooWide(unique.size);
    const all = await Promise.all([...unique.values()].map(complete));
    return all.sort((a, b) => a.contract.conId - b.contract.conId);
  };
  const samples = (pattern: string) => askSamples(asking, timing.deadlineMs, pattern);
  const search = inTurn(asking, timing.searchEveryMs, samples);
  // What cannot be asked is refused in the call itself.
  const resolveKept: Contracts['resolveKept'] = (query, maxAgeMs) => {
    plainRecord(query);
    return details.get(JSON.stringify(query), () => find(query), maxAgeMs);
  };
  return {
    resolve: (query) => resolveKept(query).then(({ value }) => value),
    resolveKept,
    search: (pattern) => {
      plainText(pattern, 'pattern');
      return search(pattern);
    },
    optionChains: async (underlying) => {
      const ask = () => askOptionChains(asking, timing.deadlineMs, underlying);
      return (await chains.get(String(underlying.conId), ask)).value;
    },
    statistics: () => [details, rules, chains].map((cache) => cache.statistics()),
  };
}

/** One question after the other, at least `everyMs` from start to start. */
function inTurn<T>(
  { clock }: Asking,
  everyMs: number,
  run: (pattern: string) => Promise<T>,
): (pattern: string) => Promise<T> {
  let turn: Promise<unknown> = Promise.resolve();
  let startedAtMs = Number.NEGATIVE_INFINITY;
  const next = async (pattern: string): Promise<T> => {
    const waitMs = startedAtMs + everyMs - clock.monotonicMs();
    if (waitMs > 0) {
      await new Promise<void>((resolve) => {
        clock.after(waitMs, resolve);
      });
    }
    startedAtMs = clock.monotonicMs();
    return await run(pattern);
  };
  return (pattern) => {
    const mine = turn.then(
      () => next(pattern),
      () => next(pattern),
    );
    turn = mine.catch(() => undefined);
    return mine;
  };
}

function tooWide(rows: number): GatewayError {
  return new GatewayError('VALIDATION', `${rows} contracts fit: say more about the one you mean`);
}

function askDetails(
  asking: Asking,
  deadlineMs: number,
  contract: IbContract,
): Promise<readonly IbDetails[]> {
  const rows: IbDetails[] = [];
  const collect = (id: number) => (rowId: number, row: IbDetails) => {
    if (rowId === id) rows.push(row);
  };
  return ask<readonly IbDetails[]>(asking, {
    what: 'contract details',
    deadlineMs,
    send: (api, id) => api.reqContractDetails(id, contract),
    listen: (reply, id) => ({
      contractDetails: collect(id),
      bondContractDetails: collect(id),
      contractDetailsEnd: (endId) => {
        if (endId === id) reply.resolve(rows);
      },
    }),
    onError: (code, reply) => {
      if (code === NO_SUCH_CONTRACT) reply.resolve([]);
      return code === NO_SUCH_CONTRACT;
    },
  });
}

function askMarketRule(
  asking: Asking,
  deadlineMs: number,
  ruleId: number,
): Promise<readonly PriceIncrement[]> {
  return ask<readonly PriceIncrement[]>(asking, {
    what: `market rule ${ruleId}`,
    deadlineMs,
    send: (api) => api.reqMarketRule(ruleId),
    listen: (reply) => ({
      marketRule: (answeredId, steps) => {
        if (answeredId !== ruleId) return;
        const increments: PriceIncrement[] = [];
        for (const step of steps) {
          const increment = fromWire(step.increment);
          const lowEdge = fromWire(step.lowEdge);
          if (increment !== null && lowEdge !== null) increments.push({ lowEdge, increment });
        }
        reply.resolve(increments.sort((a, b) => Number(a.lowEdge) - Number(b.lowEdge)));
      },
    }),
  });
}

function askSamples(
  asking: Asking,
  deadlineMs: number,
  pattern: string,
): Promise<readonly Contract[]> {
  return ask<readonly Contract[]>(asking, {
    what: 'matching symbols',
    deadlineMs,
    send: (api, id) => api.reqMatchingSymbols(id, pattern),
    listen: (reply, id) => ({
      symbolSamples: (answeredId, samples) => {
        if (answeredId !== id) return;
        const contracts = samples.flatMap(({ contract }) =>
          contract === undefined
            ? []
            : contractOf(contract, { longName: contract.description ?? '' }),
        );
        reply.resolve(contracts.slice(0, MOST_SAMPLES));
      },
    }),
  });
}

/** The ladder of the contract's routing exchange; one step of the minimum tick where IBKR names no rule. */
async function incrementsOf(
  row: IbDetails,
  marketRule: (ruleId: number) => Promise<readonly PriceIncrement[]>,
): Promise<readonly PriceIncrement[]> {
  const venues = venuesOf(row);
  const venue = venues.find(({ exchange }) => exchange === row.contract.exchange) ?? venues[0];
  const ruleId = venue?.marketRuleId ?? null;
  const ladder = ruleId === null ? [] : await marketRule(ruleId);
  if (ladder.length > 0) return ladder;
  const increment = priceFromWire(row.minTick) ?? decimalText('0.01');
  return [{ lowEdge: decimalText('0'), increment }];
}
