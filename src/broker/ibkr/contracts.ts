import {
  SecType,
  type Contract as IbContract,
  type ContractDetails as IbDetails,
} from '@stoqey/ib';
import type { ConId } from '../../domain/ids.ts';
import {
  secTypes,
  type Contract,
  type ContractDetails,
  type PriceIncrement,
} from '../../domain/instrument/contract.ts';
import type { InstrumentQuery } from '../../domain/instrument/instrument-query.ts';
import { decimalText } from '../../domain/money/decimal.ts';
import type { Currency } from '../../domain/money/money.ts';
import { ask, type Asking } from './ask.ts';
import { fromWire } from './numbers.ts';
import { plainRecord, plainText } from './plain-text.ts';

/**
 * What IBKR says an instrument is: exact resolution, text search, price ladders. Details are kept for some hours,
 * because they change daily at most; an answer is never widened or guessed.
 */
export type Contracts = {
  readonly resolve: (query: InstrumentQuery) => Promise<readonly ContractDetails[]>;
  readonly search: (pattern: string) => Promise<readonly Contract[]>;
};

export type ContractTiming = {
  readonly deadlineMs: number;
  readonly keepMs: number;
  /** IBKR answers about one symbol search a second. */
  readonly searchEveryMs: number;
};

const NO_SUCH_CONTRACT = 200;
const MOST_SAMPLES = 16;

export function createContracts(asking: Asking, timing: ContractTiming): Contracts {
  const { clock } = asking;
  const details = createCache<readonly ContractDetails[]>(asking, timing.keepMs);
  const rules = createCache<readonly PriceIncrement[]>(asking, timing.keepMs);
  let searchTurn: Promise<unknown> = Promise.resolve();
  let searchedAtMs = Number.NEGATIVE_INFINITY;

  const marketRule = (ruleId: number): Promise<readonly PriceIncrement[]> =>
    rules(String(ruleId), () => askMarketRule(asking, timing.deadlineMs, ruleId));
  const complete = async (row: IbDetails): Promise<ContractDetails> =>
    detailsOf(row, await incrementsOf(row, marketRule));

  const search = async (pattern: string): Promise<readonly Contract[]> => {
    const waitMs = searchedAtMs + timing.searchEveryMs - clock.monotonicMs();
    if (waitMs > 0) {
      await new Promise<void>((resolve) => {
        clock.after(waitMs, resolve);
      });
    }
    searchedAtMs = clock.monotonicMs();
    return await askSamples(asking, timing.deadlineMs, pattern);
  };
  return {
    resolve: (query) => {
      plainRecord(query);
      return details(JSON.stringify(query), async () => {
        const rows = await askDetails(asking, timing.deadlineMs, questionOf(query));
        const fitting = rows.filter((row) => fits(row, query));
        const unique = new Map(fitting.map((row) => [row.contract.conId ?? 0, row]));
        const all = await Promise.all([...unique.values()].map(complete));
        return all.sort((a, b) => a.contract.conId - b.contract.conId);
      });
    },
    search: (pattern) => {
      plainText(pattern, 'pattern');
      const mine = searchTurn.then(
        () => search(pattern),
        () => search(pattern),
      );
      searchTurn = mine.catch(() => undefined);
      return mine;
    },
  };
}

/** Keeps what was found; a question that is under way is shared, a failure or an empty answer is not kept. */
function createCache<T extends readonly unknown[]>(asking: Asking, keepMs: number) {
  const kept = new Map<string, { readonly atMs: number; readonly value: Promise<T> }>();
  return (key: string, find: () => Promise<T>): Promise<T> => {
    const now = asking.clock.monotonicMs();
    const hit = kept.get(key);
    if (hit !== undefined && now - hit.atMs <= keepMs) return hit.value;
    const value = find();
    const entry = { atMs: now, value };
    kept.set(key, entry);
    const drop = (): void => {
      if (kept.get(key) === entry) kept.delete(key);
    };
    value.then((found) => {
      if (found.length === 0) drop();
    }, drop);
    return value;
  };
}

