import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/domain/errors.ts';
import type { Instant } from '../../src/domain/time/instant.ts';
import { startRawTws, type RawTws } from '../support/raw-tws.ts';
import { approved, approvedCancel, startTestBroker, until } from '../support/test-broker.ts';

const codeOf = (action: () => void): string => {
  try {
    action();
  } catch (error) {
    return error instanceof GatewayError ? error.code : String(error);
  }
  return 'written';
};

describe.each([178, 193])('cancel() at server version %i', (version) => {
  let tws: RawTws;
  let test: Awaited<ReturnType<typeof startTestBroker>>;
  const cancelled = () => tws.frames.filter(({ fields }) => fields[0] === '4');
  const cancel = (...of: Parameters<typeof approvedCancel>) =>
    codeOf(() => {
      test.broker.cancel(approvedCancel(...of));
    });
  beforeEach(async () => {
    tws = await startRawTws(0, version);
    test = await startTestBroker(tws.port);
  });
  afterEach(async () => {
    test.broker.close();
    await tws.close();
  });

  it('writes one frame from the client that owns the order', async () => {
    expect(cancel({ orderId: 7 })).toBe('written');
    await until(() => cancelled().length > 0);
    expect(cancelled().map(({ clientId, fields }) => [clientId, ...fields])).toEqual([
      // 193 has no version field and two more for the exchange's rules; the last text is behind the final NUL.
      version === 178 ? [11, '4', '1', '7', '', ''] : [11, '4', '7', '', '', '2147483647', ''],
    ]);
  });

  it('goes out over a link that TWS calls broken and in the restart window, which stop orders', async () => {
    tws.send(11, 4, 2, -1, 1100, 'lost', '');
    await until(() => test.links.at(-1) === 'degraded');
    expect(
      codeOf(() => {
        test.broker.place(approved(1));
      }),
    ).toBe('BROKER_UNAVAILABLE');
    expect(cancel({ orderId: 1 })).toBe('written');
    test.broker.close();
    const restartWindow = { startMinute: 0, lengthMinutes: 720, timeZone: 'UTC' };
    const secondHalf = { startMinute: 720, lengthMinutes: 720, timeZone: 'UTC' };
    const isMorning = new Date().getUTCHours() < 12;
    test = await startTestBroker(tws.port, {
      restartWindow: isMorning ? restartWindow : secondHalf,
    });
    await until(() => test.broker.nextValidId());
    await expect
      .poll(async () => (await test.broker.link()).reason, { timeout: 8_000 })
      .toBe('restart-window');
    expect((await test.broker.link()).nextAttemptAt).toMatch(/T(12|00):00:00.000Z$/);
    expect(
      codeOf(() => {
        test.broker.place(approved(1));
      }),
    ).toBe('BROKER_UNAVAILABLE');
    expect(cancel({ orderId: 2 })).toBe('written');
    await until(() => cancelled().length === 2);
    expect(tws.frames.filter(({ fields }) => fields[0] === '3')).toEqual([]);
  });

  it('is refused before any byte where TWS would refuse it or the approval does not hold', () => {
    expect(cancel({ clientId: 3 })).toBe('ORDER_NOT_OURS');
    expect(cancel({ orderId: 0 })).toBe('ORDER_NOT_OURS');
    expect(cancel({}, { environment: 'live' })).toBe('ENVELOPE_MISMATCH');
    const ended = '2020-01-01T00:00:00.000Z' as Instant;
    const good = approvedCancel({});
    const changed = { ...good, envelope: { ...good.envelope, executeBy: ended } };
    expect(
      codeOf(() => {
        test.broker.cancel(changed);
      }),
    ).toBe('ENVELOPE_MISMATCH');
    test.broker.cancel(good);
    expect(
      codeOf(() => {
        test.broker.cancel(good);
      }),
    ).toBe('BROKER_UNAVAILABLE');
  });

  it('hazard A: without a session it is refused and never sent later', async () => {
    tws.sockets.get(11)?.destroy();
    await until(() => test.broker.nextValidId() === null);
    expect(cancel({})).toBe('BROKER_UNAVAILABLE');
    await until(() => test.broker.nextValidId());
    await test.broker.findOrder('int_00000000000000000000');
    expect(cancelled()).toEqual([]);
  });

  it('an error that names its order is about the cancel, and never ends the order', async () => {
    test.broker.place(approved(1));
    test.broker.cancel(approvedCancel({ orderId: 1 }));
    test.broker.cancel(approvedCancel({ orderId: 1 }));
    for (const code of [10147, 10148, 161, 321]) tws.send(11, 4, 2, 1, code, 'no', '');
    const errors = await until(() => {
      const found = test.events.filter(({ kind }) => kind === 'order-error');
      return found.length === 4 && found;
    });
    expect(errors.map(({ error }) => error?.treatment)).toEqual([
      ...['reconcile', 'reconcile', 'reconcile', 'unchanged'],
    ]);
    expect(errors.every(({ dedupKey }) => /^error:1:\d+:cxl_\d+$/.test(dedupKey))).toBe(true);
  });
});
