import type { ConId } from '../../domain/ids.ts';
import type { Contract, ContractDetails } from '../../domain/instrument/contract.ts';
import { decimalText, type DecimalText } from '../../domain/money/decimal.ts';
import type { Correlation, DailyVolume, Known, Volatility } from '../../domain/risk/facts.ts';
import { averageVolume } from '../../domain/stats/average-volume.ts';
import { correlation } from '../../domain/stats/correlation.ts';
import { windowOf } from '../../domain/stats/daily-series.ts';
import { closeToClose, parkinson } from '../../domain/stats/volatility.ts';
import { unavailable } from './ask.ts';
import type { AskDetails, Counted } from './counted.ts';
import type { DailyBars, DailySeries } from './daily-bars.ts';
import { orNull, within, type Deadline } from './fact.ts';

/**
 * What daily bars say of the order's instrument. The statistics of an option are those of its underlying, whose moves
 * its delta and its implied volatility speak of; only its volume is its own.
 */

export type StatisticSources = {
  readonly bars: Pick<DailyBars, 'get' | 'getIfRoom'>;
  readonly details: AskDetails;
};

const source = 'IBKR daily bars';
const what = 'daily bars';

/** Throws `BROKER_NO_ANSWER` or `BROKER_UNAVAILABLE`. */
export async function gatherVolume(
  deadline: Deadline,
  own: ContractDetails,
  { bars }: StatisticSources,
): Promise<Known<DailyVolume>> {
  const { days, at } = await within(deadline, what, bars.get(own));
  const value = averageVolume(days);
  if (value === null) throw unavailable('fewer than five complete trading days with a volume');
  return { value, source, at };
}

/** Throws `BROKER_NO_ANSWER` or `BROKER_UNAVAILABLE`. */
export async function gatherVolatility(
  deadline: Deadline,
  own: ContractDetails,
  implied: Promise<DecimalText | null>,
  sources: StatisticSources,
): Promise<Known<Volatility>> {
  const { days, at } = await within(deadline, what, moving(deadline, own, sources));
  const prices = windowOf(days);
  return {
    value: {
      closeToClose: prices === null ? null : closeToClose(prices),
      parkinson: prices === null ? null : parkinson(prices),
      implied: await implied,
      days: prices?.length ?? 0,
    },
    source,
    at,
  };
}

/**
 * A row for each instrument that is held or working but the order's own, ascending; one whose bars are not there yet is
 * left out. Throws `BROKER_NO_ANSWER` or `BROKER_UNAVAILABLE`.
 */
export async function gatherCorrelations(
  deadline: Deadline,
  own: ContractDetails,
  { conIds, details }: Counted,
  sources: StatisticSources,
): Promise<Known<readonly Correlation[]>> {
  const mine = await within(deadline, what, moving(deadline, own, sources));
  const prices = windowOf(mine.days);
  const others = conIds.flatMap((conId) => {
    const found = details.get(conId);
    return found === undefined || conId === own.contract.conId ? [] : [found];
  });
  const rows = await Promise.all(
    others.map(async (other): Promise<readonly [Correlation, string][]> => {
      const { conId } = other.contract;
      if (moverOf(other.contract) === moverOf(own.contract)) {
        const days = Math.max(0, (prices?.length ?? 0) - 1);
        return [[{ conId, coefficient: decimalText('1'), days }, mine.at]];
      }
      const asked = moving(deadline, other, sources, true);
      const theirs = await orNull(within(deadline, what, asked));
      if (theirs === null) return [];
      const them = windowOf(theirs.days);
      const isNone = prices === null || them === null;
      const found = isNone ? { coefficient: null, days: 0 } : correlation(prices, them);
      return [[{ conId, ...found }, theirs.at]];
    }),
  );
  const had = rows.flat();
  const [at = mine.at] = [mine.at, ...had.map(([, had]) => had)].sort();
  return { value: had.map(([row]) => row), source, at: at as typeof mine.at };
}

/** Whose price moves it: of an option its underlying. */
export function moverOf({ conId, secType, underlyingConId }: Contract): ConId {
  return secType === 'OPT' && underlyingConId !== undefined ? underlyingConId : conId;
}

async function moving(
  deadline: Deadline,
  details: ContractDetails,
  { bars, details: askDetails }: StatisticSources,
  onlyIfRoom = false,
): Promise<DailySeries> {
  const mover = moverOf(details.contract);
  const isItself = mover === details.contract.conId;
  const found = isItself
    ? details
    : (await within(deadline, 'contract details', askDetails(mover))).value;
  return onlyIfRoom ? await bars.getIfRoom(found) : await bars.get(found);
}
