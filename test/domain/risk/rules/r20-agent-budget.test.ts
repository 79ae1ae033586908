import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PrincipalId } from '../../../../src/domain/ids.ts';
import type { Currency } from '../../../../src/domain/money/money.ts';
import type { AgentUsage } from '../../../../src/domain/risk/facts.ts';
import type { AgentBudget } from '../../../../src/domain/risk/policy.ts';
import { aapl, d, emptyLedger, gone, other, type Change } from '../../gate-facts.ts';
import { isDenied, testRuleCases } from '../rule-cases.ts';

const budget: AgentBudget = {
  notionalPerOrder: d(2000),
  notionalPerDay: d(10_000),
  ordersPerDay: 20,
  pendingApprovals: 5,
  asksPerHour: 50,
  secTypes: ['STK', 'OPT'],
  orderTypes: ['LMT', 'MKT'],
  conIds: null,
};
/** The base order is worth 1000. */
const used = (
  usage: Partial<AgentUsage>,
  more: Change = {},
  limits: Partial<AgentBudget> = {},
): Change => ({
  ...more,
  ledger: { agent: { ...emptyLedger.agent, ...usage } },
  policy: { budgets: { default: { ...budget, ...limits }, agents: {} } },
});
const limited = (limits: Partial<AgentBudget>, more: Change = {}): Change => used({}, more, limits);
const exit = { terms: { side: 'SELL', quantity: d(40) } } as const;
const spent = { ordersToday: 20, notionalToday: d(10_000) };
const named = (principal: string, own: string): Change => ({
  ledger: { agent: { ...emptyLedger.agent, principal: principal as PrincipalId } },
  policy: {
    budgets: { default: budget, agents: { [own]: { ...budget, notionalPerOrder: d(999) } } },
  },
});

