import type { BrokerIncident, LiveProof } from '../port.ts';
import { permIdOf } from './broker-events.ts';
import type { Clock } from './clock.ts';
import type { EndMarkerChannel } from './end-marker.ts';
import { isFinished } from './order-status.ts';

/** Asks TWS twice, for the orders of our client and for all, which orders of that orderRef live. Never throws for silence. */
export async function proveLive(
  channel: EndMarkerChannel,
  deadlineMs: number,
  orderRef: string,
): Promise<LiveProof> {
  const live = new Set<string>();
  const ask = (what: string, send: 'reqOpenOrders' | 'reqAllOpenOrders'): Promise<unknown> =>
    channel({
      what,
      deadlineMs,
      lane: 'write',
      send: (api) => api[send](),
      endMarker: 'openOrderEnd',
      collect: () => ({
        listeners: {
          openOrder: (orderId, _contract, order, state) => {
            if (order.orderRef !== orderRef || isFinished(state.status)) return;
            live.add(permIdOf(order.permId) ?? `${order.clientId ?? -1}/${orderId}`);
          },
        },
        result: () => undefined,
      }),
    });
  const answers = await Promise.allSettled([
    ask('own open orders', 'reqOpenOrders'),
    ask('open orders', 'reqAllOpenOrders'),
  ]);
  const permIds = [...live].sort();
  if (permIds.length > 1) return { kind: 'several', permIds };
  if (answers.some(({ status }) => status === 'rejected')) return { kind: 'unknown' };
  const [permId] = permIds;
  return permId === undefined ? { kind: 'none' } : { kind: 'one', permId };
}

type Watch = {
  readonly channel: EndMarkerChannel;
  readonly clock: Clock;
  /** Pause before a question, and its deadline. */
  readonly afterMs: number;
  readonly deadlineMs: number;
  readonly raise: (incident: BrokerIncident, orderRef: string, detail: string) => void;
};

/** So often it is asked before silence itself is the incident. */
const PROOFS = 3;

/** After a modification: proves that not more than one order lives, or raises what a person must look at. */
export function watchModified(
  watch: Watch,
  orderRef: string,
  modifyId: string,
  left = PROOFS,
): void {
  const { channel, clock, afterMs, deadlineMs, raise } = watch;
  clock.after(afterMs, () => {
    void proveLive(channel, deadlineMs, orderRef).then((proof) => {
      if (proof.kind === 'several') raise('two-live-orders', orderRef, proof.permIds.join('+'));
      if (proof.kind !== 'unknown') return;
      if (left > 1) watchModified(watch, orderRef, modifyId, left - 1);
      else raise('modify-unproven', orderRef, modifyId);
    });
  });
}
