import type { LinkState } from '../../domain/risk/facts.ts';
import type { BrokerEvent } from '../port.ts';
import { createAccounts } from './account.ts';
import type { Asking } from './ask.ts';
import { createEventTranslator } from './broker-events.ts';
import { defaultBrokerTiming, type BrokerTiming } from './broker-timing.ts';
import { systemClock, type Clock } from './clock.ts';
import { createContracts } from './contracts.ts';
import { createEndMarkerChannel } from './end-marker.ts';
import { createFeed } from './feed.ts';
import { createFx } from './fx.ts';
import { createLink } from './link.ts';
import { createMarketClock } from './market-clock.ts';
import { createMarketData } from './market-data.ts';
import { createOrderBook } from './order-book.ts';
import { createPlace } from './place.ts';
import type { Environment } from './session-status.ts';
import { Session } from './session.ts';
import { createTokenBucket } from './token-bucket.ts';
import { createWhatIf } from './what-if.ts';

export type IbkrBrokerOptions = {
  readonly host: string;
  readonly port: number;
  readonly environment: Environment;
  readonly writeClientId: number;
  readonly readClientId: number;
  readonly timing?: Partial<BrokerTiming>;
  readonly clock?: Clock;
  /** Faults that were contained (the library or a listener threw). For the operator's log only. */
  readonly onFault?: (cause: unknown) => void;
};

/** The actors of one broker, wired and not yet started. */
export type BrokerParts = ReturnType<typeof assemble>;

export function assemble(options: IbkrBrokerOptions) {
  const timing: BrokerTiming = { ...defaultBrokerTiming, ...options.timing };
  const clock = options.clock ?? systemClock;
  const onFault = options.onFault ?? ((): void => undefined);
  const bucket = createTokenBucket(clock, timing.messagesPerSecond, timing.writeReserve);
  const events = createFeed<BrokerEvent>(onFault);
  const links = createFeed<LinkState>(onFault);
  const link = createLink(clock, links.tell);
  const session = (name: 'write' | 'read', clientId: number): Session =>
    new Session({
      host: options.host,
      port: options.port,
      environment: options.environment,
      clientId,
      clock,
      bucket,
      timing,
      onFault,
      onStatus: (status) => {
        link.report(name, status);
      },
    });
  const write = session('write', options.writeClientId);
  const read = session('read', options.readClientId);
  const writing: Asking = { session: write, bucket, clock };
  const reading: Asking = { session: read, bucket, clock };
  const translator = createEventTranslator(write.clientId, clock, events.tell);
  // First of all listeners: nothing may stand before the record of what the broker said.
  write.listen(translator.listeners);
  const channel = createEndMarkerChannel(writing);
  const book = createOrderBook(writing, channel, timing.readDeadlineMs);
  const accounts = createAccounts(reading, {
    downloadDeadlineMs: timing.readDeadlineMs,
    pnlDeadlineMs: timing.pnlDeadlineMs,
  });
  const marketData = createMarketData(reading, {
    deadlineMs: timing.quoteDeadlineMs,
    snapshotDeadlineMs: timing.snapshotDeadlineMs,
    silentAfterMs: timing.quoteSilentAfterMs,
    lines: timing.marketDataLines,
  });
  const contracts = createContracts(reading, {
    deadlineMs: timing.readDeadlineMs,
    keepMs: timing.detailsKeepMs,
    searchEveryMs: timing.searchEveryMs,
  });
  return {
    timing,
    clock,
    onFault,
    events,
    links,
    link,
    write,
    read,
    writing,
    channel,
    book,
    accounts,
    marketData,
    contracts,
    marketTime: createMarketClock(reading, timing.readDeadlineMs),
    whatIf: createWhatIf(reading, timing.whatIfDeadlineMs),
    fx: createFx(reading, marketData, accounts, timing.readDeadlineMs),
    place: createPlace({
      session: write,
      bucket,
      clock,
      environment: options.environment,
      onLeaving: translator.expect,
    }),
  };
}
