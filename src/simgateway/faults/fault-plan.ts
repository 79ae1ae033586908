// The faults armed right now: which strike how often and whom, with chance drawn from the seed. Each
// fault draws for itself, so what one strikes never depends on what others were armed.
import { hash } from '../market/hash.ts';
import { eventLayouts, requestLayouts } from '../wire/catalogue.ts';
import type { Layout, Values } from '../wire/field-table.ts';
import type { FaultOptions, InboundFault, OutboundFault, RequestSort } from './fault-row.ts';
import { REQUEST_SORTS } from './fault-row.ts';
import { INBOUND_FAULTS } from './inbound-faults.ts';
import { OUTBOUND_FAULTS } from './outbound-faults.ts';

/** A fault to arm. */
export type FaultRequest = FaultOptions & {
  kind: string;
  /** How often it strikes before it is spent; 1 unless given. */
  times?: number;
  /** Lets this many matching messages pass first. */
  skip?: number;
  clientId?: number;
  orderRef?: string;
  /** The one message to strike, by its name in the journal. */
  message?: string;
  /** Requests: the one sort to strike. */
  on?: RequestSort;
  /** 0…100: how likely a matching message is struck; drawn from the seed. */
  chancePercent?: number;
  /** Exchange milliseconds from arming until it may strike. */
  afterMs?: number;
  /** `connection`: bound to the first connection it meets, and gone with it. */
  scope?: 'connection';
};
/** A fault that waits to strike: `left` more times, after `struck`. */
export type ArmedFault = FaultRequest & { id: number; left: number; struck: number };

/** Whose message it is; connections are told apart by identity. */
type Whose = { clientId: number; connection?: object };
type State = { fault: ArmedFault; from: number; passed: number; draws: number; bound?: object };

const inbound = new Map(INBOUND_FAULTS.map((f) => [f.kind, f]));
const outbound = new Map(OUTBOUND_FAULTS.map((f) => [f.kind, f]));

/** Every kind: what it does, what it strikes, which options it reads. */
export const faultKinds = () =>
  [...INBOUND_FAULTS, ...OUTBOUND_FAULTS].map((f) => ({
    kind: f.kind,
    summary: f.summary,
    strikes: 'strikes' in f ? f.strikes : f.messages,
    reads: f.reads ?? [],
  }));

type Check = (f: FaultRequest, row: { in?: InboundFault; out?: OutboundFault }) => string | false;

const names = (layouts: readonly Layout[]) => new Set(layouts.map((l) => l.name));
const requestNames = names(requestLayouts);
const eventNames = names(eventLayouts);

/** What must hold of a fault to arm; each names what is wrong. */
const CHECKS: readonly Check[] = [
  (f, row) =>
    row.in === undefined &&
    row.out === undefined &&
    `unknown fault '${f.kind}'; known: ${[...inbound.keys(), ...outbound.keys()].join(', ')}`,
  (f) =>
    f.on !== undefined &&
    !REQUEST_SORTS.includes(f.on) &&
    `field 'on' must be one of ${REQUEST_SORTS.join(', ')}`,
  (f, row) =>
    f.on !== undefined &&
    row.in === undefined &&
    `'${f.kind}' strikes messages; 'on' picks a sort of request`,
  (f, row) =>
    f.on !== undefined &&
    row.in?.only?.includes(f.on) === false &&
    `'${f.kind}' strikes only ${row.in.only.join(', ')}`,
  (f, row) =>
    (row.in?.strikes ?? row.out?.messages)?.length === 0 &&
    f.message === undefined &&
    f.on === undefined &&
    `'${f.kind}' needs a 'message' to strike`,
  (f, row) =>
    f.message !== undefined &&
    !(row.in === undefined ? eventNames : requestNames).has(f.message) &&
    `'${f.kind}' cannot strike '${f.message}': there is no such ${row.in === undefined ? 'message from' : 'request to'} the gateway`,
  (f) => ![undefined, 'connection'].includes(f.scope) && "field 'scope' must be connection",
  (f) => (f.times ?? 1) < 1 && "field 'times' must be at least 1",
];

/** Why a fault cannot be armed; undefined when it can. */
export function faultProblem(request: FaultRequest): string | undefined {
  const inRow = inbound.get(request.kind);
  const outRow = outbound.get(request.kind);
  const row = {
    ...(inRow === undefined ? {} : { in: inRow }),
    ...(outRow === undefined ? {} : { out: outRow }),
  };
  for (const check of CHECKS) {
    const problem = check(request, row);
    if (problem !== false) return problem;
  }
  return undefined;
}

