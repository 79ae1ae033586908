import { GatewayError } from '../../domain/errors.ts';
import type { ContractDetails } from '../../domain/instrument/contract.ts';
import type { OrderTerms } from '../../domain/order/intent.ts';
import type { Portfolio, WorkingOrder } from '../../domain/portfolio/portfolio.ts';
import type { Quote } from '../../domain/instrument/quote.ts';
import type { BrokerFacts, Fact, Known, LinkState, WhatIf } from '../../domain/risk/facts.ts';
import { instantFromEpochMs, type Instant } from '../../domain/time/instant.ts';
import type { Clock } from './clock.ts';
import type { Fx } from './fx.ts';

/** Where each fact of a gate evaluation comes from. */
export type FactSources = {
  readonly clock: Clock;
  readonly marketTime: () => Promise<Instant>;
  readonly details: (terms: OrderTerms) => Promise<ContractDetails>;
  readonly quote: (terms: OrderTerms, details: ContractDetails) => Promise<Quote>;
  readonly portfolio: (terms: OrderTerms) => Promise<Portfolio>;
  readonly workingOrders: (terms: OrderTerms) => Promise<{
    readonly orders: readonly WorkingOrder[];
    readonly snapshotAgeMs: number;
  }>;
  readonly fx: Fx;
  readonly whatIf: (terms: OrderTerms, details: ContractDetails) => Promise<WhatIf>;
  readonly link: () => LinkState;
  /** A bug of ours met on the way. */
  readonly onFault: (cause: unknown) => void;
};

/**
 * Gathers all facts at once. Each part has its own deadline inside its source; a part that fails becomes a missing
 * fact with our own reason and takes no other part with it.
 */
export async function gatherFacts(sources: FactSources, terms: OrderTerms): Promise<BrokerFacts> {
  const now = (): Instant => instantFromEpochMs(sources.clock.wallMs());
  const known =
    <T>(source: string, at: Instant) =>
    (value: T): Known<T> => ({ value, source, at });
  const fact = <T>(part: Promise<Known<T>>): Promise<Fact<T>> => settled(part, sources.onFault);
  const details = sources.details(terms);
  const portfolio = sources.portfolio(terms);
  const [contract, quote, held, workingOrders, fxToBase, whatIf, marketTime] = await Promise.all([
    fact(details.then((value) => known<ContractDetails>('IBKR contract details', now())(value))),
    fact(
      details
        .then((found) => sources.quote(terms, found))
        .then((value) => known<Quote>('IBKR market data', value.receivedAt)(value)),
    ),
    fact(portfolio.then((value) => known<Portfolio>('IBKR account updates', now())(value))),
    fact(
      sources
        .workingOrders(terms)
        .then(({ orders, snapshotAgeMs }) =>
          known<readonly WorkingOrder[]>(
            'IBKR open orders',
            instantFromEpochMs(sources.clock.wallMs() - snapshotAgeMs),
          )(orders),
        ),
    ),
    fact(
      Promise.all([details, portfolio])
        .then(([found, { baseCurrency }]) =>
          sources.fx(terms.account, found.contract.currency, baseCurrency),
        )
        .then(({ rate, source }) => known<typeof rate>(source, now())(rate)),
    ),
    fact(
      details
        .then((found) => sources.whatIf(terms, found))
        .then((value) => known<WhatIf>('IBKR what-if order', now())(value)),
    ),
    fact(sources.marketTime().then((value) => known<Instant>('IBKR server time', now())(value))),
  ]);
  const link = known<LinkState>('gateway session', now())(sources.link());
  const ungathered = { missing: 'the gateway does not gather it' };
  return {
    ...{ marketTime, contract, quote, portfolio: held, workingOrders, fxToBase, whatIf, link },
    exchangeRates: ungathered,
    dailyVolume: ungathered,
    volatility: ungathered,
    correlations: ungathered,
    instruments: ungathered,
  };
}

/** A failure is a missing fact. One that is not the broker's is a bug of ours: reported, and missing all the same. */
async function settled<T>(
  part: Promise<Known<T>>,
  onFault: (cause: unknown) => void,
): Promise<Fact<T>> {
  try {
    return await part;
  } catch (error) {
    if (error instanceof GatewayError) return { missing: error.message };
    onFault(error);
    return { missing: 'the gateway met a bug of its own' };
  }
}
