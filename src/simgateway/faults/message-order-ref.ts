// Which order an outgoing message is about, for faults that strike one order's messages only.
import type { Simulation } from '../simulation.ts';
import type { Layout, Values } from '../wire/field-table.ts';

type Find = (sim: Simulation, clientId: number, values: Values) => string | undefined;

const text = (value: Values[string]) => (typeof value === 'string' ? value : undefined);
const byPermId: Find = (sim, _, { permId }) => sim.store.orders.get(Number(permId))?.orderRef;

/** How each message is tied to an order; what is not listed carries the orderRef, or none. */
const FINDERS: Readonly<Record<string, Find>> = {
  orderStatus: byPermId,
  orderBound: byPermId,
  error: (sim, clientId, { id }) => sim.store.byOrderId(clientId, Number(id))?.orderRef,
  commissionReport: (sim, _, { execId }) =>
    sim.store.executions.findLast((e) => e.execId === execId)?.orderRef,
};

/** The orderRef of the order a message is about; undefined when it is about none. */
export const orderRefOf = (
  sim: Simulation,
  clientId: number,
  layout: Layout,
  values: Values,
): string | undefined => text(values.orderRef) ?? FINDERS[layout.name]?.(sim, clientId, values);
