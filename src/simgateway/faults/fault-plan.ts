// The faults armed right now, which strike how often and whom, with seeded chance.
import { hash } from '../market/price-path.ts';
import { OUTBOUND_FAULTS } from './outbound-faults.ts';
import type { OutboundFault } from './outbound-faults.ts';
import { PLACEMENT_FAULTS } from './placement-faults.ts';
import type { FaultOptions, PlacementFault } from './placement.ts';

type FaultRequest = FaultOptions & {
  kind: string;
  /** How often it strikes before it is spent; 1 unless given. */
  times?: number;
  clientId?: number;
  orderRef?: string;
  /** Outbound faults: the one message to strike. */
  message?: string;
  /** 0…100: how likely a matching message is struck; drawn from the seed. */
  chancePercent?: number;
};
/** A fault that waits to strike: `left` more times, after `struck`. */
export type ArmedFault = FaultRequest & { id: number; left: number; struck: number };

const placement = new Map(PLACEMENT_FAULTS.map((f) => [f.kind, f]));
const outbound = new Map(OUTBOUND_FAULTS.map((f) => [f.kind, f]));

/** Every kind with its summary. */
export const faultKinds = (): { kind: string; summary: string }[] =>
  [...PLACEMENT_FAULTS, ...OUTBOUND_FAULTS].map(({ kind, summary }) => ({ kind, summary }));

/** The armed faults of one gateway. */
export class FaultPlan {
  private armed: ArmedFault[] = [];
  private nextId = 1;
  private draws = 0;
  private readonly seed: number;

  constructor(seed: number) {
    this.seed = seed;
  }

  /** Arms a fault, or undefined when there is no such kind. */
  arm(request: FaultRequest): ArmedFault | undefined {
    if (!placement.has(request.kind) && !outbound.has(request.kind)) return undefined;
    const fault = { ...request, id: this.nextId, left: request.times ?? 1, struck: 0 };
    this.nextId += 1;
    this.armed.push(fault);
    return fault;
  }

  list(): readonly ArmedFault[] {
    return this.armed;
  }

  disarm(id?: number): void {
    this.armed = id === undefined ? [] : this.armed.filter((f) => f.id !== id);
  }

  /** The fault that strikes this placeOrder, if any; it is used up by asking. */
  strikePlacement(
    clientId: number,
    orderRef: string,
  ): { fault: PlacementFault; options: ArmedFault } | undefined {
    const armed = this.take(
      (f) => placement.has(f.kind) && (f.orderRef === undefined || f.orderRef === orderRef),
      clientId,
    );
    const fault = armed === undefined ? undefined : placement.get(armed.kind);
    return armed === undefined || fault === undefined ? undefined : { fault, options: armed };
  }

  /** The fault that strikes this outgoing message, if any; it is used up by asking. */
  strikeOutbound(clientId: number, message: string): OutboundFault | undefined {
    if (this.armed.length === 0) return undefined;
    const armed = this.take((f) => {
      const fault = outbound.get(f.kind);
      if (fault === undefined) return false;
      return f.message === undefined ? fault.messages.includes(message) : f.message === message;
    }, clientId);
    return armed === undefined ? undefined : outbound.get(armed.kind);
  }

  private take(matches: (f: ArmedFault) => boolean, clientId: number): ArmedFault | undefined {
    const fault = this.armed.find(
      (f) => (f.clientId === undefined || f.clientId === clientId) && matches(f),
    );
    if (fault === undefined) return undefined;
    this.draws += 1;
    if (hash(this.seed, this.draws, 0) % 100 >= (fault.chancePercent ?? 100)) return undefined;
    fault.struck += 1;
    fault.left -= 1;
    if (fault.left <= 0) this.armed = this.armed.filter((f) => f !== fault);
    return fault;
  }
}
