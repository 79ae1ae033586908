// Each order type from the adapter's one write to its end at the simulated gateway, at both server versions.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decimalText } from '../../src/domain/money/decimal.ts';
import type { OrderTerms } from '../../src/domain/order/intent.ts';
import type { Instant } from '../../src/domain/time/instant.ts';
import { startSimGateway, type SimGateway } from '../../src/simgateway/sim-gateway.ts';
import { noPrices } from '../support/order-terms.ts';
import { simControl, type SimControl } from '../support/sim-control.ts';
import {
  approved,
  limitBuy,
  startTestBroker,
  until,
  type TestBroker,
} from '../support/test-broker.ts';

const price = (text: string) => decimalText(text);
const terms = (given: Partial<OrderTerms>): OrderTerms => ({ ...limitBuy, ...noPrices, ...given });

/** AAPL stands at 200.00 to 200.02; then it moves, or the clock does. */
type Move = { readonly ask?: string; readonly clock?: string; readonly free?: boolean };
type Life = {
  readonly given: Partial<OrderTerms>;
  readonly start?: string;
  readonly moves?: readonly Move[];
  readonly end: 'Filled' | 'Cancelled';
};

const lives: readonly (readonly [string, Life])[] = [
  ['MKT fills', { given: { orderType: 'MKT' }, end: 'Filled' }],
  ['LMT fills', { given: { limitPrice: price('200.02') }, end: 'Filled' }],
  [
    'LMT IOC out of reach is cancelled',
    { given: { limitPrice: price('199.00'), tif: 'IOC' }, end: 'Cancelled' },
  ],
  [
    'LMT GTD is cancelled at its end',
    {
      given: {
        ...{ limitPrice: price('199.00'), tif: 'GTD' },
        goodTillDate: '2026-11-24T16:00:00.000Z' as Instant,
      },
      moves: [{ clock: '2026-11-24T16:00:01Z' }],
      end: 'Cancelled',
    },
  ],
  [
    'STP wakes and fills',
    {
      given: { orderType: 'STP', stopPrice: price('201.00') },
      moves: [{ ask: '201.10' }],
      end: 'Filled',
    },
  ],
  [
    'STP LMT wakes and fills',
    {
      given: { orderType: 'STP LMT', stopPrice: price('201.00'), limitPrice: price('201.50') },
      moves: [{ ask: '201.10' }],
      end: 'Filled',
    },
  ],
  [
    'TRAIL follows down and buys when the market turns',
    {
      given: { orderType: 'TRAIL', trailingPercent: price('1'), tif: 'GTC' },
      moves: [{ ask: '190.00' }, { ask: '192.50' }],
      end: 'Filled',
    },
  ],
  [
    'TRAIL LIMIT follows down and buys within its offset',
    {
      given: {
        ...{ orderType: 'TRAIL LIMIT', trailingAmount: price('2'), tif: 'GTC' },
        ...{ stopPrice: price('203.00'), limitOffset: price('1') },
      },
      moves: [{ ask: '190.00' }, { ask: '192.50' }],
      end: 'Filled',
    },
  ],
  [
    'MOC fills in the close',
    {
      given: { orderType: 'MOC' },
      moves: [{ free: true }, { clock: '2026-11-24T21:00:05Z' }],
      end: 'Filled',
    },
  ],
  [
    'LOC out of reach ends with the close',
    {
      given: { orderType: 'LOC', limitPrice: price('1.00') },
      moves: [{ free: true }, { clock: '2026-11-24T21:00:05Z' }],
      end: 'Cancelled',
    },
  ],
  [
    'MOO fills in the open',
    {
      given: { orderType: 'MOO', tif: 'OPG' },
      start: '2026-11-24T14:00:00Z',
      moves: [{ free: true }, { clock: '2026-11-24T14:30:05Z' }],
      end: 'Filled',
    },
  ],
  [
    'LOO out of reach ends with the open',
    {
      given: { orderType: 'LOO', tif: 'OPG', limitPrice: price('1.00') },
      start: '2026-11-24T14:00:00Z',
      moves: [{ free: true }, { clock: '2026-11-24T14:30:05Z' }],
      end: 'Cancelled',
    },
  ],
];

describe.each([178, 193])('the life of an order at server version %i', (serverVersion) => {
  let gateway: SimGateway;
  let control: SimControl;
  let test: TestBroker;
  beforeEach(async () => {
    const clockStart = Date.parse('2026-11-24T15:00:00Z');
    gateway = await startSimGateway({ clockStart, serverVersion });
    control = simControl(gateway.controlPort);
    test = await startTestBroker(gateway.port);
  });
  afterEach(async () => {
    test.broker.close();
    await gateway.close();
  });

  const quote = (ask: string) => {
    const bid = (Number(ask) - 0.02).toFixed(2);
    return control.setQuote('AAPL', { bid, ask, last: bid });
  };

  it.each(lives)('%s', async (_name, { given, start, moves = [], end }) => {
    if (start !== undefined) await control.setClock({ instant: start, running: true });
    await quote('200.02');
    const order = approved(1, terms(given));
    test.broker.place(order);
    const atBroker = async () => (await control.orders({ orderRef: order.intentId }))[0];
    const told = (status: string) =>
      test.events.some((event) => 'status' in event && event.status === status);
    if (moves.length > 0) {
      await until(() => told('PreSubmitted') || told('Submitted'));
      expect(await atBroker()).toMatchObject({ orderType: given.orderType ?? 'LMT', filled: 0 });
    }
    for (const { ask, clock, free } of moves) {
      if (ask !== undefined) await quote(ask);
      if (free === true) await control.resetQuotes();
      if (clock !== undefined) await control.setClock({ instant: clock, running: true });
    }
    await until(() => told(end));
    expect(await atBroker()).toMatchObject({ status: end, filled: end === 'Filled' ? 5 : 0 });
    expect(test.faults).toEqual([]);
  });
});