testRuleCases('R20', [
  {
    name: 'a first order',
    change: used({}),
    expect: {
      outcome: 'pass',
      observed:
        'notional 1000; notional today 1000; orders today 1; pending approvals 1; asks per hour 1; security type STK; order type LMT',
      limit:
        'notional 2000; notional today 10000; orders today 20; pending approvals 5; asks per hour 50; security type STK/OPT; order type LMT/MKT',
      share: '0.5',
    },
  },
  {
    name: 'one share above',
    change: limited({ notionalPerOrder: d('999.99') }),
    expect: { outcome: 'deny', share: '1.0001' },
  },
  {
    name: 'exactly the notional per order',
    change: limited({ notionalPerOrder: d(1000) }),
    expect: { outcome: 'warn', share: '1' },
  },
  {
    name: 'exactly 80 % of the notional per order',
    change: limited({ notionalPerOrder: d(1250) }),
    expect: { outcome: 'warn', share: '0.8' },
  },
  {
    name: 'just under 80 %',
    change: limited({ notionalPerOrder: d('1250.01') }),
    expect: { outcome: 'pass', share: '0.8' },
  },
  {
    name: 'exactly the notional per day',
    change: used({ notionalToday: d(9000) }),
    expect: { outcome: 'warn', share: '1' },
  },
  {
    name: 'a cent above the notional per day',
    change: used({ notionalToday: d('9000.01') }),
    expect: { outcome: 'deny' },
  },
  {
    name: 'the last order of the day',
    change: used({ ordersToday: 19 }),
    expect: { outcome: 'warn', share: '1' },
  },
  { name: 'one order too many', change: used({ ordersToday: 20 }), expect: { outcome: 'deny' } },
  {
    name: 'the last pending approval',
    change: used({ pendingApprovals: 4 }),
    expect: { outcome: 'warn' },
  },
  {
    name: 'one pending approval too many',
    change: used({ pendingApprovals: 5 }),
    expect: { outcome: 'deny' },
  },
  {
    name: 'the last ask of the hour',
    change: used({ asksLastHour: 49 }),
    expect: { outcome: 'warn' },
  },
  { name: 'one ask too many', change: used({ asksLastHour: 50 }), expect: { outcome: 'deny' } },
  {
    name: 'a budget of no orders',
    change: limited({ ordersPerDay: 0 }),
    expect: { outcome: 'deny' },
  },
  {
    name: 'a security type that is not in it',
    change: limited({ secTypes: ['OPT'] }),
    expect: { outcome: 'deny', limit: /security type OPT;/ },
  },
  {
    name: 'no security type at all',
    change: limited({ secTypes: [] }),
    expect: { outcome: 'deny', limit: /security type none/ },
  },
  {
    name: 'an order type that is not in it',
    change: limited({ orderTypes: ['MKT'] }),
    expect: { outcome: 'deny' },
  },
  {
    name: 'one of the instruments',
    change: limited({ conIds: [other, aapl] }),
    expect: { outcome: 'pass', observed: /conId 265598$/, limit: /conId one of 2$/ },
  },
  {
    name: 'none of the instruments',
    change: limited({ conIds: [other] }),
    expect: { outcome: 'deny' },
  },
  {
    name: 'an exit of an agent that has used up its day',
    change: used(spent, exit, { notionalPerOrder: d(1) }),
    expect: {
      outcome: 'pass',
      observed: 'pending approvals 1; asks per hour 1; security type STK; order type LMT',
    },
  },
  {
    name: 'an exit that asks too often',
    change: used({ asksLastHour: 50 }, exit),
    expect: { outcome: 'deny' },
  },
  {
    name: 'an exit on top of too many approvals',
    change: used({ pendingApprovals: 5 }, exit),
    expect: { outcome: 'deny' },
  },
  {
    name: 'an exit from an instrument that is not its own',
    change: limited({ conIds: [other] }, exit),
    expect: { outcome: 'deny' },
  },
  {
    name: 'an exit without a quote',
    change: { ...used({}, exit), facts: { quote: gone } },
    expect: { outcome: 'pass' },
  },
  {
    name: 'an agent with a budget of its own',
    change: named('agt_own', 'agt_own'),
    expect: { outcome: 'deny' },
  },
  {
    name: 'an agent that another one is named',
    change: named('agt_else', 'agt_own'),
    expect: { outcome: 'pass' },
  },
  {
    name: 'an operator',
    change: { ...named('opr_anna', 'opr_anna'), terms: { quantity: d(100_000) } },
    expect: { outcome: 'pass', observed: 'no budget', limit: 'none', share: null },
  },
  { name: 'a service', change: named('svc_x', 'svc_x'), expect: { outcome: 'pass' } },
  {
    name: 'no price',
    change: { ...used({}), facts: { quote: gone } },
    expect: { outcome: 'cannot-evaluate', missing: /^notional: .*; notional today: / },
  },
  {
    name: 'no price, and too many orders: the denial says more',
    change: { ...used(spent), facts: { quote: gone } },
    expect: { outcome: 'deny', observed: /^notional not known/ },
  },
  {
    name: 'no contract',
    change: { ...used({}), facts: { contract: gone } },
    expect: { outcome: 'cannot-evaluate' },
  },
  {
    name: 'nobody knows whether it is an exit',
    change: { ...used(spent, exit), facts: { portfolio: gone } },
    expect: { outcome: 'deny' },
  },
  {
    name: 'another currency counts in base currency',
    change: {
      ...limited({ notionalPerOrder: d(1000) }),
      contract: { currency: 'EUR' as Currency },
      fx: '1.1',
    },
    expect: { outcome: 'deny', observed: /^notional 1100;/ },
  },
]);

describe('R20: property', () => {
  it('using more never turns a denial into a pass, a larger budget never a pass into a denial', () => {
    const usage = fc.record({
      ordersToday: fc.nat(25),
      notionalToday: fc.nat(11_000).map(d),
      pendingApprovals: fc.nat(6),
      asksLastHour: fc.nat(55),
    });
    fc.assert(
      fc.property(usage, fc.nat(3), fc.boolean(), (before, more, isExit) => {
        const change: Change = isExit ? exit : {};
        const denied = isDenied('R20', used(before, change));
        const fits = before.pendingApprovals < 5 && before.asksLastHour < 50;
        const hasRoom = before.ordersToday < 20 && Number(before.notionalToday) <= 9000;
        expect(denied).toBe(!(fits && (isExit || hasRoom)));
        if (!denied) return;
        const later = { ...before, asksLastHour: before.asksLastHour + more };
        expect(isDenied('R20', used(later, change))).toBe(true);
        const tight = { ordersPerDay: 20 - more, pendingApprovals: 5 - more };
        expect(isDenied('R20', used(before, change, tight))).toBe(true);
      }),
    );
  });
});
