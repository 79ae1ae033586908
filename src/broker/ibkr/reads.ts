import { GatewayError } from '../../domain/errors.ts';
import type { AccountId, ConId } from '../../domain/ids.ts';
import type { Contract, ContractDetails } from '../../domain/instrument/contract.ts';
import type { Quote } from '../../domain/instrument/quote.ts';
import type { BrokerReads, ReadStatistics } from '../port.ts';
import type { BrokerParts } from './broker-parts.ts';
import { readCompletedOrders } from './completed-orders.ts';
import { gatherFacts, type FactSources } from './facts.ts';
import { ibContract } from './ib-order.ts';

/** The read half of the port over the parts. */
export function readsOf(parts: BrokerParts): BrokerReads {
  const { link } = parts;
  const asked = askedOf(parts);
  return {
    accounts: () =>
      parts.write.accounts.length > 0
        ? Promise.resolve(parts.write.accounts as readonly AccountId[])
        : Promise.reject(new GatewayError('BROKER_UNAVAILABLE', 'TWS has not named its accounts')),
    link: () => Promise.resolve(link.state()),
    marketTime: parts.marketTime,
    ...accountReads(parts),
    ...marketReads(parts, asked),
    statistics: () => Promise.resolve(statisticsOf(parts)),
    facts: (terms) => gatherFacts(factSources(parts, asked), terms),
  };
}

/** Caches, lines and pacing as they are now. */
export function statisticsOf({ contracts, marketData, history }: BrokerParts): ReadStatistics {
  const quotes = marketData.statistics();
  const bars = history.statistics();
  return {
    caches: [...contracts.statistics(), quotes.cache, bars.cache],
    lines: quotes.lines,
    history: bars.history,
  };
}

type Asked = {
  readonly detailsOf: (conId: ConId) => Promise<ContractDetails>;
  readonly quoteOf: (contract: Contract) => Promise<Quote>;
};

function askedOf({ instruments, marketData }: BrokerParts): Asked {
  return {
    detailsOf: async (conId) => (await instruments.details(conId)).value,
    quoteOf: (contract) => marketData.quote({ ...ibContract(contract), conId: contract.conId }),
  };
}

function accountReads(parts: BrokerParts) {
  const { write, book, accounts, executions, channel, timing } = parts;
  const requireServed = (account: AccountId): void => {
    if (write.isReady && !write.accounts.includes(account)) {
      throw new GatewayError('ACCOUNT_UNKNOWN', 'TWS does not serve that account');
    }
  };
  return {
    portfolio: (account) => accounts.portfolio(account),
    workingOrders: async (account) => {
      requireServed(account);
      return await book.read(account);
    },
    executions: async (query) => {
      requireServed(query.account);
      return await executions.read(query);
    },
    completedOrders: async (account) => {
      requireServed(account);
      return await readCompletedOrders(channel, timing.readDeadlineMs, account);
    },
  } satisfies Partial<BrokerReads>;
}

function marketReads(parts: BrokerParts, { detailsOf, quoteOf }: Asked) {
  const { contracts, marketData, history } = parts;
  return {
    quote: async (conId) => await quoteOf((await detailsOf(conId)).contract),
    snapshot: async (conId, { fresh }) => {
      const { contract } = await detailsOf(conId);
      return await marketData.snapshot({ ...ibContract(contract), conId }, fresh);
    },
    bars: async (request) => {
      const details = await detailsOf(request.conId);
      return await history.bars(details, ibContract(details.contract), request);
    },
    optionChains: async (conId) => await contracts.optionChains((await detailsOf(conId)).contract),
    resolve: contracts.resolve,
    search: contracts.search,
  } satisfies Partial<BrokerReads>;
}

function factSources(parts: BrokerParts, { quoteOf }: Asked): FactSources {
  const { book, accounts, timing, instruments, marketData, dailyBars } = parts;
  return {
    clock: parts.clock,
    marketTime: parts.marketTime,
    details: (conId) => instruments.details(conId),
    quote: quoteOf,
    portfolio: (account) => accounts.portfolio(account),
    workingOrders: (account) => book.readWarm(account, timing.bookMaxAgeMs),
    fx: parts.fx,
    whatIf: parts.whatIf,
    link: parts.link.state,
    look: (contract) => instruments.look(contract),
    implied: (contract) => marketData.implied(contract.conId),
    statistics: { bars: dailyBars, details: (conId) => instruments.detailsOfHeld(conId) },
    waitMs: timing.factWaitMs,
    onCounted: (conIds) => {
      instruments.want(conIds);
    },
    onFault: parts.onFault,
  };
}
