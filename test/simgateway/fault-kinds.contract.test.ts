// What each kind of fault does, seen from the socket by a client that reads frames by hand at server version 178.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { faultKinds } from '../../src/simgateway/faults/fault-plan.ts';
import { startSimGateway } from '../../src/simgateway/sim-gateway.ts';
import type { SimGateway } from '../../src/simgateway/sim-gateway.ts';
import { OPEN_INSTANT } from './ib-client.ts';
import { frame, placeOrderFields, RawClient } from './raw-client.ts';

const VERSION = 178;
const OPEN_ORDER = '5';
const STATUS = '3';
const EXECUTION = '11';
const COMMISSION = '59';
const ERROR = '4';

let gateway: SimGateway;
let client: RawClient;
let id: number;
/** Kinds that some test here armed. */
const armed = new Set<string>();

beforeEach(async () => {
  // A clock that moves by command: what is late is late for certain, and no test waits for it.
  gateway = await startSimGateway({ clock: 'virtual', clockStart: OPEN_INSTANT });
  client = new RawClient(gateway.port);
  id = await client.start(VERSION, 1);
  await ping();
});
afterEach(async () => {
  client.close();
  await gateway.close();
});

type Fault = Parameters<SimGateway['control']['armFault']>[0];
function arm(fault: Fault): void {
  armed.add(fault.kind);
  gateway.control.armFault(fault);
}

/** Waits until everything sent so far has been handled and answered. */
async function ping(of = client): Promise<void> {
  const seen = of.frames.filter((f) => f[0] === '49').length;
  of.socket.write(frame(49, 1));
  await of.until(() => of.frames.filter((f) => f[0] === '49').length > seen);
}

type Order = { ref?: string; limit?: string; whatIf?: boolean; quantity?: number };
const orderFrame = (orderId: number, { ref = 'ref', limit, whatIf, quantity = 10 }: Order = {}) =>
  frame(
    ...placeOrderFields(VERSION, {
      ...{ 1: orderId, 2: 265598, 9: 'SMART', 11: 'USD', 16: 'BUY', 17: quantity },
      ...(limit === undefined ? { 18: 'MKT' } : { 18: 'LMT', 19: limit }),
      ...{ 21: 'DAY', 26: ref, 27: 1, 84: whatIf === true ? 1 : 0 },
    }),
  );
const place = (order: Order = {}, orderId = id) => client.socket.write(orderFrame(orderId, order));
const cancel = (orderId = id) => client.socket.write(frame(4, 1, orderId, ''));
const advance = async (ms: number) => {
  gateway.control.advanceClock({ ms });
  await ping();
};

const about = (frames: string[][]) =>
  frames.filter((f) => [OPEN_ORDER, STATUS, EXECUTION, COMMISSION].includes(f[0] ?? ''));
const idsOf = (frames: string[][]) => about(frames).map((f) => f[0]);
const statuses = () => client.frames.filter((f) => f[0] === STATUS).map((f) => f[2]);
const frames = (message: string) => client.frames.filter((f) => f[0] === message);
const errors = () => frames(ERROR).map((f) => Number(f[3]));
const fired = (kind: string) =>
  gateway.control.journal({ direction: 'fault', message: kind }).entries.length;
const onlyOrder = () => gateway.control.orders()[0];

/** A resting order that the gateway has acknowledged. */
async function rest(): Promise<void> {
  place({ limit: '100' });
  await ping();
  expect(statuses().at(-1)).toBe('Submitted');
}

