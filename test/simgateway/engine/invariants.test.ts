// Whatever several clients do, in whatever order, over whatever market: money and positions add up,
// nothing trades through its limit, what has ended stays ended, and the same inputs give the same events.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UNIT, valueOf } from '../../../src/simgateway/accounts/value.ts';
import type { Execution, SimOrder } from '../../../src/simgateway/matching/order.ts';
import { AAA, BBB, BTC, byConId, CALL_100, CALL_110, ES, EURO, EURUSD } from './contracts.ts';
import { createWorld } from './world.ts';
import type { World } from './world.ts';

const KINDS = [AAA, BBB, EURO, CALL_100, CALL_110, ES, EURUSD, BTC];
const TYPES = ['MKT', 'LMT', 'STP', 'STP LMT', 'TRAIL', 'TRAIL LIMIT', 'MIT', 'LIT'];

/** Most orders stand alone. */
const NONE = Array.from({ length: 8 }, () => undefined);

const kind = fc.integer({ min: 0, max: KINDS.length - 1 });
const offset = fc.integer({ min: -20, max: 20 });
const placing = fc.record({
  do: fc.constant('place' as const),
  client: fc.integer({ min: 1, max: 3 }),
  account: fc.constantFrom('DU1', 'DU2'),
  kind,
  action: fc.constantFrom('BUY' as const, 'SELL' as const),
  type: fc.constantFrom(...TYPES),
  tif: fc.constantFrom('DAY', 'GTC', 'IOC', 'FOK'),
  units: fc.integer({ min: 1, max: 300 }),
  offset,
  parent: fc.constantFrom(...NONE, ...NONE, 1, 2, 3),
  oca: fc.constantFrom(...NONE, ...NONE, 'g1', 'h2', 'i1', 'j3'),
  allOrNone: fc.constantFrom(false, false, false, true),
  combo: fc.constantFrom(false, false, false, true),
});
const step = fc.oneof(
  { weight: 6, arbitrary: placing },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('modify' as const),
      client: fc.integer({ min: 1, max: 3 }),
      id: fc.integer({ min: 1, max: 8 }),
      units: fc.integer({ min: 1, max: 300 }),
      offset,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('cancel' as const),
      client: fc.integer({ min: 1, max: 3 }),
      id: fc.integer({ min: 1, max: 8 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('quote' as const),
      kind,
      offset,
      bidSize: fc.integer({ min: 0, max: 400 }),
      askSize: fc.integer({ min: 0, max: 400 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('print' as const),
      kind,
      offset,
      units: fc.integer({ min: 1, max: 500 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pass' as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

const tickOf = (i: typeof AAA) => (i.secType === 'CASH' ? 50 : 10_000) * 5;
/** A price some ticks from the long-run one, as text. */
function priceAt(i: typeof AAA, ticks: number): string {
  return String((i.basePrice + ticks * tickOf(i)) / 1_000_000);
}

function fieldsOf(s: Extract<Step, { do: 'place' }>) {
  const i = KINDS[s.kind] ?? AAA;
  const price = priceAt(i, s.offset);
  const perUnit = { CASH: 1000, CRYPTO: 0.001 }[i.secType as string] ?? 1;
  const shared = {
    ...{ action: s.action, account: s.account, tif: s.tif, allOrNone: s.allOrNone },
    ...(s.oca === undefined ? {} : { ocaGroup: s.oca, ocaType: Number(s.oca.slice(1)) }),
    ...(s.parent === undefined ? {} : { parentId: s.parent }),
  };
  if (s.combo) {
    const legs = [CALL_100, CALL_110].map((leg, at) => ({
      ...{ conId: leg.conId, ratio: 1, action: at === 0 ? 'BUY' : 'SELL', exchange: 'SMART' },
    }));
    const net = String(s.offset * 0.05);
    const bag = { conId: 0, secType: 'BAG', orderType: 'LMT', lmtPrice: net, comboLegs: legs };
    return { ...shared, ...bag, totalQuantity: String(s.units) };
  }
  const isTrail = s.type.startsWith('TRAIL');
  return {
    ...shared,
    ...{ conId: i.conId, orderType: s.type, lmtPrice: isTrail ? undefined : price },
    auxPrice: isTrail ? String((3 * tickOf(i)) / 1_000_000) : price,
    lmtPriceOffset: s.type === 'TRAIL LIMIT' ? String(tickOf(i) / 1_000_000) : undefined,
    totalQuantity: String(Number((s.units * perUnit).toFixed(6))),
  };
}

function run(w: World, s: Step): void {
  switch (s.do) {
    case 'place':
      w.place(fieldsOf(s), s.client);
      break;
    case 'modify': {
      const known = w.store.byOrderId(s.client, s.id);
      if (known?.terms.limitPrice === undefined || known.oca !== undefined) break;
      const i = byConId(known.conId) ?? AAA;
      const lmtPrice = known.terms.legs === undefined ? priceAt(i, s.offset) : '1';
      w.desk.place(s.client, { ...known.fields, lmtPrice, totalQuantity: String(s.units) });
      break;
    }
    case 'cancel':
      w.desk.cancel(s.client, s.id);
      break;
    case 'quote': {
      const i = KINDS[s.kind] ?? AAA;
      const bid = Number(priceAt(i, s.offset));
      const ask = Number((bid + tickOf(i) / 1_000_000).toFixed(6));
      w.market.quote(i, { bid, ask, last: bid, bidSize: s.bidSize, askSize: s.askSize });
      w.desk.evaluateAll();
      break;
    }
    case 'print': {
      const i = KINDS[s.kind] ?? AAA;
      w.print(i, Number(priceAt(i, s.offset)), s.units);
      break;
    }
    case 'pass':
      w.pass();
  }
}

const money = (w: World) => w.store.executions.filter((e) => e.isCombo !== true);

/** Cash and positions as the executions say they must be. */
function checkMoney(w: World): void {
  for (const account of w.accounts.values()) {
    const cash: Record<string, number> = { USD: 1_000_000_000_000 };
    const held = new Map<number, number>();
    const add = (currency: string, amount: number) => {
      cash[currency] = (cash[currency] ?? 0) + amount;
    };
    for (const e of money(w).filter((x) => x.account === account.id)) {
      const i = byConId(e.conId) ?? AAA;
      const size = e.side === 'BOT' ? e.shares : -e.shares;
      held.set(e.conId, (held.get(e.conId) ?? 0) + size);
      add(e.commissionCurrency, -e.commission);
      add(i.currency, -valueOf(i, e.price, size));
      if (i.secType === 'CASH') add(i.symbol, size);
    }
    for (const p of account.positions.values()) {
      expect(p.quantity).toBe(held.get(p.conId) ?? 0);
      // A future's notional is never paid: what is open is held against its cost.
      if (byConId(p.conId)?.secType === 'FUT') add('USD', p.cost - p.fees);
      if (p.quantity === 0) expect([p.cost, p.fees]).toEqual([0, 0]);
    }
    expect(account.cash).toEqual(expect.objectContaining(cash));
  }
}

function limitAt(order: SimOrder): number | undefined {
  const { orderType, limitPrice } = order.terms;
  return orderType === 'TRAIL LIMIT' ? order.working.limit : limitPrice;
}

function checkExecution(w: World, e: Execution): void {
  const order = w.store.orders.get(e.permId);
  if (order === undefined) throw new Error('an execution of no order');
  const isSummary = order.terms.legs === undefined || e.isCombo === true;
  const limit = isSummary ? limitAt(order) : undefined;
  if (limit === undefined) return;
  const isWithin = order.terms.action === 'BUY' ? e.price <= limit : e.price >= limit;
  must(isWithin, order, `trades at ${e.price} through its limit`);
}

/** Thousands of checks a run: a plain comparison, because an assertion costs more than a step. */
function must(holds: boolean, order: SimOrder, what: string): void {
  if (!holds) throw new Error(`${what}: ${JSON.stringify(order)}`);
}

/** What must hold after every step. `seen` is how far executions were checked, `ended` who had ended. */
function check(w: World, seen: number, ended: Map<number, string>): void {
  for (const e of w.store.executions.slice(seen)) checkExecution(w, e);
  for (const [permId, order] of w.store.orders) {
    const { filled, terms, status } = order;
    must(permId === order.permId, order, 'one permId an order');
    must(filled <= terms.quantity, order, 'fills at most its quantity');
    const isWhole = filled === terms.quantity && status !== 'Cancelled';
    must((status === 'Filled') === isWhole, order, 'is Filled when whole');
    const before = ended.get(permId);
    must(before === undefined || before === `${status} ${filled}`, order, 'stays ended');
    if (['Filled', 'Cancelled', 'Inactive'].includes(status)) {
      ended.set(permId, `${status} ${filled}`);
    }
  }
  checkGroups(w);
}

/** What was executed of an order is what it says it has filled. */
function checkTotals(w: World): void {
  const executed = new Map<number, number>();
  for (const e of w.store.executions) {
    const isCombo = w.store.orders.get(e.permId)?.terms.legs !== undefined;
    if (isCombo && e.isCombo !== true) continue;
    executed.set(e.permId, (executed.get(e.permId) ?? 0) + e.shares);
  }
  for (const o of w.store.orders.values()) expect(executed.get(o.permId) ?? 0).toBe(o.filled);
}

/** Groups with block fill at most the whole of one member in all. */
function checkGroups(w: World): void {
  const shares = new Map<string, number>();
  for (const order of w.store.orders.values()) {
    const type = order.oca?.type;
    if (order.oca === undefined || (type !== 1 && type !== 2)) continue;
    const key = `${order.account} ${order.oca.group}`;
    const share = (shares.get(key) ?? 0) + Math.floor((order.filled / order.ordered) * 1_000_000);
    shares.set(key, share);
    must(share <= 1_000_000, order, 'its group fills once');
  }
}

function play(steps: readonly Step[], isChecked: boolean): World {
  const w = createWorld();
  w.accounts.forEach((account) => (account.cash = { USD: 1_000_000_000_000 }));
  const ended = new Map<number, string>();
  for (const s of steps) {
    const seen = w.store.executions.length;
    run(w, s);
    if (isChecked) check(w, seen, ended);
  }
  if (isChecked) {
    checkTotals(w);
    checkMoney(w);
  }
  return w;
}

const sequences = fc.array(step, { minLength: 5, maxLength: 120, size: 'max' });

describe('the engine', () => {
  it('keeps its invariants through anything', () => {
    let executions = 0;
    fc.assert(
      fc.property(sequences, (steps) => {
        executions += play(steps, true).store.executions.length;
      }),
      { numRuns: 200, seed: 20_260_414 },
    );
    // The sequences do trade: an engine that refused everything would pass above.
    expect(executions).toBeGreaterThan(1000);
  });

  it('tells the same story for the same inputs', () => {
    fc.assert(
      fc.property(sequences, (steps) => {
        const [a, b] = [play(steps, false), play(steps, false)];
        expect(a.told).toEqual(b.told);
        expect(a.store.executions).toEqual(b.store.executions);
      }),
      { numRuns: 50, seed: 7 },
    );
  });

  it('serves resting orders by price, then time', () => {
    const resting = fc.record({
      client: fc.integer({ min: 1, max: 3 }),
      ticks: fc.integer({ min: -3, max: 0 }),
      units: fc.integer({ min: 1, max: 100 }),
    });
    const prints = fc.array(
      fc.record({
        ticks: fc.integer({ min: -3, max: 0 }),
        units: fc.integer({ min: 1, max: 200 }),
      }),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(fc.array(resting, { minLength: 2, maxLength: 12 }), prints, (orders, tape) => {
        const w = createWorld();
        w.market.quote(AAA, { bid: 90, ask: 110, last: 100, bidSize: 0 });
        for (const { client, ticks, units } of orders) {
          w.place(
            { orderType: 'LMT', lmtPrice: priceAt(AAA, ticks), totalQuantity: String(units) },
            client,
          );
        }
        for (const { ticks, units } of tape) w.print(AAA, Number(priceAt(AAA, ticks)), units);
        const all = [...w.store.orders.values()];
        for (const better of all) {
          for (const worse of all) {
            const [p, q] = [better.terms.limitPrice ?? 0, worse.terms.limitPrice ?? 0];
            const isAhead = p > q || (p === q && better.permId < worse.permId);
            // Whoever has filled anything found everyone ahead of it filled whole.
            if (isAhead && worse.filled > 0) expect(better.status).toBe('Filled');
          }
        }
        const brought = tape.reduce((sum, { units }) => sum + units * UNIT, 0);
        const filled = all.reduce((sum, order) => sum + order.filled, 0);
        expect(filled).toBeLessThanOrEqual(brought);
      }),
      { numRuns: 300, seed: 11 },
    );
  });
});
