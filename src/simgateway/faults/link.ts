// The link between the gateway and the broker (1100, 1101, 1102), and restarts of the gateway itself.
import { broadcast } from '../session/publish.ts';
import type { RestartOptions, Simulation } from '../simulation.ts';

type LinkState = 'down' | 'up-data-lost' | 'up-data-kept';

const MESSAGES: Record<LinkState, { code: number; text: string }> = {
  down: { code: 1100, text: 'Connectivity between IBKR and Trader Workstation has been lost.' },
  'up-data-lost': {
    code: 1101,
    text: 'Connectivity between IBKR and Trader Workstation has been restored - data lost.',
  },
  'up-data-kept': {
    code: 1102,
    text: 'Connectivity between IBKR and Trader Workstation has been restored - data maintained.',
  },
};

/** Cuts or restores the link. While it is down orders are kept as PendingSubmit and nothing fills. */
export function setLink(sim: Simulation, state: LinkState, silent: boolean): void {
  sim.journal.add('fault', -1, `link-${state}`, { silent });
  sim.desk.linkUp = state !== 'down';
  if (!silent) broadcast(sim, MESSAGES[state].code, MESSAGES[state].text);
  if (state === 'up-data-lost') {
    for (const session of sim.sessions) session.subscriptions.marketData.clear();
  }
  if (sim.desk.linkUp) sim.desk.evaluateAll();
}

/**
 * Ends every connection as a restart does; orders stay. `rollBackIds` hands out order ids anew that
 * were used before, the fault of reference note §0.6; `downMs` refuses connections for a while.
 */
export function restart(sim: Simulation, options: RestartOptions): void {
  sim.journal.add('fault', -1, 'restart', { ...options });
  for (const session of [...sim.sessions]) session.close('now');
  sim.desk.linkUp = true;
  for (const [clientId, nextId] of sim.store.nextIds) {
    sim.persistence.setNextId(clientId, Math.max(1, nextId - (options.rollBackIds ?? 0)));
  }
  sim.persistence.commit();
  if (options.downMs === undefined) return;
  sim.isUp = false;
  setTimeout(() => {
    sim.isUp = true;
  }, options.downMs);
}