describe('requests', () => {
  it('half-open: unread, unanswered, and the socket stays', async () => {
    arm({ kind: 'half-open' });
    place();
    client.socket.write(frame(49, 1));
    await client.until(() => fired('half-open') === 1);
    expect(frames('49')).toHaveLength(1);
    expect(onlyOrder()).toBeUndefined();
    expect(gateway.control.connections()).toHaveLength(1);
    const { entries } = gateway.control.journal({ direction: 'unread' });
    expect(entries).toMatchObject([{ message: 'placeOrder', fields: { orderRef: 'ref' } }]);
  });

  it('client-id-busy: 326 for as often as it says, then admitted', async () => {
    arm({ kind: 'client-id-busy', clientId: 2, times: 2 });
    for (let i = 0; i < 2; i += 1) {
      const refused = new RawClient(gateway.port);
      refused.start(VERSION, 2).catch(() => undefined);
      await refused.until(() => refused.isClosed);
      expect(refused.frames.at(-1)?.[3]).toBe('326');
    }
    const admitted = new RawClient(gateway.port);
    expect(await admitted.start(VERSION, 2)).toBe(1);
    admitted.close();
  });

  it('slow-connection: everything waits, in order, however much jitter', async () => {
    arm({ kind: 'slow-connection', clientId: 2, delayMs: 100, jitterMs: 900, bytes: 1 });
    const slow = new RawClient(gateway.port);
    const started = slow.start(VERSION, 2);
    await slow.until(() => fired('slow-connection') === 1);
    expect(slow.frames).toHaveLength(1);
    gateway.control.advanceClock({ ms: 1_000 });
    await started;
    slow.socket.write(Buffer.concat([frame(49, 1), frame(17, 1)]));
    await slow.until(
      () => gateway.control.journal({ clientId: 2, message: 'reqManagedAccts' }).entries.length > 0,
    );
    gateway.control.advanceClock({ ms: 5_000 });
    await slow.until(() => slow.frames.at(-1)?.[0] === '15');
    expect(slow.frames.at(-2)?.[0]).toBe('49');
    slow.close();
  });

  it('what-if-unanswered: read, never answered, and orders pass', async () => {
    arm({ kind: 'what-if-unanswered' });
    place();
    await ping();
    expect(statuses()).toContain('Filled');
    const before = frames(OPEN_ORDER).length;
    place({ whatIf: true }, id + 1);
    await ping();
    expect(frames(OPEN_ORDER)).toHaveLength(before);
    expect(gateway.control.frames({ orderRef: 'ref' })[0]).toMatchObject({ total: 2, whatIf: 1 });
  });

  it('late-request: takes effect later, and later frames overtake it', async () => {
    arm({ kind: 'late-request', orderRef: 'first', delayMs: 500 });
    place({ ref: 'first' });
    place({ ref: 'second' }, id + 1);
    await ping();
    expect(gateway.control.orders().map((o) => o.orderRef)).toEqual(['second']);
    await advance(500);
    // Its id has been passed by: late means late.
    expect(errors()).toContain(103);
  });

  it('refuse: any request gets an error in place of its answer', async () => {
    arm({ kind: 'refuse', message: 'reqExecutions', code: 322, text: 'Too many' });
    client.socket.write(frame(7, 3, 77, '', '', '', '', '', '', ''));
    await ping();
    expect(frames(ERROR).at(-1)).toMatchObject(['4', '2', '77', '322', 'Too many', '']);
    expect(frames('55')).toEqual([]);
  });

  it('reject-late: Submitted first, then Inactive with the reason', async () => {
    arm({ kind: 'reject-late', code: 201, text: 'Order rejected - reason:Later' });
    place({ limit: '100' });
    await ping();
    expect(statuses().at(-1)).toBe('Submitted');
    await advance(20);
    expect(statuses().at(-1)).toBe('Inactive');
    expect(errors().at(-1)).toBe(201);
  });

  it('fill-after-cancel: Cancelled and 202, then an execution', async () => {
    await rest();
    arm({ kind: 'fill-after-cancel', shares: 4 });
    cancel();
    await ping();
    expect(statuses().at(-1)).toBe('Cancelled');
    expect(errors().at(-1)).toBe(202);
    expect(frames(EXECUTION)).toEqual([]);
    await advance(20);
    expect(frames(EXECUTION)).toHaveLength(1);
    expect(statuses().at(-1)).toBe('Cancelled');
    expect(onlyOrder()).toMatchObject({ status: 'Cancelled', filled: 4 });
  });

  it('fill-before-cancel: the fill wins, and the cancel gets 10148', async () => {
    await rest();
    arm({ kind: 'fill-before-cancel' });
    cancel();
    await ping();
    expect(statuses().at(-1)).toBe('Filled');
    expect(errors().at(-1)).toBe(10148);
  });

  it('correct-execution: the same fill again, one up in the last part, and money follows', async () => {
    const { control } = gateway;
    control.setFillPolicy({ mode: 'immediate' });
    control.setQuote({ instrument: 'AAPL', bid: '199.99', ask: '200', last: '200' });
    arm({ kind: 'correct-execution', price: '200.5' });
    place();
    await ping();
    const cash = () => Number(control.accounts()[0]?.cash);
    const before = cash();
    await advance(20);
    const [first, second] = frames(EXECUTION);
    expect(first?.[14]).toMatch(/\.01$/);
    expect(second?.[14]).toBe(first?.[14]?.replace(/01$/, '02'));
    expect(second?.slice(18, 21)).toEqual(['BOT', '10', '200.5']);
    expect(cash()).toBe(before - 5);
    expect(control.executions()).toHaveLength(1);
    expect(control.executions()[0]?.price).toBe('200.5');
    expect(onlyOrder()?.avgPrice).toBe('200.5');
    expect(frames(COMMISSION).map((f) => f[2])).toEqual([first?.[14], second?.[14]]);
  });

  it('two-perm-ids: a change makes a second live order with the same order id', async () => {
    await rest();
    arm({ kind: 'two-perm-ids' });
    place({ limit: '101' });
    await ping();
    const live = gateway.control.orders({ live: true });
    expect(live.map((o) => [o.orderId, o.limitPrice])).toEqual([
      [id, '100.00'],
      [id, '101.00'],
    ]);
    expect(new Set(live.map((o) => o.permId)).size).toBe(2);
  });

  it.each([
    { kind: 'drop-before-read', status: 'Submitted', unread: 1 },
    { kind: 'drop-unaccepted', status: 'Submitted', unread: 0 },
    { kind: 'drop-after-read', status: 'Cancelled', unread: 0 },
    { kind: 'drop-after-ack', status: 'Cancelled', unread: 0 },
  ])('$kind on a cancel leaves the order $status', async ({ kind, status, unread }) => {
    await rest();
    arm({ kind, on: 'cancel', orderRef: 'ref' });
    cancel();
    await client.until(() => client.isClosed);
    expect(onlyOrder()?.status).toBe(status);
    expect(gateway.control.journal({ direction: 'unread' }).entries).toHaveLength(unread);
    expect(errors().includes(202)).toBe(kind === 'drop-after-ack');
  });

  it.each([
    { kind: 'drop-before-read', price: '100.00' },
    { kind: 'drop-after-read', price: '101.00' },
  ])('$kind on a change leaves the price at $price', async ({ kind, price }) => {
    await rest();
    arm({ kind, on: 'modify', reset: true });
    place({ limit: '101' });
    await client.until(() => client.isClosed);
    expect(onlyOrder()?.limitPrice).toBe(price);
  });

  it('swallow, delay and hold-after strike a cancel too', async () => {
    await rest();
    arm({ kind: 'swallow', on: 'cancel' });
    cancel();
    await ping();
    expect(statuses().at(-1)).toBe('Submitted');
    arm({ kind: 'delay', on: 'cancel', delayMs: 300 });
    cancel();
    await client.until(() => onlyOrder()?.status === 'Cancelled');
    expect(errors()).not.toContain(202);
    await advance(300);
    expect(errors()).toContain(202);
  });

  it('any other request can be lost by its name', async () => {
    arm({ kind: 'swallow', message: 'reqExecutions' });
    client.socket.write(frame(7, 3, 77, '', '', '', '', '', '', ''));
    client.socket.write(frame(7, 3, 78, '', '', '', '', '', '', ''));
    await ping();
    expect(frames('55').map((f) => f[2])).toEqual(['78']);
  });
});

