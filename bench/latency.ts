import { setTimeout as sleep } from 'node:timers/promises';
import type { Product } from '../test/support/product.ts';
import type { Floor } from './floor/floor.ts';
import type { Orders, Pending } from './orders.ts';
import { timed, type Sample } from './sample.ts';

/** Times to the verdict at one pace, of the floor and of both doors, and times to the gateway's socket. */
export type Latency = {
  readonly propose: Record<'floor' | 'http' | 'mcp', Sample>;
  readonly grant: Record<'floor' | 'http', Sample>;
};

type World = { readonly product: Product; readonly floor: Floor; readonly orders: Orders };

/** One at a time; floor and product take turns, so that noise of the machine hits both. */
export async function oneAtATime(
  { product, floor, orders }: World,
  rounds: number,
): Promise<Latency> {
  const propose = { floor: [] as Sample, http: [] as Sample, mcp: [] as Sample };
  const grant = { floor: [] as Sample, http: [] as Sample };
  for (let round = 0; round < rounds; round += 1) {
    if (round % 25 === 0) await orders.lookAtMarket();
    const workflowId = await timed(propose.floor, () => floor.propose());
    const startedAtMs = wallMs();
    grant.floor.push((await floor.grant(workflowId)) - startedAtMs);
    const order = await timed(propose.http, orders.proposeByHttp);
    grant.http.push(await granted(product, orders, order));
    const other = await timed(propose.mcp, orders.proposeByMcp);
    await orders.withdraw(other);
  }
  return { propose, grant };
}

/** From the grant's request to the arrival of the order's bytes at the gateway's socket. */
async function granted(product: Product, orders: Orders, order: Pending): Promise<number> {
  const startedAtMs = wallMs();
  const [{ status, body }, state] = await Promise.all([
    orders.grant(order),
    orders.finished(order),
  ]);
  if (status !== 200 || state !== 'Filled') {
    throw new Error(`a granted order is ${state}: ${JSON.stringify(body)}`);
  }
  const [frame] = await orderFrames(product, { orderRef: order.intentId });
  if (frame === undefined) throw new Error('a filled order has no frame in the journal');
  return frame.wallMs - startedAtMs;
}

/** Real placeOrder frames in the journal of the simulated gateway. */
export async function orderFrames(
  product: Product,
  filter: { readonly orderRef?: string; readonly since?: number },
) {
  const query = { message: 'placeOrder', direction: 'in', ...filter };
  const { entries } = await product.sim.journal(query);
  return entries.filter(({ fields }) => fields['whatIf'] !== true);
}

/** At `perSecond` whether or not earlier ones have been answered; in blocks that take turns. */
export async function atAPace(
  { floor, orders }: World,
  options: { readonly perSecond: number; readonly blocks: number; readonly perBlock: number },
): Promise<Latency['propose']> {
  const propose = { floor: [] as Sample, http: [] as Sample, mcp: [] as Sample };
  const withdraw = (one: Pending) => orders.withdraw(one);
  for (let block = 0; block < options.blocks; block += 1) {
    await orders.lookAtMarket();
    await paced(options, () => timed(propose.floor, () => floor.propose())).then((ids) =>
      Promise.all(ids.map((id) => floor.withdraw(id))),
    );
    await paced(options, () => timed(propose.http, orders.proposeByHttp)).then((all) =>
      Promise.all(all.map(withdraw)),
    );
    await paced(options, () => timed(propose.mcp, orders.proposeByMcp)).then((all) =>
      Promise.all(all.map(withdraw)),
    );
  }
  return propose;
}

async function paced<T>(
  { perSecond, perBlock }: { readonly perSecond: number; readonly perBlock: number },
  start: () => Promise<T>,
): Promise<T[]> {
  const running: Promise<T>[] = [];
  for (let index = 0; index < perBlock; index += 1) {
    running.push(start());
    await sleep(1000 / perSecond);
  }
  return Promise.all(running);
}

/** The wall clock with fractions, as other processes on this machine see it. */
export function wallMs(): number {
  return performance.timeOrigin + performance.now();
}
