import type { ConId } from '../../domain/ids.ts';
import type { ContractDetails } from '../../domain/instrument/contract.ts';
import type { Portfolio, Position, WorkingOrder } from '../../domain/portfolio/portfolio.ts';
import { orNull, within, type Deadline } from './fact.ts';
import type { Kept } from './answer-cache.ts';

/** The instruments of one gathering: the order's own, and every one that is held or has a working order. */
export type Counted = {
  readonly own: ConId;
  /** All of them, ascending, each once. */
  readonly conIds: readonly ConId[];
  readonly positions: ReadonlyMap<ConId, Position>;
  /** What they are; one of which IBKR did not tell in time is not in here. */
  readonly details: ReadonlyMap<ConId, ContractDetails>;
};

export type AskDetails = (conId: ConId) => Promise<Kept<ContractDetails>>;

/** Who counts, and what they are as far as it is known within the deadline. Null = not known. */
export async function countInstruments(
  deadline: Deadline,
  own: ConId,
  held: {
    readonly portfolio: Portfolio | null;
    readonly orders: readonly WorkingOrder[] | null;
    readonly ownDetails: ContractDetails | null;
  },
  askDetails: AskDetails,
): Promise<Counted> {
  const positions = held.portfolio?.positions ?? [];
  const others = [...positions, ...(held.orders ?? [])].map(({ conId }) => conId);
  const conIds = [...new Set([own, ...others])].sort((a, b) => a - b);
  const found = await Promise.all(
    conIds.map(async (conId) => {
      if (conId === own) return held.ownDetails;
      const asked = within(deadline, 'contract details', askDetails(conId));
      return (await orNull(asked))?.value ?? null;
    }),
  );
  const known = found.filter((details) => details !== null);
  return {
    own,
    conIds,
    positions: new Map(positions.map((position) => [position.conId, position])),
    details: new Map(known.map((details) => [details.contract.conId, details])),
  };
}
