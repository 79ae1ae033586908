import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ApprovedOrder } from '../../src/domain/approval/approved-order.ts';
import { GatewayError } from '../../src/domain/errors.ts';
import type { AccountId } from '../../src/domain/ids.ts';
import { decimalText } from '../../src/domain/money/decimal.ts';
import { startRawTws, type RawTws } from '../support/raw-tws.ts';
import {
  apple,
  approved,
  limitBuy,
  newIntentId,
  startTestBroker,
  until,
  type TestBroker,
} from '../support/test-broker.ts';

const codeOf = (action: () => void): string => {
  try {
    action();
  } catch (error) {
    return error instanceof GatewayError ? error.code : String(error);
  }
  return 'written';
};

/** These tests are about the socket; the pacing has its own. */
const unpaced = { messagesPerSecond: 1_000_000 };

describe('place() hands the bytes to the operating system before it returns', () => {
  // The server reads on another thread while this one is blocked right after place(): no turn of the event loop, no
  // timer and no microtask of ours can have written anything in between.
  it.each([1, 300])('%i orders are all received while the thread is blocked', async (count) => {
    const counter = new SharedArrayBuffer(4);
    const seen = new Int32Array(counter);
    const worker = new Worker(new URL('../support/raw-tws-worker.ts', import.meta.url), {
      workerData: { counter },
    });
    const said = (): Promise<Record<string, unknown>> =>
      new Promise((resolve, reject) => {
        worker.once('message', resolve);
        worker.once('error', reject);
      });
    const { port } = await said();
    const { broker } = await startTestBroker(port as number, { timing: unpaced });
    const orders = Array.from({ length: count }, (_, index) => approved(1 + index));
    for (const order of orders) broker.place(order);
    const giveUpAt = Date.now() + 5_000;
    while (Atomics.load(seen, 0) < count && Date.now() < giveUpAt) {
      Atomics.wait(seen, 0, Atomics.load(seen, 0), 50);
    }
    expect(Atomics.load(seen, 0)).toBe(count);
    worker.postMessage('report');
    const { placed } = (await said()) as { placed: string[][] };
    expect(placed.map((fields) => fields[26])).toEqual(orders.map((order) => order.intentId));
    broker.close();
    await worker.terminate();
  });
});

