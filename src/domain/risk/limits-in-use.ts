import type { DecimalText } from '../money/decimal.ts';
import { fixed, Fixed, larger } from '../money/fixed.ts';
import type { Portfolio } from '../portfolio/portfolio.ts';
import { isKnown, type AgentUsage, type Fact, type LedgerFacts } from './facts.ts';
import type { AgentBudget, RiskPolicy } from './policy.ts';

/**
 * How much of the limits is in use before anything more is proposed, for people and agents to look at. The rules judge
 * for themselves; they add the order in question to the same figures.
 */

/** One limit. `share` is used ÷ limit, rounded up to four decimals; null where it is not known or the limit is 0. */
export type LimitInUse = {
  readonly name: string;
  readonly unit: string;
  /** Null where a fact is missing, and then `missing` says which. */
  readonly used: DecimalText | null;
  /** Null = the policy switches the rule off. */
  readonly limit: DecimalText | null;
  readonly share: DecimalText | null;
  readonly missing: string | null;
};

/** `used` is `amount ÷ base`; a plain amount has no base. */
type Reading = { readonly amount: Fixed; readonly base?: Fixed } | { readonly missing: string };
type Facts = { readonly ledger: LedgerFacts; readonly portfolio: Fact<Portfolio> };
type Row = {
  readonly rule: string;
  readonly name: string;
  readonly unit: string;
  readonly limit: (rules: RiskPolicy['rules']) => DecimalText | number | null;
  readonly read: (facts: Facts) => Reading;
};

const decimals = 4;
const zero = new Fixed(0, 0);
const one = new Fixed(1, 0);
const count = (n: number): Reading => ({ amount: new Fixed(n, 0) });

/** The limits of a whole account; adding one is adding a row. */
const rows: readonly Row[] = [
  {
    ...{ rule: 'R7', name: 'orders today', unit: 'orders' },
    limit: ({ daily_trade_count: { enabled, limit } }) => (enabled ? limit : null),
    read: ({ ledger: { counters, reservations } }) =>
      count(counters.ordersToday + reservations.length),
  },
  {
    ...{ rule: 'R8', name: 'daily loss', unit: 'base currency' },
    limit: ({ daily_loss: { enabled, limit } }) => (enabled ? limit : null),
    read: ({ portfolio }) => dailyLoss(portfolio),
  },
  {
    ...{ rule: 'R11', name: 'below the highest value', unit: 'share of it' },
    limit: ({ drawdown: { enabled, maxDrawdown } }) => (enabled ? maxDrawdown : null),
    read: ({ ledger, portfolio }) => below(ledger.equity.highest, portfolio),
  },
  {
    ...{ rule: 'R11', name: "below the day's first value", unit: 'share of it' },
    limit: ({ drawdown: { enabled, maxDailyLoss } }) => (enabled ? maxDailyLoss : null),
    read: ({ ledger, portfolio }) => below(ledger.equity.dayStart, portfolio),
  },
  {
    ...{ rule: 'R11', name: "below the week's first value", unit: 'share of it' },
    limit: ({ drawdown: { enabled, maxWeeklyLoss } }) => (enabled ? maxWeeklyLoss : null),
    read: ({ ledger, portfolio }) => below(ledger.equity.weekStart, portfolio),
  },
  {
    ...{ rule: 'R17', name: 'orders in the last minute', unit: 'orders' },
    limit: ({ order_rate: { enabled, ordersPerMinute } }) => (enabled ? ordersPerMinute : null),
    read: ({ ledger }) => count(ledger.counters.ordersLastMinute),
  },
  {
    ...{ rule: 'R17', name: 'messages in the last minute', unit: 'messages' },
    limit: ({ order_rate: { enabled, messagesPerMinute } }) => (enabled ? messagesPerMinute : null),
    read: ({ ledger }) => count(ledger.counters.messagesLastMinute),
  },
];

/** The account's limits in rule order. */
export function limitsInUse(
  facts: Facts,
  { rules }: RiskPolicy,
): readonly (LimitInUse & { readonly rule: string })[] {
  return rows.map(({ rule, name, unit, limit, read }) => ({
    rule,
    ...inUse({ name, unit }, read(facts), limit(rules)),
  }));
}

/** What an agent has used of its budget. */
export function budgetInUse(usage: AgentUsage, budget: AgentBudget): readonly LimitInUse[] {
  const { ordersToday, notionalToday, pendingApprovals, asksLastHour } = usage;
  const orders = { name: 'orders today', unit: 'orders' };
  const notional = { name: 'notional today', unit: 'base currency' };
  const pending = { name: 'pending approvals', unit: 'approvals' };
  const asks = { name: 'asks in the last hour', unit: 'asks' };
  return [
    inUse(notional, { amount: fixed(notionalToday) }, budget.notionalPerDay),
    inUse(orders, count(ordersToday), budget.ordersPerDay),
    inUse(pending, count(pendingApprovals), budget.pendingApprovals),
    inUse(asks, count(asksLastHour), budget.asksPerHour),
  ];
}

function dailyLoss(portfolio: Fact<Portfolio>): Reading {
  if (!isKnown(portfolio)) return { missing: `portfolio: ${portfolio.missing}` };
  const { dailyPnl } = portfolio.value;
  if (dailyPnl === null) return { missing: 'the daily profit and loss' };
  return { amount: larger(zero, fixed(dailyPnl.amount).neg()) };
}

function below(mark: DecimalText | null, portfolio: Fact<Portfolio>): Reading {
  if (!isKnown(portfolio)) return { missing: `portfolio: ${portfolio.missing}` };
  if (mark === null) return { missing: 'no mark yet' };
  const base = fixed(mark);
  if (!base.isPositive()) return { missing: 'the mark is not above 0' };
  const current = fixed(portfolio.value.netLiquidation.amount);
  return { amount: larger(zero, base.minus(current)), base };
}

function inUse(
  named: Pick<LimitInUse, 'name' | 'unit'>,
  reading: Reading,
  limit: DecimalText | number | null,
): LimitInUse {
  const limitText = limit === null ? null : (String(limit) as DecimalText);
  if ('missing' in reading) {
    return { ...named, used: null, limit: limitText, share: null, missing: reading.missing };
  }
  const { amount, base } = reading;
  const used = base === undefined ? amount : amount.dividedBy(base, decimals, 'up');
  const allowed = limitText === null ? zero : fixed(limitText).times(base ?? one);
  return {
    ...named,
    used: used.text(),
    limit: limitText,
    share: allowed.isZero() ? null : amount.dividedBy(allowed, decimals, 'up').text(),
    missing: null,
  };
}
