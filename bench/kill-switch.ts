import { setTimeout as sleep } from 'node:timers/promises';
import type { Product } from '../test/support/product.ts';
import { orderFrames, wallMs } from './latency.ts';
import type { Orders } from './orders.ts';
import { timed, type Sample } from './sample.ts';

export type Storm = {
  readonly activate: Sample;
  readonly granted: number;
  /** Orders whose bytes arrived before the switch was on: the storm was real. */
  readonly sent: number;
  /** placeOrder frames that arrived after `activate` had returned. Anything but 0 is a broken promise. */
  readonly late: number;
};

/** Activates the kill switch in the middle of a storm of grants, again and again. */
export async function storms(
  product: Product,
  orders: Orders,
  { rounds, size }: { readonly rounds: number; readonly size: number },
): Promise<Storm> {
  const activate: Sample = [];
  let sent = 0;
  let late = 0;
  for (let round = 0; round < rounds; round += 1) {
    if (round % 5 === 0) await orders.lookAtMarket();
    const pending = await Promise.all(Array.from({ length: size }, () => orders.proposeByHttp()));
    const { lastSeq: since } = await product.sim.journal({ since: Number.MAX_SAFE_INTEGER });
    const grants = pending.map((one) => orders.grant(one));
    await sleep(40 + ((round * 97) % 500));
    const { status } = await timed(activate, () =>
      product.operator.post('/kill-switch/activate', { reason: 'the benchmark stops its storm' }),
    );
    const returnedAtMs = wallMs();
    if (status !== 200) throw new Error(`activate answered ${status}`);
    await Promise.all(grants);
    await sleep(500);
    const frames = await orderFrames(product, { since });
    sent += frames.length;
    late += frames.filter((frame) => frame.wallMs > returnedAtMs).length;
    await product.operator.post('/kill-switch/release', {
      reason: 'the next round of the benchmark',
    });
    await Promise.all(pending.map((one) => orders.withdraw(one)));
  }
  return { activate, granted: rounds * size, sent, late };
}
