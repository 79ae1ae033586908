// Whatever several clients do, in whatever order, over whatever market: money and positions add up,
// nothing trades through its limit, what has ended stays ended, and the same inputs give the same events.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UNIT, valueOf } from '../../../src/simgateway/accounts/value.ts';
import type { Execution, SimOrder } from '../../../src/simgateway/matching/order.ts';
import { AAA, byConId } from './contracts.ts';
import { priceAt, run, step } from './story.ts';
import type { Step } from './story.ts';
import { createWorld } from './world.ts';
import type { World } from './world.ts';

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
  const { expiresAt } = order.terms;
  must(expiresAt === undefined || e.at < expiresAt, order, 'trades after its time');
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

/** Once time has passed, nothing lives beyond its own. */
function checkTimes(w: World): void {
  const now = w.clock.now();
  for (const order of w.store.live) {
    must((order.terms.expiresAt ?? Infinity) > now, order, 'has ended with its time');
  }
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
    if (isChecked && (s.do === 'pass' || s.do === 'jump')) checkTimes(w);
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