function questionOf(query: InstrumentQuery): IbContract {
  if ('conId' in query) return { conId: query.conId };
  return {
    symbol: query.symbol,
    secType: SecType[query.secType],
    exchange: 'SMART',
    ...(query.currency === undefined ? {} : { currency: query.currency }),
    ...(query.exchange === undefined ? {} : { primaryExch: query.exchange }),
  };
}

/** Whether IBKR's row is exactly what was asked for; IBKR itself also answers with near matches. */
function fits(row: IbDetails, query: InstrumentQuery): boolean {
  const { conId, symbol, secType, currency, exchange, primaryExch } = row.contract;
  if (!(secTypes as readonly string[]).includes(secType ?? '')) return false;
  if ('conId' in query) return conId === query.conId;
  return (
    symbol === query.symbol &&
    (secType as string) === query.secType &&
    (query.currency === undefined || currency === query.currency) &&
    (query.exchange === undefined || [primaryExch, exchange].includes(query.exchange))
  );
}

function askDetails(
  asking: Asking,
  deadlineMs: number,
  contract: IbContract,
): Promise<readonly IbDetails[]> {
  const rows: IbDetails[] = [];
  return ask<readonly IbDetails[]>(asking, {
    what: 'contract details',
    deadlineMs,
    send: (api, id) => api.reqContractDetails(id, contract),
    listen: (reply, id) => ({
      contractDetails: (rowId, row) => {
        if (rowId === id) rows.push(row);
      },
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
          contract === undefined ? [] : contractOf(contract, contract.description ?? ''),
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
  const exchanges = (row.validExchanges ?? '').split(',');
  const ids = (row.marketRuleIds ?? '').split(',');
  const index = exchanges.indexOf(row.contract.exchange ?? '');
  const ruleId = Number(ids[Math.max(index, 0)] ?? '');
  const isNamed = Number.isInteger(ruleId) && ruleId > 0;
  const ladder = isNamed ? await marketRule(ruleId) : [];
  if (ladder.length > 0) return ladder;
  return [{ lowEdge: decimalText('0'), increment: fromWire(row.minTick) ?? decimalText('0.01') }];
}

function contractOf(contract: IbContract, longName: string): Contract[] {
  const secType = secTypes.find((known) => known === (contract.secType as string | undefined));
  if (secType === undefined || contract.conId === undefined) return [];
  return [
    {
      conId: contract.conId as ConId,
      symbol: contract.symbol ?? '',
      secType,
      exchange: textOr(contract.exchange, 'SMART'),
      primaryExchange: contract.primaryExch ?? '',
      currency: (contract.currency ?? '') as Currency,
      longName,
    },
  ];
}

function textOr(text: string | undefined, fallback: string): string {
  return text === undefined || text === '' ? fallback : text;
}

function detailsOf(row: IbDetails, priceIncrements: readonly PriceIncrement[]): ContractDetails {
  const [contract] = contractOf(row.contract, row.longName ?? '');
  if (contract === undefined) throw new Error('a contract row that was not filtered');
  return {
    contract,
    stockType: row.stockType ?? '',
    industry: row.industry ?? '',
    category: row.category ?? '',
    priceIncrements,
    minSize: fromWire(row.minSize) ?? decimalText('1'),
    sizeIncrement: fromWire(row.sizeIncrement) ?? decimalText('1'),
    timeZone: timeZoneOf(row.timeZoneId ?? ''),
    liquidHours: row.liquidHours ?? '',
    tradingHours: row.tradingHours ?? '',
  };
}

/** Old TWS versions name zones like `EST (Eastern Standard Time)`; newer ones use IANA names. */
const zones: Readonly<Record<string, string>> = {
  EST: 'America/New_York',
  EST5EDT: 'America/New_York',
  CST: 'America/Chicago',
  CST6CDT: 'America/Chicago',
  MET: 'Europe/Berlin',
  JST: 'Asia/Tokyo',
};

function timeZoneOf(text: string): string {
  const name = text.split(' ')[0] ?? '';
  return zones[name] ?? name;
}