describe('messages', () => {
  const filled = async () => {
    place();
    await ping();
  };

  it('no-commission and late-commission', async () => {
    arm({ kind: 'no-commission' });
    await filled();
    expect(frames(COMMISSION)).toEqual([]);
    arm({ kind: 'late-commission', delayMs: 50 });
    place({}, id + 1);
    await ping();
    expect(frames(COMMISSION)).toEqual([]);
    await advance(50);
    expect(frames(COMMISSION)).toHaveLength(1);
  });

  it('duplicate-execution: the same execId twice', async () => {
    arm({ kind: 'duplicate-execution' });
    await filled();
    const [first, second] = frames(EXECUTION);
    expect(second).toEqual(first);
    expect(frames(EXECUTION)).toHaveLength(2);
  });

  it('status-regression: Filled, then Submitted with nothing filled', async () => {
    arm({ kind: 'status-regression', delayMs: 30 });
    await filled();
    expect(statuses().at(-1)).toBe('Filled');
    await advance(30);
    expect(frames(STATUS).at(-1)?.slice(1, 6)).toEqual([String(id), 'Submitted', '0', '10', '0']);
  });

  it('reorder: the message leaves after the next one', async () => {
    await filled();
    const usual = idsOf(client.frames);
    const before = client.frames.length;
    arm({ kind: 'reorder', message: 'execution' });
    place({}, id + 1);
    await ping();
    const [a, b] = [usual.indexOf(EXECUTION), usual.indexOf(EXECUTION) + 1];
    const swapped = usual.map((m, i) => (i === a ? usual[b] : i === b ? usual[a] : m));
    expect(idsOf(client.frames.slice(before))).toEqual(swapped);
  });

  it('reorder: with nothing after it, the message leaves in the end', async () => {
    arm({ kind: 'reorder', message: 'managedAccounts', delayMs: 70 });
    client.socket.write(frame(17, 1));
    await client.until(() => fired('reorder') === 1);
    expect(frames('15')).toHaveLength(1);
    gateway.control.advanceClock({ ms: 70 });
    await client.until(() => frames('15').length === 2);
  });

  it('exec-before-open-order', async () => {
    arm({ kind: 'exec-before-open-order' });
    await filled();
    expect(idsOf(client.frames)[0]).toBe(EXECUTION);
    expect(statuses()).toContain('Filled');
  });

  it('status-before-open-order', async () => {
    arm({ kind: 'status-before-open-order' });
    await rest();
    expect(idsOf(client.frames).slice(0, 2)).toEqual([STATUS, OPEN_ORDER]);
  });

  it('late-message: others overtake it, by a delay drawn from the seed', async () => {
    arm({ kind: 'late-message', message: 'execution', delayMs: 100, jitterMs: 50 });
    await filled();
    expect(frames(COMMISSION)).toHaveLength(1);
    await advance(99);
    expect(frames(EXECUTION)).toEqual([]);
    await advance(51);
    expect(frames(EXECUTION)).toHaveLength(1);
  });

  it('late-start: nextValidId comes late', async () => {
    arm({ kind: 'late-start', message: 'nextValidId', delayMs: 200 });
    const late = new RawClient(gateway.port);
    const started = late.start(VERSION, 2);
    await late.message(15);
    expect(late.frames.some((f) => f[0] === '9')).toBe(false);
    gateway.control.advanceClock({ ms: 200 });
    expect(await started).toBe(1);
    late.close();
  });

  it('sentinel-what-if: two answers, the first with unset margins', async () => {
    arm({ kind: 'sentinel-what-if' });
    place({ whatIf: true });
    await ping();
    const [first, second] = frames(OPEN_ORDER);
    expect(first?.slice(94, 104)).toEqual(Array(10).fill('1.7976931348623157E308'));
    expect(second?.slice(94, 104)).not.toContain('1.7976931348623157E308');
    expect(frames(OPEN_ORDER)).toHaveLength(2);
  });

  it('wrong-account: openOrder and execution name an account that is not managed', async () => {
    arm({ kind: 'wrong-account', message: 'openOrder', account: 'DU0000001' });
    arm({ kind: 'wrong-account', message: 'execution' });
    await filled();
    expect(frames(OPEN_ORDER)[0]?.[20]).toBe('DU0000001');
    expect(frames(EXECUTION)[0]?.[16]).toBe('DU9999999');
    expect(frames('15')[0]?.[2]).toBe('DU1234567');
  });

  it('fragment: one byte at a time, the same frame', async () => {
    await filled();
    const whole = frames(STATUS)[0];
    arm({ kind: 'fragment', message: 'orderStatus' });
    place({}, id + 1);
    await ping();
    expect(frames(STATUS).find((f) => f[1] === String(id + 1))?.[2]).toBe(whole?.[2]);
  });

  it('oversized-frame: the length is too large, so nothing after it can be read', async () => {
    arm({ kind: 'oversized-frame' });
    const bytes: Buffer[] = [];
    client.socket.on('data', (chunk: Buffer) => bytes.push(chunk));
    place();
    await client.until(() => Buffer.concat(bytes).length > 100);
    expect(Buffer.concat(bytes).readUInt32BE(0)).toBe(0x1000000);
    expect(about(client.frames)).toEqual([]);
  });

  it('truncated-frame: whole on the wire, half of its fields', async () => {
    arm({ kind: 'truncated-frame', message: 'orderStatus' });
    await filled();
    expect(frames(STATUS)[0]).toHaveLength(6);
    expect(frames(STATUS)[1]).toHaveLength(12);
  });

  it('trailing-fields: more fields than any version has', async () => {
    arm({ kind: 'trailing-fields', message: 'orderStatus' });
    await filled();
    expect(frames(STATUS)[0]?.slice(12)).toEqual(['x', '1', '']);
  });

  it('bad-number: a field that must be a number is not', async () => {
    arm({ kind: 'bad-number', message: 'orderStatus' });
    await filled();
    expect(frames(STATUS)[0]?.[1]).toBe('NaN?');
  });

  it('unknown-message and garbage-frame: before the message, which follows whole', async () => {
    arm({ kind: 'unknown-message', message: 'orderStatus' });
    arm({ kind: 'garbage-frame', message: 'commissionReport' });
    await filled();
    const at = client.frames.findIndex((f) => f[0] === '9999');
    expect(client.frames[at + 1]?.[0]).toBe(STATUS);
    const garbage = client.frames.at(client.frames.findIndex((f) => f[0] === COMMISSION) - 1);
    expect(garbage?.join('\0').length).toBe(32);
  });

  it('malformed-reject-json: the field is there and is not JSON', async () => {
    arm({ kind: 'malformed-reject-json' });
    await rest();
    cancel();
    await ping();
    const json = frames(ERROR).find((f) => f[3] === '202')?.[5] ?? '';
    expect(json).not.toBe('');
    expect(() => JSON.parse(json) as unknown).toThrow();
  });
});

