import { expect, it } from 'vitest';
import type { Instant } from '../../src/domain/time/instant.ts';
import { metricsText } from '../../src/gateway/metrics.ts';

it('the metrics page says each thing once, in the text format of Prometheus', () => {
  const text = metricsText({
    broker: {
      link: {
        state: 'down',
        since: '2026-11-24T16:00:00.000Z' as Instant,
        reason: 'client-id-in-use',
        detail: 'client id 11 is used by another connection (326)',
        nextAttemptAt: null,
      },
      connections: { write: 3, read: 1 },
      messages: { total: 120, lastSecond: 7, waiting: 2 },
      reads: {
        caches: [
          {
            name: 'bars',
            entries: 4,
            keepMs: 300_000,
            oldestMs: 9,
            hits: 3,
            misses: 2,
            shared: 1,
            bypassed: 0,
            evictions: 6,
          },
        ],
        lines: { open: 5, most: 80, evictions: 0, refused: 0 },
        history: { asked: 11, most: 58, paced: 0 },
      },
      events: 9,
      faults: 1,
    },
    eventsWaiting: 4,
    holdsLease: true,
  });
  const lines = text.split('\n');
  expect(lines.at(-1)).toBe('');
  const samples = lines.filter((line) => line !== '' && !line.startsWith('#'));
  for (const sample of samples)
    expect(sample).toMatch(/^[a-z_]+(\{([a-z]+="[a-z0-9-]+",?)+\})? \d+$/);
  expect(new Set(samples.map((line) => line.split(' ')[0])).size).toBe(samples.length);
  expect(samples).toEqual(
    expect.arrayContaining([
      'countersign_broker_link_state{state="down"} 1',
      'countersign_broker_link_state{state="ready"} 0',
      'countersign_broker_link_reason{reason="client-id-in-use"} 1',
      'countersign_broker_link_since_timestamp_seconds 1795536000',
      'countersign_broker_connections_total{session="write"} 3',
      'countersign_broker_cache_answers_total{cache="bars",outcome="hits"} 3',
      'countersign_broker_market_data_lines{kind="open"} 5',
      'countersign_gateway_events_waiting 4',
      'countersign_gateway_lease_held 1',
    ]),
  );
  const named = lines.filter((line) => line.startsWith('# TYPE')).map((line) => line.split(' ')[2]);
  expect(named).toEqual([...new Set(named)]);
});
