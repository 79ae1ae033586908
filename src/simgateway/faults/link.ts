// The link between the gateway and the broker (1100, 1101, 1102, 2110), and restarts of the gateway.
// While the link is down new orders wait as PendingSubmit. What the exchange does meanwhile reaches no
// client if the link was cut that way: it comes with the link, or is lost for good, though queries show it.
import type { DeskEvent } from '../matching/desk-events.ts';
import { broadcast } from '../session/publish.ts';
import type { Simulation } from '../simulation.ts';

/** What can be done to the link. */
export const LINK_STATES = {
  down: { code: 1100, text: 'Connectivity between IBKR and Trader Workstation has been lost.' },
  broken: {
    code: 2110,
    text:
      'Connectivity between Trader Workstation and server is broken. ' +
      'It will be restored automatically.',
  },
  'up-data-lost': {
    code: 1101,
    text: 'Connectivity between IBKR and Trader Workstation has been restored - data lost.',
  },
  'up-data-kept': {
    code: 1102,
    text: 'Connectivity between IBKR and Trader Workstation has been restored - data maintained.',
  },
} as const;
export type LinkState = keyof typeof LINK_STATES;

/** How the link is cut or comes back. */
export type LinkOptions = {
  /** Nobody is told. */
  silent?: boolean;
  /** When cut: the exchange goes on filling orders that work there, and no event passes. */
  unseenTrading?: boolean;
  /** When it comes back: events of the time in between never come; true with 1101 unless given. */
  loseEvents?: boolean;
  /** When cut: a change of a live order makes a second one with its own permId. */
  forkModifies?: boolean;
};
/** What a restart may break: ids handed out again, and how long connections are refused. */
export type RestartOptions = { rollBackIds?: number; downMs?: number };

/** The link as events meet it. */
export type Link = {
  /** Publishes a desk event, or keeps it while the link holds events back. */
  pass(event: DeskEvent): void;
  holdEvents(): void;
  /** Lets events through again; what was kept is published or lost. Returns how many there were. */
  releaseEvents(isLost: boolean): number;
};

/** An order goes on changing, so what is kept is how it was. */
function frozen(event: DeskEvent): DeskEvent {
  return 'order' in event ? { ...event, order: structuredClone(event.order) } : event;
}

/** A link that is up. */
export function createLink(publish: (event: DeskEvent) => void): Link {
  let kept: DeskEvent[] | undefined;
  return {
    pass: (event) => {
      // A refusal is the gateway's own word and needs no link.
      if (kept === undefined || event.type === 'refused') publish(event);
      else kept.push(frozen(event));
    },
    holdEvents: () => {
      kept ??= [];
    },
    releaseEvents: (isLost) => {
      const events = kept ?? [];
      kept = undefined;
      if (!isLost) for (const event of events) publish(event);
      return events.length;
    },
  };
}

/** Cuts or restores the link. */
export function setLink(sim: Simulation, state: LinkState, options: LinkOptions = {}): void {
  const isUp = state === 'up-data-lost' || state === 'up-data-kept';
  const { code, text } = LINK_STATES[state];
  const silent = options.silent ?? false;
  sim.journal.add('fault', -1, `link-${state}`, { ...options, silent });
  sim.desk.linkUp = isUp;
  sim.desk.tradesUnseen = !isUp && options.unseenTrading === true;
  sim.desk.forksModifies = !isUp && options.forkModifies === true;
  if (sim.desk.tradesUnseen) sim.link.holdEvents();
  if (!silent) broadcast(sim, code, text);
  if (state === 'up-data-lost') {
    for (const { subscriptions } of sim.sessions) {
      subscriptions.marketData.clear();
      subscriptions.feeds.clear();
    }
  }
  if (!isUp) return;
  const isLost = options.loseEvents ?? state === 'up-data-lost';
  const events = sim.link.releaseEvents(isLost);
  if (isLost && events > 0) sim.journal.add('fault', -1, 'events-lost', { events });
  sim.desk.evaluateAll();
}

/**
 * Ends every connection as a restart does; orders stay. `rollBackIds` hands out order ids anew that
 * were used before, the fault of reference note §0.6; `downMs` refuses connections for a while.
 */
export function restart(sim: Simulation, options: RestartOptions): void {
  sim.journal.add('fault', -1, 'restart', { ...options });
  for (const session of [...sim.sessions]) session.close('now');
  sim.link.releaseEvents(true);
  sim.desk.linkUp = true;
  sim.desk.tradesUnseen = false;
  sim.desk.forksModifies = false;
  for (const [clientId, nextId] of sim.store.nextIds) {
    sim.persistence.setNextId(clientId, Math.max(1, nextId - (options.rollBackIds ?? 0)));
  }
  sim.persistence.commit();
  if (options.downMs === undefined) return;
  sim.isUp = false;
  sim.clock.after(options.downMs, () => {
    sim.isUp = true;
  });
}
