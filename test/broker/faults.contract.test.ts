// Every fault of the simulated gateway, and where the adapter ends: nothing sent twice, nothing lost, and what is not
// known is said to be unknown. The gateway's own books are the truth; ours are what an order's ledger would have: live
// events and, after any doubt, the answers to findOrder, each counted once by its key.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BrokerEvent, Evidence } from '../../src/broker/port.ts';
import type { ApprovedOrder } from '../../src/domain/approval/approved-order.ts';
import { GatewayError } from '../../src/domain/errors.ts';
import { decimalText } from '../../src/domain/money/decimal.ts';
import { startSimGateway, type SimGateway } from '../../src/simgateway/sim-gateway.ts';
import { simControl, type SimControl, type SimFault } from '../support/sim-control.ts';
import {
  account,
  appleId,
  approved,
  approvedCancel,
  approvedModify,
  limitBuy,
  startTestBroker,
  until,
  type TestBroker,
} from '../support/test-broker.ts';

type World = { gateway: SimGateway; control: SimControl; test: TestBroker };
type End = 'filled' | 'absent' | 'rejected' | 'cancelled' | 'working';

/** Silence is found within half a second; the rest is as in every test. */
const timing = {
  pingEveryMs: 100,
  pingDeadlineMs: 400,
  evidenceDeadlineMs: 400,
  modifyAfterReadyMs: 0,
  modifyProofAfterMs: 20,
};

async function start(serverVersion: number): Promise<World> {
  const gateway = await startSimGateway({
    clockStart: Date.parse('2026-11-24T15:00:00Z'),
    serverVersion,
  });
  const control = simControl(gateway.controlPort);
  await market(control, 'fills');
  return { gateway, control, test: await startTestBroker(gateway.port, { timing }) };
}

/** Our limit is 150.25. */
async function market(control: SimControl, what: 'fills' | 'rests'): Promise<void> {
  const ask = what === 'fills' ? 150 : 200;
  await control.setQuote(appleId, { bid: ask - 0.1, ask, last: ask - 0.05, frozen: true });
}

const ready = async ({ test }: World): Promise<void> => {
  await expect.poll(async () => (await test.broker.link()).state, { timeout: 8_000 }).toBe('ready');
};

/** Asks until the answer is one that a workflow would act on. */
async function certain(world: World, order: ApprovedOrder): Promise<Evidence> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    await ready(world);
    const evidence = await world.test.broker.findOrder(order.intentId);
    if (evidence.found || evidence.complete) return evidence;
  }
  throw new Error('nothing certain was ever said');
}

/** What an order's ledger would hold: each event once. */
function booked(world: World, order: ApprovedOrder, evidence: Evidence): readonly BrokerEvent[] {
  const live = world.test.events.filter(({ orderRef }) => orderRef === order.intentId);
  const all = [...live, ...(evidence.found ? evidence.events : [])];
  return [...new Map(all.map((event) => [event.dedupKey, event])).values()];
}

async function expectEnd(world: World, order: ApprovedOrder, end: End, frames = 1): Promise<void> {
  const { control } = world;
  const said = { end: '' as string, fills: [] as string[] };
  const truth = async () => (await control.executions(order.intentId)).map((e) => e.execId).sort();
  await expect
    .poll(
      async () => {
        const evidence = await certain(world, order);
        const events = booked(world, order, evidence);
        said.fills = events.flatMap(({ execution }) => execution?.execId ?? []).sort();
        said.end = endOf(events, evidence);
        return said.end;
      },
      { timeout: 12_000, interval: 20 },
    )
    .toBe(end);
  expect(said.fills).toEqual(await truth());
  const sent = await control.frames(order.intentId);
  expect(sent.reduce((sum, { total }) => sum + total, 0)).toBe(frames);
}

function endOf(events: readonly BrokerEvent[], evidence: Evidence): End | 'unknown' {
  if (!evidence.found && events.length === 0) return 'absent';
  const filled = events.reduce((sum, { execution }) => sum + Number(execution?.quantity ?? 0), 0);
  if (filled === 5) return 'filled';
  if (events.some(({ error }) => error?.treatment === 'rejected')) return 'rejected';
  const words = events.map(({ status }) => status);
  if (words.includes('Cancelled') || words.includes('ApiCancelled')) return 'cancelled';
  // Refused and the reason lost on the way: IBKR's list of completed orders has nothing but the word.
  if (words.includes('Inactive')) return 'rejected';
  return words.some((word) => word !== null) ? 'working' : 'unknown';
}

type Row = readonly [
  kind: string,
  fault: Omit<SimFault, 'kind'> & Record<string, unknown>,
  end: End,
];

