import type { Agent, Proposal, Wish } from './agent.ts';
import type { Exchange } from './exchange.ts';
import { expectSame, expectThat, lookUntil, present } from './observe.ts';
import type { Operator, PendingApproval } from './operator-process.ts';
import type { Report } from './report.ts';
import type { TemporalCli } from './temporal-cli.ts';

/** Everybody who takes part, each through a door of their own. */
export type Stage = {
  readonly agent: Agent;
  readonly operator: Operator;
  readonly exchange: Exchange;
  readonly temporal: TemporalCli;
  readonly report: Report;
};

/** One story of the demo. `play` throws `NotObserved` where something was not as told. */
export type Chapter = {
  readonly name: string;
  readonly title: string;
  readonly play: (stage: Stage) => Promise<void>;
};

export type Quoted = {
  readonly conId: number;
  readonly bid: string;
  readonly ask: string;
  /** A valid price a little above the offer that no request of the last page has used. */
  readonly limitPrice: string;
};

/**
 * Looks at the market and chooses a limit price: twenty ticks and more above the offer, so that it fills,
 * lies inside the price collar, and looks like no earlier order of the agent (the duplicate rule refuses
 * look-alikes for a minute).
 */
export async function quote(
  { agent }: Stage,
  order: Pick<Wish, 'symbol' | 'side' | 'quantity'>,
): Promise<Quoted> {
  const [snapshot, { priceIncrements }, { requests }] = await Promise.all([
    agent.snapshot(order.symbol),
    agent.resolve(order.symbol),
    agent.requests(),
  ]);
  const { conId } = snapshot.instrument;
  const bid = present('market_snapshot bid', snapshot.bid);
  const ask = present('market_snapshot ask', snapshot.ask);
  const offer = Number(ask);
  const step = priceIncrements.filter(({ lowEdge }) => Number(lowEdge) <= offer).at(-1);
  const tick = Number(present('price increment', step).increment);
  const used = requests
    .filter(({ terms }) => terms.conId === conId && terms.side === order.side)
    .filter(({ terms }) => Number(terms.quantity) === order.quantity)
    .map(({ terms }) => Number(terms.limitPrice));
  const places = decimalPlaces(tick);
  for (let ticks = 20; ticks < 90; ticks += 1) {
    const limitPrice = (offer + ticks * tick).toFixed(places);
    if (!used.includes(Number(limitPrice))) return { conId, bid, ask, limitPrice };
  }
  throw new Error('every price near the offer has been used');
}

function decimalPlaces(tick: number): number {
  return String(tick).split('.')[1]?.length ?? 0;
}

/** Proposes an order that the gate must pass, and prints what came back in the one call. */
export async function proposeForApproval(
  stage: Stage,
  wish: Wish,
): Promise<Proposal & { approvalId: string; envelopeHash: string; expiresAt: string }> {
  const { agent, report } = stage;
  const startedAt = performance.now();
  const proposal = await agent.propose(wish);
  const tookMs = Math.round(performance.now() - startedAt);
  expectSame(`request_approval (${proposal.next})`, proposal.state, 'AwaitingApproval');
  const approvalId = present('approvalId of the proposal', proposal.approvalId);
  const envelopeHash = present('envelopeHash of the proposal', proposal.envelopeHash);
  const expiresAt = present('expiresAt of the proposal', proposal.expiresAt);
  const verdict = present('verdict of the proposal', proposal.verdict);
  const simulation = present('simulation of the proposal', proposal.simulation);
  expectSame('verdict of the gate', verdict.outcome, 'pass');
  expectSame('status of the simulation', simulation.status, 'ok');
  report.saw(
    'agent',
    `proposes ${wish.side} ${wish.quantity} ${wish.symbol} LMT ${wish.limitPrice}: in one call of ${tookMs} ms`,
  );
  const { fillPrice = '?', commission = '?', positionBefore, positionAfter } = simulation;
  report.saw(
    'gate',
    `${verdict.rules.length} rules pass, ${verdict.warnings} warnings; simulated: fills at ${fillPrice}, commission ${commission}, position ${positionBefore ?? '?'} → ${positionAfter ?? '?'}`,
  );
  report.saw('agent', `holds ${approvalId} until ${time(expiresAt)} and waits`);
  return { ...proposal, approvalId, envelopeHash, expiresAt };
}

/** The operator finds the request in their own list: the very envelope that the agent was told of. */
export async function operatorSees(
  { operator, report }: Stage,
  wish: Wish,
  { intentId, approvalId, envelopeHash }: Awaited<ReturnType<typeof proposeForApproval>>,
): Promise<PendingApproval> {
  const seen = present('pending decision of the operator', await operator.look(intentId));
  expectSame('approval id that the operator sees', seen.approvalId, approvalId);
  expectSame('envelope hash that the operator sees', seen.envelopeHash, envelopeHash);
  const { terms, contract, reason } = seen.envelope;
  const shown = `${terms.side} ${terms.quantity} ${contract.symbol} LMT ${terms.limitPrice}`;
  expectSame(
    'order that the operator sees',
    [contract.symbol, terms.side, Number(terms.quantity), Number(terms.limitPrice)],
    [wish.symbol, wish.side, wish.quantity, Number(wish.limitPrice)],
  );
  report.saw('operator', `sees ${shown}, “${reason}”, hash ${seen.envelopeHash.slice(0, 15)}…`);
  return seen;
}

/** The order has arrived at the exchange exactly once and is filled within its limit. */
export async function filledOnce(
  { exchange, report }: Stage,
  wish: Wish,
  intentId: string,
): Promise<void> {
  const orders = await lookUntil(
    () => exchange.orders(intentId),
    ([order]) => order?.status === 'Filled',
  );
  expectSame('orders at the exchange', orders.length, 1);
  const order = present('order at the exchange', orders[0]);
  expectSame(
    'order at the exchange',
    [order.status, order.action, order.quantity, order.filled, Number(order.limitPrice)],
    ['Filled', wish.side, wish.quantity, wish.quantity, Number(wish.limitPrice)],
  );
  expectThat(
    'fill price',
    Number(order.avgPrice) <= Number(wish.limitPrice),
    `at most ${wish.limitPrice}`,
    order.avgPrice,
  );
  expectSame('placeOrder frames at the exchange', await exchange.orderFrames(intentId), 1);
  report.saw(
    'gateway',
    `one placeOrder frame arrived: order ${order.orderId}, ${order.filled} filled at ${order.avgPrice}`,
  );
}

/** Not a byte of the order has reached the exchange. */
export async function neverSent({ exchange, report }: Stage, intentId: string): Promise<void> {
  expectSame('placeOrder frames at the exchange', await exchange.orderFrames(intentId), 0);
  report.saw('gateway', 'no placeOrder frame of this order has arrived');
}

/** The time of day of an ISO instant, UTC. */
export function time(instant: string): string {
  return `${instant.slice(11, 19)}Z`;
}
