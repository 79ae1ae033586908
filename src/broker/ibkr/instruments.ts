import { GatewayError } from '../../domain/errors.ts';
import type { ConId } from '../../domain/ids.ts';
import type { Contract, ContractDetails } from '../../domain/instrument/contract.ts';
import type { Greeks } from '../../domain/instrument/snapshot.ts';
import type { DecimalText } from '../../domain/money/decimal.ts';
import { AnswerCache, type Kept } from './answer-cache.ts';
import type { Asking } from './ask.ts';
import type { Contracts } from './contracts.ts';
import { ibContract } from './ib-order.ts';
import type { MarketData } from './market-data.ts';
import { middleOrLast } from './middle.ts';
import { RecentFailures } from './recent-failures.ts';

/** What is quoted of an instrument that is held or working and is not itself in question. */
export type Look = { readonly price: DecimalText | null; readonly greeks: Greeks | null };

export type InstrumentsTiming = {
  readonly detailsKeepMs: number;
  /** How old a look may be that exposures are added up with. */
  readonly lookKeepMs: number;
  readonly lookRetryMs: number;
};

/** Instruments that are remembered as wanted, the last ones. */
const mostWanted = 300;

/**
 * What is known of instruments that are held or working. Looks are kept for a while whatever the ticks do: an option
 * that is quoted once in five minutes must not cost a question with every proposal.
 */
export class Instruments {
  readonly #contracts: Contracts;
  readonly #marketData: MarketData;
  readonly #timing: InstrumentsTiming;
  readonly #looks: AnswerCache<Look>;
  readonly #failures: { readonly details: RecentFailures; readonly looks: RecentFailures };
  readonly #wanted = new Set<ConId>();

  constructor(
    { session, clock }: Asking,
    sources: { readonly contracts: Contracts; readonly marketData: MarketData },
    timing: InstrumentsTiming,
  ) {
    this.#contracts = sources.contracts;
    this.#marketData = sources.marketData;
    this.#timing = timing;
    this.#failures = {
      details: new RecentFailures(clock, timing.lookRetryMs),
      looks: new RecentFailures(clock, timing.lookRetryMs),
    };
    this.#looks = new AnswerCache({
      name: 'snapshots',
      ...{ clock, keepMs: timing.lookKeepMs, mostEntries: 1_000 },
      isWorthKeeping: () => true,
    });
    session.listen({
      ready: () => {
        this.#failures.details.clear();
        this.#failures.looks.clear();
        this.#looks.clear();
      },
    });
  }

  /** Of the order's own instrument: asked also when it failed just now. Throws `INSTRUMENT_UNKNOWN` as well. */
  async details(conId: ConId, maxAgeMs?: number): Promise<Kept<ContractDetails>> {
    const { value, ...age } = await this.#contracts.resolveKept({ conId }, maxAgeMs);
    const [details] = value;
    if (details !== undefined) return { value: details, ...age };
    throw new GatewayError('INSTRUMENT_UNKNOWN', 'IBKR knows no such contract');
  }

  /** As `details`, but what has failed a short while ago is not asked again. */
  async detailsOfHeld(conId: ConId, maxAgeMs?: number): Promise<Kept<ContractDetails>> {
    return await this.#failures.details.run(conId, () => this.details(conId, maxAgeMs));
  }

  /** Throws `BROKER_NO_ANSWER`, `BROKER_UNAVAILABLE` or `INSTRUMENT_UNKNOWN`. */
  async look(contract: Contract, maxAgeMs = this.#timing.lookKeepMs): Promise<Kept<Look>> {
    const { conId } = contract;
    const find = async (): Promise<Look> => {
      const asked = { ...ibContract(contract), conId };
      const { quote, day } = await this.#marketData.snapshot(asked, false);
      return { price: middleOrLast(quote), greeks: day.greeks };
    };
    const remembered = (): Promise<Look> => this.#failures.looks.run(conId, find);
    return await this.#looks.get(String(conId), remembered, maxAgeMs);
  }

  /** Remembers which instruments counted, so that they are kept warm. */
  want(conIds: readonly ConId[]): void {
    for (const conId of conIds) {
      this.#wanted.delete(conId);
      this.#wanted.add(conId);
    }
    for (const conId of this.#wanted) {
      if (this.#wanted.size <= mostWanted) return;
      this.#wanted.delete(conId);
    }
  }

  /** The newest last. */
  get wanted(): readonly ConId[] {
    return [...this.#wanted];
  }
}