describe('who and when', () => {
  it('strikes messages of one order only', async () => {
    arm({ kind: 'missing-message', message: 'orderStatus', orderRef: 'b', times: 9 });
    arm({ kind: 'no-commission', orderRef: 'b' });
    arm({ kind: 'malformed-reject-json', orderRef: 'b' });
    place({ ref: 'a' });
    place({ ref: 'b' }, id + 1);
    await ping();
    expect(new Set(frames(STATUS).map((f) => f[1]))).toEqual(new Set([String(id)]));
    expect(frames(COMMISSION)).toHaveLength(1);
  });

  it('skips, waits, and is bound to a connection', async () => {
    arm({ kind: 'swallow', skip: 1, afterMs: 1_000 });
    place({ ref: 'early' });
    await ping();
    await advance(1_000);
    place({ ref: 'skipped' }, id + 1);
    place({ ref: 'struck' }, id + 2);
    await ping();
    expect(gateway.control.orders().map((o) => o.orderRef)).toEqual(['early', 'skipped']);
    arm({ kind: 'swallow', message: 'reqManagedAccts', scope: 'connection', times: 9 });
    client.socket.write(frame(17, 1));
    await ping();
    expect(frames('15')).toHaveLength(1);
    const other = new RawClient(gateway.port);
    await other.start(VERSION, 2);
    other.socket.write(frame(17, 1));
    await ping(other);
    expect(other.frames.filter((f) => f[0] === '15')).toHaveLength(2);
    client.close();
    await other.until(() => gateway.control.connections().length === 1);
    expect(gateway.control.faults()).toEqual([]);
    other.close();
  });

  it('every kind has its test here or among the faults of placements', () => {
    const elsewhere = [
      ...['drop-before-read', 'drop-after-read', 'drop-unaccepted', 'drop-after-ack', 'swallow'],
      ...['lost-acks', 'delay', 'hold-before', 'hold-after', 'reject', 'hold-cancel'],
      ...['missing-end', 'missing-message', 'duplicate'],
    ];
    const tested = new Set([...armed, ...elsewhere]);
    expect(
      faultKinds()
        .map((f) => f.kind)
        .filter((kind) => !tested.has(kind)),
    ).toEqual([]);
  });
});