describe('place()', () => {
  let tws: RawTws;
  let test: TestBroker;
  const placed = () => tws.frames.filter(({ fields }) => fields[0] === '3');
  beforeEach(async () => {
    tws = await startRawTws();
    test = await startTestBroker(tws.port, { timing: unpaced });
  });
  afterEach(async () => {
    test.broker.close();
    await tws.close();
  });

  it('writes one frame with the fields of the approved terms', async () => {
    const order = approved(7, { ...limitBuy, tif: 'GTC', outsideRth: true });
    test.broker.place(order);
    await until(() => placed().length > 0);
    expect(placed()).toHaveLength(1);
    const [{ clientId, fields }] = placed() as [(typeof tws.frames)[number]];
    expect(clientId).toBe(11);
    // Field numbers: reference note ibkr-protocol 2.5. The last empty text is behind the final NUL.
    expect(fields).toHaveLength(114 + 1);
    const named = [1, 2, 3, 4, 9, 10, 11, 16, 17, 18, 19, 20, 21, 23, 26, 27, 28, 33, 84, 112];
    expect(named.map((index) => fields[index])).toEqual([
      ...['7', '265598', 'AAPL', 'STK', 'SMART', 'NASDAQ', 'USD'],
      ...['BUY', '5', 'LMT', '150.25', '', 'GTC', 'DU1234567', order.intentId, '1', '', '1'],
      ...['', ''],
    ]);
  });

  it('sends a market order without a price', async () => {
    test.broker.place(approved(1, { ...limitBuy, orderType: 'MKT', limitPrice: null }));
    await until(() => placed().length > 0);
    expect(placed()[0]?.fields.slice(16, 22)).toEqual(['BUY', '5', 'MKT', '', '', 'DAY']);
  });

  it('refuses, before any byte, whatever does not hold together', async () => {
    const good = approved(5);
    const refused: [string, ApprovedOrder][] = [
      ['ENVELOPE_MISMATCH', { ...good, terms: { ...good.terms, quantity: decimalText('6') } }],
      ['ENVELOPE_MISMATCH', { ...good, contract: { ...apple, symbol: 'TSLA' } }],
      ['ENVELOPE_MISMATCH', { ...good, intentId: newIntentId() }],
      ['ENVELOPE_MISMATCH', { ...good, decisionIds: [] }],
      [
        'ENVELOPE_MISMATCH',
        { ...good, envelope: { ...good.envelope, reason: 'another reason altogether' } },
      ],
      ['ENVELOPE_MISMATCH', approved(5, limitBuy, { environment: 'live' })],
      ['ACCOUNT_UNKNOWN', approved(5, { ...limitBuy, account: 'DU7654321' as AccountId })],
      [
        'VALIDATION',
        approved(5, { ...limitBuy, limitPrice: decimalText('0.1234567890123456789') }),
      ],
      ['VALIDATION', approved(5, { ...limitBuy, quantity: decimalText('9007199254740993') })],
      ['VALIDATION', approved(5, { ...limitBuy, quantity: decimalText('0.0000001') })],
      ['VALIDATION', approved(5, limitBuy, { contract: { ...apple, symbol: 'AAPL\u00001' } })],
      ['VALIDATION', approved(5, limitBuy, { contract: { ...apple, primaryExchange: 'NAS\nQ' } })],
      ['BROKER_UNAVAILABLE', approved(0)],
      ['BROKER_UNAVAILABLE', approved(1_000_000_000)],
    ];
    for (const [code, order] of refused) {
      expect(
        codeOf(() => {
          test.broker.place(order);
        }),
      ).toBe(code);
    }
    test.broker.place(good);
    await until(() => placed().length > 0);
    expect(placed()).toHaveLength(1);
  });

  it('refuses an approval that has run out', async () => {
    const { systemClock } = await import('../../src/broker/ibkr/clock.ts');
    const clock = { ...systemClock, wallMs: () => Date.now() + 120_000 };
    const other = await startTestBroker(tws.port, { clock, writeClientId: 21, readClientId: 22 });
    expect(
      codeOf(() => {
        other.broker.place(approved(5));
      }),
    ).toBe('APPROVAL_EXPIRED');
    other.broker.close();
    expect(placed()).toHaveLength(0);
  });

  it('never writes the same order id or the same intent twice', async () => {
    const order = approved(5);
    test.broker.place(order);
    expect(
      codeOf(() => {
        test.broker.place(order);
      }),
    ).toBe('BROKER_UNAVAILABLE');
    expect(
      codeOf(() => {
        test.broker.place({ ...order, orderId: 6 });
      }),
    ).toBe('BROKER_UNAVAILABLE');
    expect(
      codeOf(() => {
        test.broker.place(approved(5));
      }),
    ).toBe('BROKER_UNAVAILABLE');
    test.broker.place(approved(6));
    await until(() => placed().length >= 2);
    expect(placed()).toHaveLength(2);
  });

  it('hazard A: an order placed without a session is refused and never sent later', async () => {
    tws.sockets.get(11)?.destroy();
    await until(() => test.broker.nextValidId() === null);
    expect(
      codeOf(() => {
        test.broker.place(approved(9));
      }),
    ).toBe('BROKER_UNAVAILABLE');
    await until(() => test.broker.nextValidId());
    await test.broker.workingOrders(limitBuy.account);
    expect(placed()).toHaveLength(0);
    test.broker.close();
    expect(
      codeOf(() => {
        test.broker.place(approved(10));
      }),
    ).toBe('BROKER_UNAVAILABLE');
    const next = await startTestBroker(tws.port);
    await next.broker.workingOrders(limitBuy.account);
    next.broker.close();
    expect(placed()).toHaveLength(0);
  });

  it('hazard B: twenty orders and a cut in the same turn: all out before the cut, none again after it', async () => {
    for (let id = 1; id <= 20; id += 1) test.broker.place(approved(id));
    await until(() => placed().length === 20);
    tws.sockets.get(11)?.destroy();
    await until(() => test.broker.nextValidId() === null);
    await until(() => test.broker.nextValidId());
    await test.broker.workingOrders(limitBuy.account);
    expect(placed()).toHaveLength(20);
  });

  it('a peer that reads nothing: refused while the operating system is full, and the rest is dropped', async () => {
    tws.sockets.get(11)?.pause();
    const outcomes = new Map<string, number>();
    for (let id = 1; id <= 40_000 && (outcomes.get('OUTCOME_UNKNOWN') ?? 0) === 0; id += 1) {
      const code = codeOf(() => {
        test.broker.place(approved(id));
      });
      outcomes.set(code, (outcomes.get(code) ?? 0) + 1);
      if (code === 'BROKER_UNAVAILABLE') break;
    }
    expect(outcomes.get('OUTCOME_UNKNOWN')).toBe(1);
    expect(test.broker.nextValidId()).toBeNull();
    const written = outcomes.get('written') ?? 0;
    tws.sockets.get(11)?.resume();
    await until(() => test.broker.nextValidId());
    // What was written is there, what was cut is no frame, and nothing follows on the next session.
    expect(placed().length).toBeLessThanOrEqual(written + 1);
  });
});
