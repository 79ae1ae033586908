import type { ConId } from '../../domain/ids.ts';
import { moverOf } from './statistic-facts.ts';
import type { BrokerParts } from './broker-parts.ts';

/** Instruments of one round: few enough that a burst of theirs is no burden to anybody else's questions. */
const mostAtOnce = 10;

/**
 * Fetches in advance what facts need of what is held and of what counted in an order before: contract details before
 * they are too old, the option model, and the daily bars of the day, as far as the historical pacing has room to
 * spare. So a proposal rarely has to ask, and the change of the exchange's day is made up for before one comes.
 */
export function keepFactsWarm(
  parts: BrokerParts,
  inBackground: (work: Promise<unknown>) => void,
): () => void {
  const { clock, timing, read, accounts, instruments } = parts;
  let next = 0;
  let stop = (): void => undefined;
  const tick = (): void => {
    if (read.isReady) {
      const all = [...new Set([...accounts.held(), ...instruments.wanted])];
      const round = [...all.slice(next), ...all.slice(0, next)].slice(0, mostAtOnce);
      next = all.length === 0 ? 0 : (next + round.length) % all.length;
      for (const conId of round) inBackground(warm(parts, conId));
    }
    stop = clock.after(timing.warmEveryMs, tick);
  };
  // The first round soon after the start, when everything is cold.
  stop = clock.after(timing.warmEveryMs / 12, tick);
  return () => {
    stop();
  };
}

async function warm({ instruments, dailyBars, timing }: BrokerParts, conId: ConId): Promise<void> {
  const find = async (wanted: ConId) =>
    (await instruments.detailsOfHeld(wanted, timing.detailsKeepMs / 2)).value;
  const details = await find(conId);
  const { contract } = details;
  if (contract.secType === 'OPT') await instruments.look(contract, timing.lookKeepMs / 3);
  const mover = moverOf(contract);
  await dailyBars.getIfRoom(mover === conId ? details : await find(mover));
}
