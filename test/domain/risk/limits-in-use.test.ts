import { describe, expect, it } from 'vitest';
import { isKnown, type LedgerFacts } from '../../../src/domain/risk/facts.ts';
import { budgetInUse, limitsInUse } from '../../../src/domain/risk/limits-in-use.ts';
import { budgetOf } from '../../../src/domain/risk/policy.ts';
import type { PrincipalId } from '../../../src/domain/ids.ts';
import { d, emptyLedger, gateCase, gone, reservation, usd, type Change } from '../gate-facts.ts';

/** `used limit share` of a limit in a changed base case. */
function figures(name: string, change: Change): readonly (string | null)[] {
  const { facts, policy } = gateCase(change);
  const { ledger, portfolio } = facts;
  const found = limitsInUse({ ledger: ledger.value, portfolio }, policy).find(
    (each) => each.name === name,
  );
  if (found === undefined) throw new Error(`no limit ${name}`);
  expect(found.missing === null).toBe(found.used !== null);
  return [found.used, found.limit, found.share];
}

const lost = (amount: string): Change => ({ portfolio: { netLiquidation: usd(amount) } });
const marked = (equity: Partial<LedgerFacts['equity']>): Change => ({
  ledger: { equity: { highest: null, weekStart: null, dayStart: null, ...equity } },
});
const counters = { ordersToday: 3, ordersLastMinute: 1, messagesLastMinute: 2 };

describe('limits in use', () => {
  it('of the day’s orders count what was sent and what is reserved', () => {
    const change: Change = {
      ledger: { counters, reservations: [reservation('BUY', 1), reservation('BUY', 2)] },
      rules: { daily_trade_count: { enabled: true, limit: 20 } },
    };
    expect(figures('orders today', change)).toEqual(['5', '20', '0.25']);
  });

  it.each([
    ['-4000', ['4000', '5000', '0.8']],
    ['-5000.01', ['5000.01', '5000', '1.0001']],
    ['250', ['0', '5000', '0']],
  ])('of the daily loss, with %s today', (amount, expected) => {
    expect(figures('daily loss', { portfolio: { dailyPnl: usd(amount) } })).toEqual(expected);
  });

  it.each([
    ['a quarter of the drawdown', lost('975000'), ['0.025', '0.1', '0.25']],
    ['nothing above the highest', lost('1200000'), ['0', '0.1', '0']],
    ['up to four decimals, rounded up', lost('999999'), ['0.0001', '0.1', '0.0001']],
  ])('of the drawdown: %s', (_what, change, expected) => {
    const drawdown = { enabled: true, ...{ maxDrawdown: d('0.1') } };
    const rules = { ...gateCase().policy.rules.drawdown, ...drawdown };
    expect(figures('below the highest value', { ...change, rules: { drawdown: rules } })).toEqual(
      expected,
    );
  });

  it('say what is missing instead of guessing', () => {
    const nothing = (name: string, change: Change): unknown => figures(name, change)[0];
    expect(nothing('daily loss', { facts: { portfolio: gone } })).toBeNull();
    expect(nothing('daily loss', { portfolio: { dailyPnl: null } })).toBeNull();
    expect(nothing('below the highest value', { facts: { portfolio: gone } })).toBeNull();
    expect(nothing('below the highest value', marked({}))).toBeNull();
    expect(nothing("below the day's first value", marked({ dayStart: d(0) }))).toBeNull();
  });

  it('show a rule that is off without a limit', () => {
    const off: Change = { rules: { daily_loss: { enabled: false, limit: d(5000) } } };
    expect(figures('daily loss', off)).toEqual(['0', null, null]);
  });

  it('have no share of a limit of nothing', () => {
    const none: Change = { rules: { daily_loss: { enabled: true, limit: d(0) } } };
    expect(figures('daily loss', none)).toEqual(['0', '0', null]);
  });

  it('of rates are those of the last minute', () => {
    const rules = { order_rate: { enabled: true, ordersPerMinute: 10, messagesPerMinute: 10 } };
    const change: Change = { ledger: { counters }, rules };
    expect(figures('orders in the last minute', change)).toEqual(['1', '10', '0.1']);
    expect(figures('messages in the last minute', change)).toEqual(['2', '10', '0.2']);
  });
});

describe('a budget in use', () => {
  it('is the agent’s own, or that of all others', () => {
    const { policy, facts } = gateCase();
    const { default: common } = policy.budgets;
    const own = { ...common, ordersPerDay: 4 };
    const named = 'agt_named' as PrincipalId;
    const budgets = { default: common, agents: { [named]: own } };
    expect(budgetOf(budgets, named)).toBe(own);
    expect(budgetOf(budgets, 'agt_other' as PrincipalId)).toBe(common);
    expect(budgetOf(budgets, 'constructor' as PrincipalId)).toBe(common);
    expect(isKnown(facts.ledger)).toBe(true);
    const usage = { ...emptyLedger.agent, ordersToday: 3, notionalToday: d('50.5') };
    expect(budgetInUse(usage, { ...own, notionalPerDay: d(101) })).toMatchObject([
      { name: 'notional today', used: '50.5', limit: '101', share: '0.5' },
      { name: 'orders today', used: '3', limit: '4', share: '0.75' },
      { name: 'pending approvals', used: '0' },
      { name: 'asks in the last hour', used: '0' },
    ]);
  });
});