function strikesRequest(
  row: InboundFault,
  fault: FaultRequest,
  r: { sort: RequestSort; message: string },
): boolean {
  if (row.only !== undefined && !row.only.includes(r.sort)) return false;
  if (fault.message !== undefined && fault.message !== r.message) return false;
  if (fault.on !== undefined) return fault.on === r.sort;
  // A what-if looks like an order on the wire, and is struck only where that is said.
  if (fault.message !== undefined) return r.sort !== 'what-if' || row.strikes.includes(r.sort);
  return row.strikes.includes(r.sort);
}

/** The armed faults of one gateway. */
export class FaultPlan {
  private armed: State[] = [];
  private nextId = 1;
  private readonly seed: number;
  private readonly now: () => number;

  constructor(seed: number, now: () => number = () => 0) {
    this.seed = seed;
    this.now = now;
  }

  /** True when nothing is armed. */
  get isIdle(): boolean {
    return this.armed.length === 0;
  }

  /** Arms a fault that has no `faultProblem`. */
  arm(request: FaultRequest): ArmedFault {
    const problem = faultProblem(request);
    if (problem !== undefined) throw new RangeError(problem);
    const fault = { ...request, id: this.nextId, left: request.times ?? 1, struck: 0 };
    this.nextId += 1;
    this.armed.push({ fault, from: this.now() + (request.afterMs ?? 0), passed: 0, draws: 0 });
    return fault;
  }

  list(): readonly ArmedFault[] {
    return this.armed.map((s) => s.fault);
  }

  disarm(id?: number): void {
    this.armed = id === undefined ? [] : this.armed.filter((s) => s.fault.id !== id);
  }

  /** Disarms what was bound to a connection that ended. */
  connectionEnded(connection: object): void {
    if (this.isIdle) return;
    this.armed = this.armed.filter((s) => s.bound !== connection);
  }

  /** The fault that strikes this request, if any; it is used up by asking. */
  strikeInbound(
    whose: Whose,
    r: { sort: RequestSort; message: string; orderRef: string },
  ): { fault: InboundFault; options: ArmedFault } | undefined {
    return this.take(inbound, whose, (row, f) => {
      if (f.orderRef !== undefined && f.orderRef !== r.orderRef) return false;
      return strikesRequest(row, f, r);
    });
  }

  /** The fault that strikes this outgoing message, if any; it is used up by asking. */
  strikeOutbound(
    whose: Whose,
    m: { message: string; values: Values; orderRef: () => string | undefined },
  ): { fault: OutboundFault; options: ArmedFault; draw: (limit: number) => number } | undefined {
    return this.take(outbound, whose, (row, f) => {
      const isNamed =
        f.message === undefined ? row.messages.includes(m.message) : f.message === m.message;
      if (!isNamed || row.strikesOnly?.(m.values, f) === false) return false;
      return f.orderRef === undefined || f.orderRef === m.orderRef();
    });
  }

  private take<Row>(
    rows: ReadonlyMap<string, Row>,
    whose: Whose,
    matches: (row: Row, fault: ArmedFault) => boolean,
  ): { fault: Row; options: ArmedFault; draw: (limit: number) => number } | undefined {
    for (const state of this.armed) {
      const row = rows.get(state.fault.kind);
      if (row === undefined || !this.concerns(state, whose)) continue;
      if (!matches(row, state.fault) || !this.strike(state, whose)) continue;
      return { fault: row, options: state.fault, draw: this.drawer(state) };
    }
    return undefined;
  }

  private concerns({ fault, from, bound }: State, whose: Whose): boolean {
    if (fault.clientId !== undefined && fault.clientId !== whose.clientId) return false;
    if (bound !== undefined && bound !== whose.connection) return false;
    return from <= this.now();
  }

  private strike(state: State, whose: Whose): boolean {
    const { fault } = state;
    if (fault.scope === 'connection' && whose.connection !== undefined) {
      state.bound = whose.connection;
    }
    if (state.passed < (fault.skip ?? 0)) {
      state.passed += 1;
      return false;
    }
    if (this.drawer(state)(100) >= (fault.chancePercent ?? 100)) return false;
    fault.struck += 1;
    fault.left -= 1;
    if (fault.left <= 0) this.armed = this.armed.filter((s) => s !== state);
    return true;
  }

  private drawer(state: State): (limit: number) => number {
    return (limit) => {
      state.draws += 1;
      return hash(this.seed, state.fault.id, state.draws) % limit;
    };
  }
}
