// Connections, the link to the broker, and restarts.
import { LINK_STATES, restart, setLink } from '../faults/link.ts';
import type { LinkState } from '../faults/link.ts';
import type { ClientSession } from '../session/client-session.ts';
import type { Simulation } from '../simulation.ts';
import { bool, ControlError, int, oneOf, required } from './field.ts';
import { route } from './route.ts';

const SPLIT_BYTES = 3;

function sessionsOf(sim: Simulation, target: string): ClientSession[] {
  const all = [...sim.sessions];
  const found = target === 'all' ? all : all.filter((s) => String(s.clientId) === target);
  if (found.length === 0 && target !== 'all') {
    throw new ControlError(404, `no connection of client ${target}`);
  }
  return found;
}

type Act = (s: ClientSession, amount?: number) => void;

/** What can be done to a connection: one row each. */
const ACTIONS = {
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
  jitter: (s, amount) => {
    s.slow({ jitterMs: amount ?? 0 });
  },
  split: (s, amount) => {
    s.slow({ bytes: amount ?? SPLIT_BYTES });
  },
} as const satisfies Record<string, Act>;
const ACTION_NAMES = Object.keys(ACTIONS) as (keyof typeof ACTIONS)[];

/** Routes for connections and the link. */
export const connectionRoutes = {
  connections: route('GET', '/connections', 'Connected clients', {}, (sim) =>
    [...sim.sessions].map(({ clientId, version, isReady }) => ({ clientId, version, isReady })),
  ),
  connection: route(
    'POST',
    '/connections/:client',
    '`drop` `end` (after what was sent) `reset` (RST) `pause` (half-open) `resume` `delay` and `jitter` (ms) `split` (bytes per write); `:client` may be `all`',
    {
      action: required(oneOf('what to do', ACTION_NAMES)),
      amount: int('milliseconds or bytes', { min: 0 }),
    },
    (sim, { action, amount, client }) => {
      const act: Act = ACTIONS[action];
      const sessions = sessionsOf(sim, client);
      for (const s of sessions) {
        sim.journal.add('fault', s.clientId, `connection-${action}`, { amount });
        act(s, amount);
      }
      return { connections: sessions.length };
    },
  ),
  setLink: route(
    'PUT',
    '/link',
    '`down` (1100), `broken` (2110), `up-data-lost` (1101), `up-data-kept` (1102)',
    {
      state: required(oneOf('how the link is', Object.keys(LINK_STATES) as LinkState[])),
      silent: bool('nobody is told'),
      unseenTrading: bool('when cut: the exchange fills what works there, and no event passes'),
      forkModifies: bool('when cut: a change makes a second order with its own permId'),
      loseEvents: bool('when up: events of the time in between never come; default with 1101'),
    },
    (sim, { state, ...options }) => {
      setLink(sim, state, options);
      return { linkUp: sim.desk.linkUp };
    },
  ),
  restart: route(
    'POST',
    '/restart',
    'Ends all connections as the nightly restart does; orders stay',
    {
      rollBackIds: int('hands out so many used order ids again', { min: 0 }),
      downMs: int('refuses connections for so long', { min: 0 }),
    },
    (sim, input) => {
      restart(sim, input);
      return { nextIds: Object.fromEntries(sim.store.nextIds) };
    },
  ),
};
