// Faults, barriers, connections, the link to the broker, restarts, and the journal that tests judge by.
import { faultKinds, faultProblem } from '../faults/fault-plan.ts';
import { restart, setLink } from '../faults/link.ts';
import type { ClientSession } from '../session/client-session.ts';
import type { Simulation } from '../simulation.ts';
import { ControlError, required, route } from './route.ts';

const SPLIT_BYTES = 3;

function sessionsOf(sim: Simulation, target: string | undefined): ClientSession[] {
  const all = [...sim.sessions];
  const found = target === 'all' ? all : all.filter((s) => String(s.clientId) === target);
  if (found.length === 0 && target !== 'all') {
    throw new ControlError(404, `no connection of client ${target ?? ''}`);
  }
  return found;
}

/** What can be done to a connection: one row each. */
const CONNECTION_ACTIONS: Record<string, (s: ClientSession, amount?: number) => void> = {
  drop: (s) => {
    s.close('now');
  },
  end: (s) => {
    s.close('flush');
  },
  reset: (s) => {
    s.close('reset');
  },
  pause: (s) => {
    s.pause(true);
  },
  resume: (s) => {
    s.pause(false);
  },
  delay: (s, amount) => {
    s.slow({ delayMs: amount ?? 0 });
  },
  split: (s, amount) => {
    s.slow({ bytes: amount ?? SPLIT_BYTES });
  },
};

/** Routes for faults, connections and the journal. */
export const faultRoutes = [
  route('GET', '/fault-kinds', {}, () => faultKinds()),
  route('GET', '/faults', {}, (sim) => sim.faults.list()),
  route(
    'POST',
    '/faults',
    {
      kind: 'text',
      times: 'int',
      clientId: 'int',
      orderRef: 'text',
      message: 'text',
      chancePercent: 'int',
      code: 'int',
      text: 'text',
      reset: 'bool',
      delayMs: 'int',
    },
    (sim, input) => {
      const kind = required('kind', input.kind);
      const problem = faultProblem({ ...input, kind });
      if (problem !== undefined) throw new ControlError(400, problem);
      return sim.faults.arm({ ...input, kind });
    },
  ),
  route('DELETE', '/faults', {}, (sim) => {
    sim.faults.disarm();
    return {};
  }),
  route('DELETE', '/faults/:id', {}, (sim, _, { id }) => {
    sim.faults.disarm(Number(id));
    return {};
  }),
  route('GET', '/holds', {}, (sim) => sim.holds.list()),
  route('POST', '/holds/:id/release', { action: 'text' }, (sim, { action = 'proceed' }, { id }) => {
    if (action !== 'proceed' && action !== 'swallow' && action !== 'drop') {
      throw new ControlError(400, "field 'action' must be proceed, swallow or drop");
    }
    if (!sim.holds.release(Number(id), action)) throw new ControlError(404, `no hold ${id ?? ''}`);
    return {};
  }),
  route('GET', '/connections', {}, (sim) =>
    [...sim.sessions].map(({ clientId, version, isReady }) => ({ clientId, version, isReady })),
  ),
  route(
    'POST',
    '/connections/:client',
    { action: 'text', amount: 'int' },
    (sim, { action, amount }, { client }) => {
      const run = CONNECTION_ACTIONS[required('action', action)];
      if (run === undefined) {
        const known = Object.keys(CONNECTION_ACTIONS).join(', ');
        throw new ControlError(400, `unknown action; known: ${known}`);
      }
      const sessions = sessionsOf(sim, client);
      for (const s of sessions) {
        sim.journal.add('fault', s.clientId, `connection-${action ?? ''}`, { amount });
        run(s, amount);
      }
      return { connections: sessions.length };
    },
  ),
  route('PUT', '/link', { state: 'text', silent: 'bool' }, (sim, { state, silent }) => {
    if (state !== 'down' && state !== 'up-data-lost' && state !== 'up-data-kept') {
      throw new ControlError(400, "field 'state' must be down, up-data-lost or up-data-kept");
    }
    setLink(sim, state, { silent: silent ?? false });
    return { linkUp: sim.desk.linkUp };
  }),
  route('POST', '/restart', { rollBackIds: 'int', downMs: 'int' }, (sim, input) => {
    restart(sim, input);
    return { nextIds: Object.fromEntries(sim.store.nextIds) };
  }),
  route(
    'GET',
    '/journal',
    {
      since: 'int',
      message: 'text',
      direction: 'text',
      clientId: 'int',
      orderRef: 'text',
      limit: 'int',
    },
    (sim, input) => ({ lastSeq: sim.journal.lastSeq(), entries: sim.journal.query(input) }),
  ),
  route('GET', '/frames', { orderRef: 'text' }, (sim, { orderRef }) => {
    const counts = [...sim.store.frames].map(([ref, count]) => ({ orderRef: ref, ...count }));
    return orderRef === undefined ? counts : counts.filter((c) => c.orderRef === orderRef);
  }),
];
