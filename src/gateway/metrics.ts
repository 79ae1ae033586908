import type { BrokerNumbers } from '../broker/port.ts';
import { linkReasonCodes } from '../domain/link-reason.ts';
import { epochMs } from '../domain/time/instant.ts';

/** What the gateway process shows of itself to whoever measures it. */
export type GatewayNumbers = {
  readonly broker: BrokerNumbers;
  /** Broker events that wait for the database. */
  readonly eventsWaiting: number;
  readonly holdsLease: boolean;
};

type Sample = { readonly labels?: string; readonly value: number };
type Metric = {
  readonly name: string;
  readonly type: 'gauge' | 'counter';
  readonly help: string;
  readonly read: (numbers: GatewayNumbers) => readonly Sample[];
};

const linkStates = ['ready', 'connecting', 'degraded', 'down'] as const;
const one = (value: number): readonly Sample[] => [{ value }];

const slug = (name: string): string => name.replaceAll(' ', '-');

/** Every metric; adding one is adding a row. */
const metrics: readonly Metric[] = [
  {
    name: 'countersign_broker_link_state',
    type: 'gauge',
    help: '1 for the state that the link to TWS is in, 0 for the others.',
    read: ({ broker }) =>
      linkStates.map((state) => ({
        labels: `state="${state}"`,
        value: broker.link.state === state ? 1 : 0,
      })),
  },
  {
    name: 'countersign_broker_link_reason',
    type: 'gauge',
    help: '1 for the reason of that state, 0 for the others.',
    read: ({ broker }) =>
      linkReasonCodes.map((reason) => ({
        labels: `reason="${reason}"`,
        value: broker.link.reason === reason ? 1 : 0,
      })),
  },
  {
    name: 'countersign_broker_link_since_timestamp_seconds',
    type: 'gauge',
    help: 'When the link came into its state.',
    read: ({ broker }) => one(epochMs(broker.link.since) / 1000),
  },
  {
    name: 'countersign_broker_connections_total',
    type: 'counter',
    help: 'Connections to TWS that were tried, by session.',
    read: ({ broker }) =>
      (['write', 'read'] as const).map((name) => ({
        labels: `session="${name}"`,
        value: broker.connections[name],
      })),
  },
  {
    name: 'countersign_broker_messages_total',
    type: 'counter',
    help: 'Messages sent to TWS over all sessions.',
    read: ({ broker }) => one(broker.messages.total),
  },
  {
    name: 'countersign_broker_messages_last_second',
    type: 'gauge',
    help: 'Messages of the last second and places kept for the next ones; TWS allows 50.',
    read: ({ broker }) => one(broker.messages.lastSecond),
  },
  {
    name: 'countersign_broker_messages_waiting',
    type: 'gauge',
    help: 'Messages that wait for a place in the pacing.',
    read: ({ broker }) => one(broker.messages.waiting),
  },
  {
    name: 'countersign_broker_events_total',
    type: 'counter',
    help: 'What TWS has said of orders.',
    read: ({ broker }) => one(broker.events),
  },
  {
    name: 'countersign_broker_faults_total',
    type: 'counter',
    help: 'Faults of the library or of a listener that were contained.',
    read: ({ broker }) => one(broker.faults),
  },
  {
    name: 'countersign_broker_cache_answers_total',
    type: 'counter',
    help: 'Reads from the broker by cache and how they were answered: kept, asked, joined, or asked anew on demand.',
    read: ({ broker }) =>
      broker.reads.caches.flatMap(({ name, hits, misses, shared, bypassed }) =>
        Object.entries({ hits, misses, shared, bypassed }).map(([outcome, value]) => ({
          labels: `cache="${slug(name)}",outcome="${outcome}"`,
          value,
        })),
      ),
  },
  {
    name: 'countersign_broker_cache_entries',
    type: 'gauge',
    help: 'Answers that each cache keeps.',
    read: ({ broker }) =>
      broker.reads.caches.map(({ name, entries }) => ({
        labels: `cache="${slug(name)}"`,
        value: entries,
      })),
  },
  {
    name: 'countersign_broker_cache_evictions_total',
    type: 'counter',
    help: 'Answers that a full cache gave up.',
    read: ({ broker }) =>
      broker.reads.caches.map(({ name, evictions }) => ({
        labels: `cache="${slug(name)}"`,
        value: evictions,
      })),
  },
  {
    name: 'countersign_broker_market_data_lines',
    type: 'gauge',
    help: 'Market data lines that are open, and the most that may be.',
    read: ({ broker: { reads } }) => [
      { labels: 'kind="open"', value: reads.lines.open },
      { labels: 'kind="most"', value: reads.lines.most },
    ],
  },
  {
    name: 'countersign_broker_history_questions_recent',
    type: 'gauge',
    help: 'Questions for historical data in the last ten minutes; TWS allows 60.',
    read: ({ broker }) => one(broker.reads.history.asked),
  },
  {
    name: 'countersign_gateway_events_waiting',
    type: 'gauge',
    help: 'Broker events that are not in the database yet.',
    read: ({ eventsWaiting }) => one(eventsWaiting),
  },
  {
    name: 'countersign_gateway_lease_held',
    type: 'gauge',
    help: '1 while this process may send orders.',
    read: ({ holdsLease }) => one(holdsLease ? 1 : 0),
  },
];

/** The page in the text format of Prometheus. */
export function metricsText(numbers: GatewayNumbers): string {
  const lines = metrics.flatMap(({ name, type, help, read }) => [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    ...read(numbers).map(
      ({ labels, value }) => `${name}${labels === undefined ? '' : `{${labels}}`} ${value}`,
    ),
  ]);
  return `${lines.join('\n')}\n`;
}
