// How tests of the whole product propose, decide and follow orders: through the doors, and never by sleeping.
import { randomUUID } from 'node:crypto';
import type { Answer, Caller, Product } from './product.ts';

export type Body = Record<string, unknown>;

/** The account that the simulated gateway serves. */
export const account = 'DU1234567';

/** An idempotency key that no other test has. */
export function newKey(what = 'test'): string {
  return `${what}-${randomUUID()}`;
}

let lastQuantity = 0;
/** A small quantity that no other order of this process has, so that R15 does not take them for one order. */
function nextQuantity(): string {
  lastQuantity += 1;
  return String(lastQuantity);
}

/** A valid proposal: buy a few AAPL at the market. */
export function order(changes: Body = {}): Body {
  return {
    instrument: { symbol: 'AAPL' },
    side: 'BUY',
    quantity: nextQuantity(),
    orderType: 'MKT',
    reason: 'a test of the whole product',
    ...changes,
  };
}

export type Proposed = {
  readonly intentId: string;
  readonly approvalId: string;
  readonly envelopeHash: string;
  readonly body: Body;
};

/** The market as most tests want it: AAPL stands still at 189.98 to 190.00. */
export async function calmMarket({ sim }: Product): Promise<void> {
  await sim.setQuote('AAPL', { bid: '189.98', ask: '190.00', last: '189.99' });
  await sim.setFillPolicy({ mode: 'immediate' });
}

export function request(who: Caller, body: Body, key = newKey()): Promise<Answer> {
  return who.post('/approval/request', body, { 'idempotency-key': key });
}

/** Proposes and expects that a human is asked. */
export async function propose(
  { agent }: Pick<Product, 'agent'>,
  changes: Body = {},
  key = newKey(),
): Promise<Proposed> {
  const { status, body } = await request(agent, order(changes), key);
  if (status !== 202 || body['state'] !== 'AwaitingApproval') {
    throw new Error(`the proposal was not taken: ${status} ${JSON.stringify(body)}`);
  }
  return shownApproval(body);
}

/** The approval that an answer or a view shows; of a view it is the newest one. */
export function shownApproval(body: Body): Proposed {
  return {
    intentId: String(body['intentId']),
    approvalId: String(body['approvalId']),
    envelopeHash: String(body['envelopeHash']),
    body,
  };
}

export function grant(
  { operator }: Pick<Product, 'operator'>,
  { approvalId, envelopeHash }: Pick<Proposed, 'approvalId' | 'envelopeHash'>,
): Promise<Answer> {
  return operator.post(`/approval/${approvalId}/grant`, {}, { 'if-match': `"${envelopeHash}"` });
}

export function deny(
  { operator }: Pick<Product, 'operator'>,
  { approvalId, envelopeHash }: Pick<Proposed, 'approvalId' | 'envelopeHash'>,
  reason: string,
): Promise<Answer> {
  return operator.post(`/approval/${approvalId}/deny`, { reason, envelopeHash });
}

/** Follows an order until it has ended, and returns its last view. */
export async function ended({ agent }: Pick<Product, 'agent'>, intentId: string): Promise<Body> {
  const path = `/requests/${intentId}/wait?until=terminal&timeoutSeconds=40`;
  const { body } = await agent.get(path);
  if (body['reached'] !== true) throw new Error(`it has not ended: ${JSON.stringify(body)}`);
  return body;
}

export async function view({ agent }: Pick<Product, 'agent'>, intentId: string): Promise<Body> {
  return (await agent.get(`/requests/${intentId}`)).body;
}

/** Waits until an order is in a state and returns its view. */
export function inState(product: Pick<Product, 'agent'>, intentId: string, state: string) {
  return until(`${intentId} is ${state}`, async () => {
    const shown = await view(product, intentId);
    return shown['state'] === state ? shown : null;
  });
}

/** Asks again and again until `probe` gives something; a failed wait names what it waited for. */
export async function until<T>(
  what: string,
  probe: () => Promise<T | null>,
  withinMs = 20_000,
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const found = await probe();
    if (found !== null) return found;
    if (performance.now() > deadline) throw new Error(`within ${withinMs} ms not: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** How many placeOrder frames of an order have reached the broker's socket. */
export async function framesOf({ sim }: Pick<Product, 'sim'>, intentId: string): Promise<number> {
  const counts = await sim.frames(intentId);
  return counts.reduce((sum, { total, whatIf }) => sum + total - whatIf, 0);
}

/** How many placeOrder frames there were in all, what-ifs left out. */
export async function allFrames({ sim }: Pick<Product, 'sim'>): Promise<number> {
  const counts = await sim.frames();
  return counts.reduce((sum, { total, whatIf }) => sum + total - whatIf, 0);
}

export type TrailEvent = {
  readonly type: string;
  readonly actor: { readonly kind: string; readonly id: string; readonly channel: string };
  readonly payload: Body;
};

/** The audit events of an order, or those that another filter picks, in their order. */
export async function trail(
  { operator }: Pick<Product, 'operator'>,
  filter: string,
): Promise<TrailEvent[]> {
  const query = filter.startsWith('int_') ? `intentId=${filter}` : filter;
  const { body } = await operator.get(`/audit?limit=200&${query}`);
  return (body['events'] as { event: TrailEvent }[]).map(({ event }) => event);
}

export type RuleResult = {
  readonly rule: string;
  readonly outcome: string;
  readonly observed: string | null;
  readonly limit: string | null;
  readonly missing: string | null;
};

/** What the rules said, as an answer or a view shows it. */
export function rules(body: Body): RuleResult[] {
  return (body['verdict'] as { rules: RuleResult[] }).rules;
}

/** The rules that did not pass. */
export function refusing(body: Body): string[] {
  return rules(body)
    .filter(({ outcome }) => outcome !== 'pass' && outcome !== 'warn')
    .map(({ rule }) => rule);
}

/** How many intents there are, for tests that nothing was half-written. */
export async function countIntents({ operator }: Pick<Product, 'operator'>): Promise<number> {
  let count = 0;
  let cursor: string | null = null;
  do {
    const query: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const { body } = await operator.get(`/requests?limit=200${query}`);
    count += (body['requests'] as unknown[]).length;
    cursor = body['nextCursor'] as string | null;
  } while (cursor !== null);
  return count;
}

/**
 * Sets the exchange's clock and waits until the gateway has noticed, which it does with its next liveness ping:
 * `local` is how R5 then shows the moment, such as `2026-11-29 11:00`.
 */
export async function setMarketTime(
  product: Product,
  instant: string,
  local: string,
): Promise<void> {
  await product.sim.setClock({ instant, running: true });
  await until(`the market clock shows ${local}`, async () => {
    const { body } = await product.agent.post('/risk/evaluate', order());
    const shown = rules(body).find(({ rule }) => rule === 'R5')?.observed ?? '';
    return shown.startsWith(local) ? true : null;
  });
}
