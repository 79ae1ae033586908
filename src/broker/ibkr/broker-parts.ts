import type { LinkState } from '../../domain/risk/facts.ts';
import type { BrokerEvent } from '../port.ts';
import type { DailyWindow } from '../../domain/time/daily-window.ts';
import { Accounts } from './account.ts';
import type { Asking } from './ask.ts';
import { EventTranslator } from './broker-events.ts';
import { defaultBrokerTiming, type BrokerTiming } from './broker-timing.ts';
import { createCancel } from './cancel.ts';
import { systemClock, type Clock } from './clock.ts';
import { createContracts } from './contracts.ts';
import { createEndMarkerChannel, type EndMarkerChannel } from './end-marker.ts';
import { DailyBars } from './daily-bars.ts';
import { Executions } from './executions.ts';
import { createFeed } from './feed.ts';
import { History } from './history.ts';
import { createFx } from './fx.ts';
import { Instruments } from './instruments.ts';
import { createLink, type Link } from './link.ts';
import { createMarketClock } from './market-clock.ts';
import { MarketData } from './market-data.ts';
import { OrderBook } from './order-book.ts';
import { createModify } from './modify.ts';
import { createPlace } from './place.ts';
import { watchModified } from './prove-live.ts';
import type { Environment, SessionStatus } from './session-status.ts';
import { Session } from './session.ts';
import { TokenBucket } from './token-bucket.ts';
import { Turns } from './turns.ts';
import { createWhatIf } from './what-if.ts';

export type IbkrBrokerOptions = {
  readonly host: string;
  readonly port: number;
  readonly environment: Environment;
  readonly writeClientId: number;
  readonly readClientId: number;
  readonly timing?: Partial<BrokerTiming>;
  /** The daily restart of TWS, during which new orders are held off. */
  readonly restartWindow?: DailyWindow | null;
  readonly clock?: Clock;
  /** Faults that were contained (the library or a listener threw). For the operator's log only. */
  readonly onFault?: (cause: unknown) => void;
};

/** The actors of one broker, wired and not yet started. */
export type BrokerParts = ReturnType<typeof assemble>;

export function assemble(options: IbkrBrokerOptions) {
  const timing: BrokerTiming = { ...defaultBrokerTiming, ...options.timing };
  const clock = options.clock ?? systemClock;
  const counts = { faults: 0, events: 0 };
  const onFault = (cause: unknown): void => {
    counts.faults += 1;
    options.onFault?.(cause);
  };
  const bucket = new TokenBucket(clock, timing.messagesPerSecond, timing.writeReserve);
  const links = createFeed<LinkState>(onFault);
  const link = createLink(clock, options.restartWindow ?? null, links.tell);
  const asking = (name: 'write' | 'read', clientId: number): Asking => {
    const { host, port, environment } = options;
    const onStatus = (status: SessionStatus): void => {
      link.report(name, status);
    };
    const shared = { host, port, environment, clock, bucket, timing, onFault };
    return { session: new Session({ ...shared, clientId, onStatus }), bucket, clock };
  };
  const writing = asking('write', options.writeClientId);
  const reading = asking('read', options.readClientId);
  return {
    timing,
    clock,
    onFault,
    links,
    link,
    bucket,
    counts,
    ...orderParts(writing, link, timing, options.environment, onFault),
    ...readParts(reading, timing),
  };
}

/** What lives on the order session. */
function orderParts(
  writing: Asking,
  link: Link,
  timing: BrokerTiming,
  environment: Environment,
  onFault: (cause: unknown) => void,
) {
  const { session, bucket, clock } = writing;
  const events = createFeed<BrokerEvent>(onFault);
  const translator = new EventTranslator({
    clientId: session.clientId,
    clock,
    onEvent: events.tell,
    // Before the first session nothing is known, and nothing can be wrong.
    servesAccount: (account) => session.accounts.length === 0 || session.accounts.includes(account),
    onFault,
  });
  // First of all listeners: nothing may stand before the record of what the broker said.
  session.listen(translator.listeners);
  const channel = createEndMarkerChannel(writing);
  const turns = new Turns(bucket, timing.turnWithinMs);
  return {
    write: session,
    writing,
    events,
    channel,
    turns,
    book: new OrderBook(writing, channel, timing.readDeadlineMs),
    ...writesOf({ session, turns, clock, environment, link, translator, channel, timing }),
  };
}

type WriteParts = {
  readonly session: Session;
  readonly turns: Turns;
  readonly clock: Clock;
  readonly environment: Environment;
  readonly link: Link;
  readonly translator: EventTranslator;
  readonly channel: EndMarkerChannel;
  readonly timing: BrokerTiming;
};

/** The three ways in which something of an order leaves. */
function writesOf({ link, translator, channel, timing, ...shared }: WriteParts) {
  const watch = {
    channel,
    clock: shared.clock,
    afterMs: timing.modifyProofAfterMs,
    deadlineMs: timing.evidenceDeadlineMs,
    raise: translator.raise.bind(translator),
  };
  return {
    place: createPlace({
      ...shared,
      link: link.state,
      onLeaving: (orderId, intentId) => {
        translator.expect(orderId, intentId);
      },
    }),
    cancel: createCancel({
      ...shared,
      onLeaving: (orderId, cancelId) => {
        translator.expectChange(orderId, cancelId);
      },
    }),
    modify: createModify({
      ...shared,
      link,
      readyForMs: timing.modifyAfterReadyMs,
      onLeaving: ({ orderId, modifyId }) => {
        translator.expectChange(orderId, modifyId);
      },
      onLeft: ({ intentId, modifyId }) => {
        watchModified(watch, intentId, modifyId);
      },
    }),
  };
}

/** What lives on the read session. */
function readParts(reading: Asking, timing: BrokerTiming) {
  const { readDeadlineMs } = timing;
  const accounts = new Accounts(reading, {
    downloadDeadlineMs: readDeadlineMs,
    pnlDeadlineMs: timing.pnlDeadlineMs,
  });
  const marketTime = createMarketClock(reading, readDeadlineMs);
  const marketData = new MarketData(reading, {
    deadlineMs: timing.quoteDeadlineMs,
    snapshotDeadlineMs: timing.snapshotDeadlineMs,
    silentAfterMs: timing.quoteSilentAfterMs,
    staleAfterMs: timing.snapshotStaleAfterMs,
    keepMs: timing.snapshotKeepMs,
    lines: timing.marketDataLines,
  });
  const contracts = createContracts(reading, {
    deadlineMs: readDeadlineMs,
    keepMs: timing.detailsKeepMs,
    searchEveryMs: timing.searchEveryMs,
  });
  const history = new History(reading, timing.history, marketTime);
  return {
    read: reading.session,
    accounts,
    marketData,
    contracts,
    instruments: new Instruments(reading, { contracts, marketData }, timing),
    executions: new Executions(reading, {
      deadlineMs: readDeadlineMs,
      commissionMs: timing.commissionWaitMs,
    }),
    history,
    dailyBars: new DailyBars(reading, history, marketTime, timing.dailyBars),
    marketTime,
    whatIf: createWhatIf(reading, timing.whatIfDeadlineMs),
    fx: createFx(reading, marketData, accounts, readDeadlineMs),
  };
}
