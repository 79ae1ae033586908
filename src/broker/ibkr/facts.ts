import type { AccountId, ConId } from '../../domain/ids.ts';
import type { Contract, ContractDetails } from '../../domain/instrument/contract.ts';
import type { Quote } from '../../domain/instrument/quote.ts';
import type { DecimalText } from '../../domain/money/decimal.ts';
import type { OrderTerms } from '../../domain/order/intent.ts';
import type { Portfolio, WorkingOrder } from '../../domain/portfolio/portfolio.ts';
import {
  isKnown,
  type BrokerFacts,
  type Fact,
  type Known,
  type LinkState,
  type WhatIf,
} from '../../domain/risk/facts.ts';
import { instantFromEpochMs, type Instant } from '../../domain/time/instant.ts';
import type { Clock } from './clock.ts';
import { countInstruments, type AskDetails, type Counted } from './counted.ts';
import { gatherRates } from './exchange-rates.ts';
import { settled, type Deadline } from './fact.ts';
import type { Fx } from './fx.ts';
import { gatherInstruments, type Looking } from './instrument-facts.ts';
import { gatherCorrelations, gatherVolatility, gatherVolume } from './statistic-facts.ts';
import type { StatisticSources } from './statistic-facts.ts';

/** Where each fact of a gate evaluation comes from. */
export type FactSources = {
  readonly clock: Clock;
  readonly marketTime: () => Promise<Instant>;
  /** Of the order's own instrument. */
  readonly details: AskDetails;
  readonly quote: (contract: Contract) => Promise<Quote>;
  readonly portfolio: (account: AccountId) => Promise<Portfolio>;
  readonly workingOrders: (account: AccountId) => Promise<{
    readonly orders: readonly WorkingOrder[];
    readonly snapshotAgeMs: number;
  }>;
  readonly fx: Fx;
  readonly whatIf: (terms: OrderTerms, contract: Contract) => Promise<WhatIf>;
  readonly link: () => LinkState;
  readonly look: Looking;
  /** Volatility as the options of the instrument, or the option itself, are quoted; once its quote is there. */
  readonly implied: (contract: Contract) => DecimalText | null;
  readonly statistics: StatisticSources;
  /** How long facts wait that are usually there: daily bars, and what is known of other instruments. */
  readonly waitMs: number;
  /** Which instruments count, so that what is wanted of them can be had in advance. */
  readonly onCounted: (conIds: readonly ConId[]) => void;
  /** A bug of ours met on the way. */
  readonly onFault: (cause: unknown) => void;
};

/**
 * Gathers all facts at once. Each part has its own deadline inside its source; a part that fails becomes a missing
 * fact with our own reason and takes no other part with it.
 */
export async function gatherFacts(sources: FactSources, terms: OrderTerms): Promise<BrokerFacts> {
  const { clock } = sources;
  const deadline: Deadline = { clock, untilMs: clock.monotonicMs() + sources.waitMs };
  const details = sources.details(terms.conId);
  const portfolio = sources.portfolio(terms.account);
  const base = baseFacts(
    sources,
    terms,
    details.then(({ value }) => value),
    portfolio,
  );
  const contract = settled(
    details.then(({ value, ageMs }) => ({
      ...{ value, source: 'IBKR contract details' },
      at: instantFromEpochMs(clock.wallMs() - ageMs),
    })),
    sources.onFault,
  );
  const more = moreFacts({ sources, terms, deadline, ...base, contract });
  // One after the other only in writing: all of them are under way.
  return {
    contract: await contract,
    marketTime: await base.marketTime,
    quote: await base.quote,
    portfolio: await base.portfolio,
    workingOrders: await base.workingOrders,
    fxToBase: await base.fxToBase,
    whatIf: await base.whatIf,
    ...(await more),
    link: {
      ...{ value: sources.link(), source: 'gateway session' },
      at: instantFromEpochMs(clock.wallMs()),
    },
  };
}

