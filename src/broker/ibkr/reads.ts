import { GatewayError } from '../../domain/errors.ts';
import type { AccountId, ConId } from '../../domain/ids.ts';
import type { Contract, ContractDetails } from '../../domain/instrument/contract.ts';
import type { Quote } from '../../domain/instrument/quote.ts';
import type { BrokerReads } from '../port.ts';
import type { BrokerParts } from './broker-parts.ts';
import { readCompletedOrders } from './completed-orders.ts';
import { gatherFacts, type FactSources } from './facts.ts';
import { ibContract } from './ib-order.ts';

/** The read half of the port over the parts. */
export function readsOf(parts: BrokerParts): BrokerReads {
  const { book, accounts, contracts, marketData, link, timing } = parts;
  const detailsOf = async (conId: ConId): Promise<ContractDetails> => {
    const [details] = await contracts.resolve({ conId });
    if (details === undefined) {
      throw new GatewayError('INSTRUMENT_UNKNOWN', 'IBKR knows no such contract');
    }
    return details;
  };
  const quoteOf = (contract: Contract): Promise<Quote> =>
    marketData.quote({ ...ibContract(contract), conId: contract.conId });
  const requireServed = (account: AccountId): void => {
    const { write } = parts;
    if (write.isReady && !write.accounts.includes(account)) {
      throw new GatewayError('ACCOUNT_UNKNOWN', 'TWS does not serve that account');
    }
  };
  const sources: FactSources = {
    clock: parts.clock,
    marketTime: parts.marketTime,
    details: (terms) => detailsOf(terms.conId),
    quote: (_terms, details) => quoteOf(details.contract),
    portfolio: (terms) => accounts.portfolio(terms.account),
    workingOrders: (terms) => book.readWarm(terms.account, timing.bookMaxAgeMs),
    fx: parts.fx,
    whatIf: (terms, details) => parts.whatIf(terms, details.contract),
    link: link.state,
    onFault: parts.onFault,
  };
  return {
    accounts: () =>
      parts.write.accounts.length > 0
        ? Promise.resolve(parts.write.accounts as readonly AccountId[])
        : Promise.reject(new GatewayError('BROKER_UNAVAILABLE', 'TWS has not named its accounts')),
    link: () => Promise.resolve(link.state()),
    portfolio: (account) => accounts.portfolio(account),
    workingOrders: async (account) => {
      requireServed(account);
      return await book.read(account);
    },
    quote: async (conId) => await quoteOf((await detailsOf(conId)).contract),
    snapshot: async (conId, { fresh }) => {
      const { contract } = await detailsOf(conId);
      return await marketData.snapshot({ ...ibContract(contract), conId }, fresh);
    },
    bars: async (request) => {
      const details = await detailsOf(request.conId);
      return await parts.history.bars(details, ibContract(details.contract), request);
    },
    optionChains: async (conId) => await contracts.optionChains((await detailsOf(conId)).contract),
    executions: async (query) => {
      requireServed(query.account);
      return await parts.executions.read(query);
    },
    completedOrders: async (account) => {
      requireServed(account);
      return await readCompletedOrders(parts.channel, timing.readDeadlineMs, account);
    },
    statistics: () => {
      const quotes = marketData.statistics();
      const bars = parts.history.statistics();
      const caches = [...contracts.statistics(), quotes.cache, bars.cache];
      return Promise.resolve({ caches, lines: quotes.lines, history: bars.history });
    },
    resolve: contracts.resolve,
    search: contracts.search,
    facts: (terms) => gatherFacts(sources, terms),
  };
}
