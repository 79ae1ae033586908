import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ApprovedModify } from '../../src/domain/approval/approved-modify.ts';
import { GatewayError } from '../../src/domain/errors.ts';
import { decimalText } from '../../src/domain/money/decimal.ts';
import { startSimGateway } from '../../src/simgateway/sim-gateway.ts';
import { startRawTws, type RawTws } from '../support/raw-tws.ts';
import { simControl } from '../support/sim-control.ts';
import {
  account,
  appleId,
  approved,
  approvedCancel,
  approvedModify,
  startTestBroker,
  until,
} from '../support/test-broker.ts';

const dearer = { limitPrice: decimalText('151.5') };
const atOnce = { modifyAfterReadyMs: 0, modifyProofAfterMs: 10 };

describe.each([178, 193])('modify() at server version %i', (version) => {
  let tws: RawTws;
  let test: Awaited<ReturnType<typeof startTestBroker>>;
  const placed = () => tws.frames.filter(({ fields }) => fields[0] === '3');
  const start = async (timing: object = atOnce): Promise<void> => {
    test = await startTestBroker(tws.port, { timing });
  };
  const modify = (change: ApprovedModify): string => {
    try {
      test.broker.modify(change);
    } catch (error) {
      return error instanceof GatewayError ? `${error.code}: ${error.message}` : String(error);
    }
    return 'written';
  };
  const incidents = () => test.events.flatMap(({ incident }) => incident ?? []);
  /** TWS says that an order of that reference lives. */
  const status = (permId: number, word: string): void => {
    tws.send(11, 3, 1, word, 0, 5, 0, permId, 0, 0, 11, '', 0);
  };
  beforeEach(async () => {
    tws = await startRawTws(0, version);
  });
  afterEach(async () => {
    test.broker.close();
    await tws.close();
  });

  it('sends the whole order again under its id, with the new terms alone different', async () => {
    await start();
    const order = approved(1);
    test.broker.place(order);
    expect(modify(approvedModify(order, dearer))).toBe('written');
    await until(() => placed().length === 2);
    const [first, second] = placed().map(({ fields }) => fields);
    const differing = first?.flatMap((field, at) => (field === second?.[at] ? [] : [at]));
    expect(differing).toEqual([19]);
    expect([second?.[1], second?.[19], second?.[26]]).toEqual(['1', '151.5', order.intentId]);
  });

  it('is refused before any byte unless the link has been ready for long enough', async () => {
    await start({ modifyAfterReadyMs: 30_000 });
    const order = approved(1);
    test.broker.place(order);
    expect(modify(approvedModify(order, dearer))).toContain('ready for 30 s');
    test.broker.close();
    await start();
    tws.send(12, 4, 2, -1, 2110, 'broken', '');
    await until(() => test.links.at(-1) === 'degraded');
    expect(modify(approvedModify(order, dearer))).toContain('frozen');
    expect(placed()).toHaveLength(1);
  });

  it('is refused for a foreign order, another envelope and a second time', async () => {
    await start();
    const order = approved(1);
    const change = approvedModify(order, dearer);
    expect(modify(approvedModify(order, dearer, { clientId: 4 }))).toContain('ORDER_NOT_OURS');
    const larger = { ...change.envelope.after, quantity: decimalText('6') };
    const altered = { ...change, envelope: { ...change.envelope, after: larger } };
    expect(modify(altered)).toContain('ENVELOPE_MISMATCH');
    expect(modify(approvedModify(order, dearer, { environment: 'paper' }))).toContain('ENVELOPE');
    expect(modify(change)).toBe('written');
    expect(modify(change)).toContain('written before');
    await until(() => placed().length === 1);
  });

  it('an error after it is about the change: the order that lives is unchanged', async () => {
    await start();
    const order = approved(1);
    test.broker.place(order);
    test.broker.modify(approvedModify(order, dearer));
    tws.send(11, 4, 2, 1, 110, 'off tick', '');
    const error = await until(() => test.events.find(({ kind }) => kind === 'order-error'));
    expect(error.error?.treatment).toBe('unchanged');
  });

  it('two permIds that live under one intent are an incident, also without being asked', async () => {
    await start({ modifyAfterReadyMs: 0, modifyProofAfterMs: 60_000 });
    const order = approved(1);
    test.broker.place(order);
    status(9001, 'Submitted');
    test.broker.modify(approvedModify(order, dearer));
    status(9001, 'Submitted');
    status(9002, 'Submitted');
    const found = await until(() => test.events.find(({ kind }) => kind === 'incident'));
    expect(found).toMatchObject({ orderRef: order.intentId, incident: 'two-live-orders' });
    expect(found.dedupKey).toBe(`incident:two-live-orders:${order.intentId}:9001+9002`);
    status(9002, 'Cancelled');
    status(9001, 'Filled');
    await until(() => test.events.find((event) => event.status === 'Filled'));
    expect(incidents()).toEqual(['two-live-orders']);
  });

  it('where nobody answers how many live, that is an incident too', async () => {
    await start({ ...atOnce, evidenceDeadlineMs: 200, bookEveryMs: 60_000 });
    tws.on('5', () => false);
    tws.on('16', () => false);
    const order = approved(1);
    test.broker.modify(approvedModify(order, dearer));
    await until(() => incidents().length > 0);
    expect(incidents()).toEqual(['modify-unproven']);
  });
});

describe('modify() and cancel() against the simulated gateway', () => {
  it('one order lives with the new price; its cancel ends it; nothing was sent twice', async () => {
    const gateway = await startSimGateway({ clockStart: Date.parse('2026-11-24T15:00:00Z') });
    const control = simControl(gateway.controlPort);
    const test = await startTestBroker(gateway.port, { timing: atOnce });
    await control.setQuote(appleId, { bid: '199.9', ask: '200', last: '199.95', frozen: true });
    const order = approved(test.broker.nextValidId()!);
    test.broker.place(order);
    await until(() => test.events.find((event) => event.status === 'Submitted'));
    const [before] = await test.broker.workingOrders(account);
    test.broker.modify(approvedModify(order, dearer, { permId: before!.permId }));
    await expect
      .poll(async () => (await test.broker.workingOrders(account)).map((o) => o.limitPrice), {
        timeout: 8_000,
      })
      .toEqual(['151.5']);
    const { permId } = before!;
    expect(await test.broker.liveOrders(order.intentId)).toEqual({ kind: 'one', permId });
    test.broker.cancel(approvedCancel({ orderId: order.orderId, permId }));
    await until(() => test.events.find((event) => event.status === 'Cancelled'));
    expect(await test.broker.liveOrders(order.intentId)).toEqual({ kind: 'none' });
    expect(test.events.flatMap(({ incident }) => incident ?? [])).toEqual([]);
    expect(await control.frames(order.intentId)).toMatchObject([{ total: 2 }]);
    test.broker.close();
    await gateway.close();
  });
});