/** What is asked of the order, its instrument and its account alone. No promise of them rejects. */
function baseFacts(
  sources: FactSources,
  terms: OrderTerms,
  details: Promise<ContractDetails>,
  portfolio: Promise<Portfolio>,
) {
  const { clock } = sources;
  const now = (): Instant => instantFromEpochMs(clock.wallMs());
  const known =
    <T>(source: string, at: () => Instant = now) =>
    (value: T): Known<T> => ({ value, source, at: at() });
  const fact = <T>(part: Promise<Known<T>>): Promise<Fact<T>> => settled(part, sources.onFault);
  return {
    quote: fact(
      details
        .then(({ contract }) => sources.quote(contract))
        .then((value) => ({ value, source: 'IBKR market data', at: value.receivedAt })),
    ),
    portfolio: fact(portfolio.then(known<Portfolio>('IBKR account updates'))),
    workingOrders: fact(
      sources.workingOrders(terms.account).then(({ orders, snapshotAgeMs }) => ({
        ...{ value: orders, source: 'IBKR open orders' },
        at: instantFromEpochMs(clock.wallMs() - snapshotAgeMs),
      })),
    ),
    fxToBase: fact(
      Promise.all([details, portfolio])
        .then(([{ contract }, { baseCurrency }]) =>
          sources.fx(terms.account, contract.currency, baseCurrency),
        )
        .then(({ rate, source }) => known<DecimalText>(source)(rate)),
    ),
    whatIf: fact(
      details
        .then(({ contract }) => sources.whatIf(terms, contract))
        .then(known<WhatIf>('IBKR what-if order')),
    ),
    marketTime: fact(sources.marketTime().then(known<Instant>('IBKR server time'))),
  };
}

type Gathered = ReturnType<typeof baseFacts> & {
  readonly sources: FactSources;
  readonly terms: OrderTerms;
  readonly deadline: Deadline;
  readonly contract: Promise<Fact<ContractDetails>>;
};

/** What needs to know first which instruments count. */
async function moreFacts(gathered: Gathered) {
  const { sources, terms, deadline, quote, fxToBase } = gathered;
  const { statistics } = sources;
  const fact = <T>(part: Promise<Known<T>>): Promise<Fact<T>> => settled(part, sources.onFault);
  // The order's own details come first: nothing of another instrument is asked before its quote and its estimate.
  const own = await gathered.contract;
  const ofOwn = <T>(find: (details: ContractDetails) => Promise<Known<T>>): Promise<Fact<T>> =>
    isKnown(own) ? fact(find(own.value)) : Promise.resolve(own);
  const implied = async ({ contract }: ContractDetails): Promise<DecimalText | null> =>
    isKnown(await quote) ? sources.implied(contract) : null;
  const dailyVolume = ofOwn((details) => gatherVolume(deadline, details, statistics));
  const volatility = ofOwn((details) =>
    gatherVolatility(deadline, details, implied(details), statistics),
  );
  const [portfolio, orders] = await Promise.all([gathered.portfolio, gathered.workingOrders]);
  const counted = await countInstruments(
    deadline,
    terms.conId,
    {
      portfolio: isKnown(portfolio) ? portfolio.value : null,
      orders: isKnown(orders) ? orders.value : null,
      ownDetails: isKnown(own) ? own.value : null,
    },
    statistics.details,
  );
  sources.onCounted(counted.conIds);
  const all = await Promise.all([
    dailyVolume,
    volatility,
    correlationsOf(gathered, own, portfolio, orders, counted),
    ratesOf(gathered, portfolio, counted, fxToBase),
    quote.then((asked) =>
      fact(gatherInstruments(deadline, counted, isKnown(asked) ? asked.value : null, sources.look)),
    ),
  ]);
  const [volume, volatile, correlations, exchangeRates, instruments] = all;
  return {
    ...{ dailyVolume: volume, volatility: volatile },
    ...{ correlations, exchangeRates, instruments },
  };
}

/** Whether something moves along with the order is known only where it is known what is held and working. */
async function correlationsOf(
  { sources, deadline }: Gathered,
  own: Fact<ContractDetails>,
  portfolio: Fact<Portfolio>,
  orders: Fact<readonly WorkingOrder[]>,
  counted: Counted,
): Promise<BrokerFacts['correlations']> {
  if (!isKnown(own)) return own;
  if (!isKnown(portfolio)) return portfolio;
  if (!isKnown(orders)) return orders;
  return await settled(
    gatherCorrelations(deadline, own.value, counted, sources.statistics),
    sources.onFault,
  );
}

async function ratesOf(
  { sources, terms, deadline }: Gathered,
  portfolio: Fact<Portfolio>,
  counted: Counted,
  ownRate: Promise<Fact<DecimalText>>,
): Promise<BrokerFacts['exchangeRates']> {
  if (!isKnown(portfolio)) return portfolio;
  const fx = { ask: sources.fx, own: ownRate };
  return await settled(
    gatherRates(deadline, terms.account, counted, portfolio.value, fx),
    sources.onFault,
  );
}
