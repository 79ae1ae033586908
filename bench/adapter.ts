// What the adapter makes of IBKR's limit of 50 messages a second, and what a quote costs: at a simulated
// gateway of its own that counts and punishes as TWS does.
import { setTimeout as sleep } from 'node:timers/promises';
import { startIbkrBroker } from '../src/broker/ibkr/broker.ts';
import { defaultBrokerTiming } from '../src/broker/ibkr/broker-timing.ts';
import type { ConId } from '../src/domain/ids.ts';
import { startGatewayProcess } from '../test/compat/gateway-process.ts';
import { simControl } from '../test/support/sim-control.ts';
import { timed, type Sample } from './sample.ts';

/** A cold quote is a few messages: closer together they would wait for the pacing. */
const apartMs = 150;
const noon = '2026-11-24T17:00:00Z';

/** Messages a second while more is asked for than may leave, and the latency of quotes. */
export type AdapterRun = {
  readonly messages: number;
  readonly perSecond: number;
  /** What reads may send a second at most, by the adapter's own setting; the rest is kept for orders. */
  readonly allowedPerSecond: number;
  /** Error 100: must be 0. */
  readonly violations: number;
  readonly quote: { readonly cold: Sample; readonly cached: Sample };
};

/** Asks for contracts in a flood, then for quotes one after the other: of each first cold, then again. */
export async function measureAdapter(size: {
  readonly flood: number;
  readonly quotes: number;
}): Promise<AdapterRun> {
  const gateway = await startGatewayProcess();
  const control = simControl(gateway.controlPort);
  await control.setClock({ instant: noon, running: true });
  const broker = await startIbkrBroker({
    host: '127.0.0.1',
    port: gateway.port,
    environment: 'dev',
    writeClientId: 11,
    readClientId: 12,
  });
  try {
    const instruments = await control.call<{ conId: number; secType?: string }[]>(
      'GET',
      '/instruments',
    );
    const stocks = instruments.filter(({ secType }) => secType === undefined || secType === 'STK');
    const conIds = stocks.map(({ conId }) => conId as ConId);
    const quote = await quotes(broker, conIds.slice(0, size.quotes));
    const flooded = await flood(broker, conIds.slice(-size.flood));
    const { entries } = await control.journal({ message: 'error', direction: 'out' });
    const violations = entries.filter(({ fields }) => fields['code'] === 100).length;
    const { messagesPerSecond, writeReserve } = defaultBrokerTiming;
    const allowedPerSecond = messagesPerSecond - writeReserve;
    return { ...flooded, allowedPerSecond, violations, quote };
  } finally {
    broker.close();
    await gateway.stop();
  }
}

type Broker = Awaited<ReturnType<typeof startIbkrBroker>>;

async function flood(
  broker: Broker,
  conIds: readonly ConId[],
): Promise<{ messages: number; perSecond: number }> {
  const before = broker.numbers().messages.total;
  const startedAt = performance.now();
  await Promise.all(conIds.map((conId) => broker.resolve({ conId })));
  const messages = broker.numbers().messages.total - before;
  const perSecond = Math.round((messages * 10_000) / (performance.now() - startedAt)) / 10;
  return { messages, perSecond };
}

async function quotes(broker: Broker, conIds: readonly ConId[]): Promise<AdapterRun['quote']> {
  const cold: Sample = [];
  const cached: Sample = [];
  for (const conId of conIds) {
    await timed(cold, () => broker.quote(conId));
    await timed(cached, () => broker.quote(conId));
    await sleep(apartMs);
  }
  return { cold, cached };
}