/** Faults that strike an order on its way in, or what is said of it on the way out. */
const ofAnOrder: readonly Row[] = [
  ['drop-before-read', {}, 'absent'],
  ['drop-before-read', { reset: true }, 'absent'],
  ['drop-unaccepted', {}, 'absent'],
  ['drop-after-read', {}, 'filled'],
  ['drop-after-read', { reset: true }, 'filled'],
  ['drop-after-ack', {}, 'filled'],
  ['swallow', {}, 'absent'],
  ['lost-acks', {}, 'filled'],
  ['late-request', { delayMs: 150 }, 'filled'],
  ['delay', { delayMs: 150 }, 'filled'],
  ['reject', {}, 'rejected'],
  ['refuse', { message: 'placeOrder' }, 'rejected'],
  ['missing-end', { message: 'openOrderEnd' }, 'filled'],
  ['missing-end', { message: 'executionEnd' }, 'filled'],
  ['missing-end', { message: 'completedOrdersEnd' }, 'filled'],
  ['missing-message', { message: 'openOrder' }, 'filled'],
  ['missing-message', { message: 'orderStatus' }, 'filled'],
  ['missing-message', { message: 'execution' }, 'filled'],
  ['no-commission', {}, 'filled'],
  ['duplicate', {}, 'filled'],
  ['duplicate', { message: 'openOrder' }, 'filled'],
  ['duplicate', { message: 'commissionReport' }, 'filled'],
  ['duplicate-execution', {}, 'filled'],
  ['duplicate-execution', { delayMs: 50 }, 'filled'],
  ['status-regression', {}, 'filled'],
  ['status-regression', { delayMs: 50 }, 'filled'],
  ['reorder', { times: 3 }, 'filled'],
  ['exec-before-open-order', {}, 'filled'],
  ['status-before-open-order', {}, 'filled'],
  ['late-message', { delayMs: 50, jitterMs: 50, times: 3 }, 'filled'],
  ['late-commission', { delayMs: 50 }, 'filled'],
  ['wrong-account', { message: 'openOrder' }, 'filled'],
  ['wrong-account', { message: 'execution' }, 'filled'],
  ['fragment', { times: 3 }, 'filled'],
  ['oversized-frame', {}, 'filled'],
  ['truncated-frame', { message: 'openOrder' }, 'filled'],
  ['truncated-frame', { message: 'execution' }, 'filled'],
  ['trailing-fields', { times: 4 }, 'filled'],
  ['bad-number', { times: 2 }, 'filled'],
  ['bad-number', { message: 'execution' }, 'filled'],
  ['unknown-message', {}, 'filled'],
  ['garbage-frame', {}, 'filled'],
];

/** Faults with a test of their own below. */
const ofTheirOwn = [
  ...['client-id-busy', 'slow-connection', 'late-start', 'what-if-unanswered', 'sentinel-what-if'],
  ...[
    'half-open',
    'correct-execution',
    'hold-before',
    'hold-after',
    'reject-late',
    'malformed-reject-json',
  ],
  ...['hold-cancel', 'fill-after-cancel', 'fill-before-cancel', 'two-perm-ids'],
];

