// Everything one simulated gateway consists of, put together. It owns no socket: the servers do.
import { openAccount } from './accounts/open-account.ts';
import type { AccountStart } from './accounts/open-account.ts';
import type { Account, PricingPlan } from './accounts/account.ts';
import { pricesOf } from './accounts/prices.ts';
import type { Prices } from './accounts/prices.ts';
import { Journal } from './control/journal.ts';
import { FaultPlan } from './faults/fault-plan.ts';
import { HoldRegister } from './faults/hold-register.ts';
import { OrderWatch } from './faults/order-watch.ts';
import { createLink } from './faults/link.ts';
import type { Link } from './faults/link.ts';
import { createExchangeClock } from './market/exchange-clock.ts';
import type { ExchangeClock } from './market/exchange-clock.ts';
import { findInstruments, instrumentByConId } from './market/contract-book.ts';
import { SimMarket } from './market/sim-market.ts';
import type { DeskEvent } from './matching/desk-events.ts';
import type { FillPolicy } from './matching/fill-policy.ts';
import type { Contracts } from './matching/order.ts';
import { OrderDesk } from './matching/order-desk.ts';
import { OrderStore } from './matching/order-store.ts';
import { openPersistence } from './state/persistence.ts';
import type { Persistence } from './state/persistence.ts';
import type { ClientSession } from './session/client-session.ts';
import { publish } from './session/publish.ts';
import { sessionRules } from './session/session-rules.ts';
import type { SessionOptions, SessionRules } from './session/session-rules.ts';
import { MAX_SERVER_VERSION } from './wire/handshake.ts';

/** What a simulated gateway can be built with; everything has a default. */
export type SimulationOptions = SessionOptions & {
  seed?: number;
  /** `virtual`: time moves only when it is advanced. */
  clock?: 'real' | 'virtual';
  /** UTC milliseconds the exchange clock starts at; a real one at the machine's time when absent. */
  clockStart?: number;
  /** File that keeps state across restarts; nothing is kept when absent. */
  stateFile?: string;
  /** Forces the state file to disk with every commit: survives a power cut, and is slower. */
  sync?: boolean;
  /** Highest server version to negotiate, 100…200. */
  serverVersion?: number;
  /** Ids, or ids with what each starts with; one account of a million dollars when absent. */
  accounts?: readonly (string | AccountStart)[];
  /** Commission plan of every account; `fixed` when absent. */
  pricing?: PricingPlan;
  /** How orders fill; against displayed size and tape when absent. */
  fillPolicy?: FillPolicy;
  /** Client id that sees every client's orders besides client 0. */
  masterClientId?: number;
};
/** Which market data the user is entitled to. */
type DataAccess = 'live' | 'delayed' | 'none' | 'competing';

/** The parts of one gateway, shared by its sessions and its control port. */
export type Simulation = {
  seed: number;
  clock: ExchangeClock;
  market: SimMarket;
  accounts: Map<string, Account>;
  /** Contracts, marks and rates: what accounts are valued by. */
  prices: Prices;
  store: OrderStore;
  desk: OrderDesk;
  journal: Journal;
  faults: FaultPlan;
  holds: HoldRegister;
  orderWatch: OrderWatch;
  link: Link;
  persistence: Persistence;
  sessions: Set<ClientSession>;
  /** How strict it is with its clients. */
  rules: SessionRules;
  dataAccess: DataAccess;
  /** False while a restart is under way: connections are refused. */
  isUp: boolean;
  maxServerVersion: number;
  masterClientId: number;
  /** Commits state, then lets buffered bytes leave, once per turn of the event loop. */
  scheduleFlush(): void;
  flushNow(): void;
};

function persistEvent(sim: Simulation, event: DeskEvent): void {
  if ('order' in event) sim.persistence.markOrder(event.order);
  if (event.type === 'execution') sim.persistence.addExecution(event.execution);
  if (event.type === 'whatIf') {
    // Nothing else remembers it: no order stands for the id that was used up.
    sim.persistence.setNextId(event.clientId, sim.store.nextId(event.clientId));
  }
  if (event.type === 'holdingsChanged') {
    const account = sim.accounts.get(event.account);
    if (account !== undefined) sim.persistence.markAccount(account);
  }
}

function openAccounts(options: SimulationOptions, prices: Prices): Map<string, Account> {
  const { accounts = ['DU1234567'], pricing = 'fixed' } = options;
  const starts = accounts.map((given) => (typeof given === 'string' ? { id: given } : given));
  return new Map(
    starts.map((start, i) => [start.id, openAccount(start, i === 0, pricing, prices)]),
  );
}

/** The contracts that exist at the clock's time. */
const catalogue = (clock: ExchangeClock): Contracts => ({
  byConId: instrumentByConId,
  find: (fields) => findInstruments(fields, clock.now()),
});

/** Builds a gateway, restoring its state when a file is given. */
export function createSimulation(options: SimulationOptions): Simulation {
  const seed = options.seed ?? 7;
  const clock = createExchangeClock(options.clockStart, options.clock);
  const market = new SimMarket(clock, seed);
  const prices = pricesOf(market, instrumentByConId);
  const accounts = openAccounts(options, prices);
  const store = new OrderStore();
  const persistence = openPersistence(options, store, accounts);
  const shared = { clock, store, accounts, market, prices };
  let isFlushScheduled = false;
  const emit = (event: DeskEvent) => {
    persistEvent(sim, event);
    sim.link.pass(event);
    sim.orderWatch.see(event);
    sim.scheduleFlush();
  };
  const sim: Simulation = {
    ...shared,
    seed,
    persistence,
    desk: new OrderDesk({ ...shared, contracts: catalogue(clock), emit }),
    journal: new Journal(() => clock.now()),
    faults: new FaultPlan(seed, () => clock.now()),
    holds: new HoldRegister(),
    orderWatch: new OrderWatch(),
    link: createLink((event) => {
      publish(sim, event);
    }),
    sessions: new Set(),
    rules: sessionRules(options),
    dataAccess: 'live',
    isUp: true,
    maxServerVersion: options.serverVersion ?? MAX_SERVER_VERSION,
    masterClientId: options.masterClientId ?? 0,
    scheduleFlush: () => {
      if (isFlushScheduled) return;
      isFlushScheduled = true;
      setImmediate(() => {
        sim.flushNow();
      });
    },
    flushNow: () => {
      isFlushScheduled = false;
      persistence.commit();
      for (const session of sim.sessions) session.flush();
    },
  };
  if (options.fillPolicy !== undefined) sim.desk.policy = options.fillPolicy;
  return sim;
}