describe.each([178, 193])('faults at server version %i', (serverVersion) => {
  let world: World;
  beforeEach(async () => {
    world = await start(serverVersion);
  });
  afterEach(async () => {
    world.test.broker.close();
    await world.gateway.close();
  });
  const place = (): ApprovedOrder => {
    const order = approved(world.test.broker.nextValidId()!);
    world.test.broker.place(order);
    return order;
  };
  const heard = (status: string) => until(() => world.test.events.find((e) => e.status === status));
  const resting = async (): Promise<ApprovedOrder> => {
    await market(world.control, 'rests');
    const order = place();
    await heard('Submitted');
    return order;
  };

  it('negotiates that version, and every kind of fault has a row here', async () => {
    const connections = await world.control.connections();
    expect(connections.map(({ version }) => version)).toEqual([serverVersion, serverVersion]);
    const kinds = await world.control.call<{ kind: string }[]>('GET', '/fault-kinds');
    const tried = new Set([...ofAnOrder.map(([kind]) => kind), ...ofTheirOwn]);
    expect(kinds.map(({ kind }) => kind).filter((kind) => !tried.has(kind))).toEqual([]);
  });

  it.each(ofAnOrder)('%s %j: %s', async (kind, fault, end) => {
    const ofClient = kind === 'refuse' || fault['message'] === undefined ? {} : { clientId: 11 };
    await world.control.armFault({ kind, ...ofClient, ...fault });
    const order = place();
    // Counted where it was read.
    await expectEnd(world, order, end, kind === 'drop-before-read' ? 0 : 1);
    await ready(world);
    if (kind === 'wrong-account') {
      expect(world.test.events.map(({ incident }) => incident)).toContain('wrong-account');
    }
  });

  it.each([
    ['hold-before', 'proceed', 'filled'],
    ['hold-before', 'swallow', 'absent'],
    ['hold-before', 'drop', 'absent'],
    ['hold-after', 'proceed', 'filled'],
    ['hold-after', 'swallow', 'filled'],
    ['hold-after', 'drop', 'filled'],
  ] as const)('%s, then %s: %s', async (kind, action, end) => {
    await world.control.armFault({ kind });
    const order = place();
    await expect.poll(() => world.control.holds(), { timeout: 8_000 }).toHaveLength(1);
    const [hold] = await world.control.holds();
    await world.control.releaseHold(hold!.id, action);
    await expectEnd(world, order, end);
  });

  it('half-open: the silence is found; while TWS keeps our id the link is down and nothing is claimed', async () => {
    await world.control.armFault({ kind: 'half-open' });
    const order = place();
    const reason = async () => (await world.test.broker.link()).reason;
    await expect.poll(reason, { timeout: 8_000 }).toBe('client-id-in-use');
    expect((await world.test.broker.link()).nextAttemptAt).not.toBeNull();
    expect(await world.test.broker.findOrder(order.intentId)).toMatchObject({
      ...{ found: false, complete: false },
    });
    await world.control.connection(11, 'drop');
    await expectEnd(world, order, 'absent', 0);
  });

  it('correct-execution: heard as another execution of the same root, the one that counts', async () => {
    await world.control.armFault({ kind: 'correct-execution' });
    const order = place();
    const byId = (end: string) =>
      until(() => world.test.events.find((e) => e.execution?.execId.endsWith(end) === true));
    const [first, second] = [await byId('.01'), await byId('.02')];
    const root = (event: BrokerEvent) => event.execution?.execId.slice(0, -3);
    expect(root(second)).toBe(root(first));
    expect(second).toMatchObject({ orderRef: order.intentId, filled: '5' });
    expect(second.dedupKey).not.toBe(first.dedupKey);
    expect(Number(second.execution?.price)).toBeGreaterThan(Number(first.execution?.price));
    // That the ledger replaces the first by the second: test/store/broker-events.int.test.ts.
    const evidence = await certain(world, order);
    expect(booked(world, order, evidence).map(({ execution }) => execution?.execId)).toContain(
      second.execution?.execId,
    );
  });

  it('reject-late: an order that worked is rejected', async () => {
    await world.control.armFault({ kind: 'reject-late' });
    await expectEnd(world, await resting(), 'rejected');
  });

  it('malformed-reject-json: the session is renewed and the end is found by asking', async () => {
    await world.control.armFault({ kind: 'reject' });
    await world.control.armFault({ kind: 'malformed-reject-json', code: 201 });
    const order = place();
    await until(() => world.test.faults.find((fault) => fault instanceof SyntaxError));
    await expectEnd(world, order, 'cancelled').catch(() => expectEnd(world, order, 'rejected'));
  });

  it('hold-cancel: an order whose cancel is pending lives on, and may still fill', async () => {
    await world.control.armFault({ kind: 'hold-cancel' });
    const order = await resting();
    world.test.broker.cancel(approvedCancel({ orderId: order.orderId }));
    await heard('PendingCancel');
    await expectEnd(world, order, 'working');
    const [live] = await world.control.orders({ orderRef: order.intentId });
    await world.control.fill(live!.permId, { shares: 5, price: '150' });
    await expectEnd(world, order, 'filled');
  });

  it.each(['fill-after-cancel', 'fill-before-cancel'])('%s: the fill counts', async (kind) => {
    const order = await resting();
    await world.control.armFault({ kind });
    world.test.broker.cancel(approvedCancel({ orderId: order.orderId }));
    await expectEnd(world, order, 'filled');
  });

  it('two-perm-ids: an incident, and both orders are shown as working', async () => {
    const order = await resting();
    await world.control.armFault({ kind: 'two-perm-ids' });
    world.test.broker.modify(approvedModify(order, { limitPrice: decimalText('151') }));
    await until(() => world.test.events.find(({ incident }) => incident === 'two-live-orders'));
    expect(await world.test.broker.liveOrders(order.intentId)).toMatchObject({ kind: 'several' });
    expect(await world.test.broker.workingOrders(account)).toHaveLength(2);
  });

  it.each([
    ['client-id-busy', {}],
    ['slow-connection', { delayMs: 20, jitterMs: 20, bytes: 7 }],
    ['late-start', { message: 'nextValidId', delayMs: 100 }],
    ['late-start', { message: 'managedAccounts', delayMs: 100 }],
  ])('%s %j: the session comes up all the same, under its own id', async (kind, fault) => {
    await world.control.armFault({ kind, clientId: 11, ...fault });
    await world.test.broker.reconnect();
    await ready(world);
    await expectEnd(world, place(), 'filled');
    const ids = (await world.control.connections()).map(({ clientId }) => clientId);
    expect(ids.sort()).toEqual([11, 12]);
  });

  it('what-if-unanswered and sentinel-what-if: no answer is a missing fact, sentinels are none', async () => {
    // Bars are worked out on this thread, for longer than a sign of life may take here: they are had before.
    const hasBars = async (): Promise<boolean> =>
      'value' in (await world.test.broker.facts(limitBuy)).correlations;
    await expect.poll(hasBars, { timeout: 15_000 }).toBe(true);
    await ready(world);
    await world.control.armFault({ kind: 'sentinel-what-if' });
    const facts = await world.test.broker.facts(limitBuy);
    expect(facts.whatIf).toMatchObject({ value: { commissionCurrency: 'USD' } });
    expect(JSON.stringify(facts.whatIf)).not.toContain('79769');
    await world.control.armFault({ kind: 'what-if-unanswered' });
    expect(await world.test.broker.facts(limitBuy)).toMatchObject({ whatIf: { missing: /./ } });
    expect(await world.control.orders()).toEqual([]);
  });

  it.each([
    ['down', 'up-data-lost', true],
    ['down', 'up-data-kept', false],
    ['broken', 'up-data-lost', true],
    ['broken', 'up-data-kept', true],
  ] as const)('link %s with fills unseen, then %s: they come in', async (down, up, loseEvents) => {
    const order = await resting();
    await world.control.call('PUT', '/link', { state: down, unseenTrading: true });
    await until(() => world.test.links.at(-1) === 'degraded');
    await market(world.control, 'fills');
    await expect
      .poll(() => world.control.executions(order.intentId), { timeout: 8_000 })
      .toHaveLength(1);
    expect(world.test.events.some(({ kind }) => kind === 'execution')).toBe(false);
    expect(() => place()).toThrow(/frozen/);
    await world.control.call('PUT', '/link', { state: up, loseEvents });
    await ready(world);
    // Without anybody asking for this order: the catch-up asks for all of them.
    await until(() => world.test.events.find(({ kind }) => kind === 'execution'));
    await expectEnd(world, order, 'filled');
  });

  it('a nightly restart with a lower next id in the middle of a working order: no id is used twice', async () => {
    const order = await resting();
    await world.control.restart({ rollBackIds: 1, downMs: 150 });
    await until(() => world.test.links.at(-1) !== 'ready');
    await ready(world);
    expect(world.test.broker.nextValidId()).toBeLessThanOrEqual(order.orderId);
    expect(() => {
      world.test.broker.place(approved(order.orderId));
    }).toThrow(GatewayError);
    const next = approved(order.orderId + 1);
    world.test.broker.place(next);
    await expectEnd(world, order, 'working');
    await expectEnd(world, next, 'working');
    const strangers = world.test.events.filter(({ orderRef }) => orderRef === null);
    expect(strangers).toEqual([]);
  });

  it('error 100 never comes: 200 questions and 40 orders at once, all answered', async () => {
    await market(world.control, 'rests');
    const { broker } = world.test;
    const first = broker.nextValidId()!;
    const orders = Array.from({ length: 40 }, (_, i) => approved(first + i));
    const placed: string[] = [];
    const placing = orders.map(async (order) => {
      const done = await broker.turn('write', order.intentId);
      broker.place(order);
      placed.push(order.intentId);
      done();
    });
    const asked = Array.from({ length: 200 }, (_, i) => broker.resolve({ conId: 1_000_000 + i }));
    const answers = await Promise.allSettled(asked);
    await Promise.all(placing);
    expect(placed).toEqual(orders.map(({ intentId }) => intentId));
    const { entries } = await world.control.journal({ limit: 1000, message: 'pacing' });
    expect(entries).toEqual([]);
    // Who had to wait longer than the deadline was told so; nobody was left without an answer.
    const late = answers.flatMap((a) =>
      a.status === 'rejected' ? [(a.reason as GatewayError).code] : [],
    );
    expect(new Set(late)).toEqual(new Set(late.length > 0 ? ['BROKER_NO_ANSWER'] : []));
    expect(await broker.workingOrders(account)).toHaveLength(40);
  });
});
