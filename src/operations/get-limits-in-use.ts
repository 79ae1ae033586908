import { z } from 'zod';
import type { AccountId } from '../domain/ids.ts';
import { dec, decimalText } from '../domain/money/decimal.ts';
import { allMissing, isKnown, type BrokerFacts, type Fact } from '../domain/risk/facts.ts';
import { budgetInUse, limitsInUse } from '../domain/risk/limits-in-use.ts';
import { budgetOf } from '../domain/risk/policy.ts';
import { instantFromEpochMs } from '../domain/time/instant.ts';
import { tradingDayAt } from '../domain/time/trading-day.ts';
import { dashedDay } from '../domain/time/zoned.ts';
import { GatewayError } from '../domain/errors.ts';
import { operation, type OperationContext } from './operation.ts';
import { pickAccount } from './parts/accounts.ts';
import { account } from './parts/fields.ts';
import { readOnly } from './parts/hints.ts';
import { LatchShape, showLatch } from './parts/latch-output.ts';
import { anyReader } from './parts/role-groups.ts';
import { decimal } from './parts/shapes.ts';

/**
 * What is used up of the limits of an account and of the agents' budgets, from the same facts that the gate reads. It
 * judges nothing: the rules do, with the order in question added.
 */

const InUse = z.object({
  name: z.string(),
  unit: z.string(),
  used: decimal.nullable().describe('Null where a fact is missing'),
  limit: decimal.nullable().describe('Null = the rule is switched off'),
  share: decimal.nullable().describe('used ÷ limit, rounded up; from 0.8 on the rule warns'),
  missing: z.string().nullable(),
});

/** What of the account's and the agent's limits is used up; the limits themselves are `get_policy`'s. */
export const getLimitsInUse = operation({
  name: 'get_limits_in_use',
  title: 'Limits in use',
  description:
    'How much of the limits is used up now, before anything more is proposed: orders of the day, losses, rates, what is ' +
    'reserved, your own budget, and what is latched. Operators see the budget of every agent that has proposed today. ' +
    'The limits of a single order are in get_policy.',
  roles: anyReader,
  effect: 'read',
  http: { method: 'get', path: '/limits' },
  mcp: readOnly,
  input: z.strictObject({ account }),
  output: z.object({
    account: z.string(),
    tradingDay: z.string().nullable().describe('Day of the market, from midnight in New York'),
    limits: z.array(InUse.extend({ rule: z.string() })),
    reserved: z.object({
      orders: z.int().describe('Orders that hold part of the limits and are not working yet'),
      notional: decimal.describe('Their worst-case notional in base currency'),
    }),
    budgets: z.array(z.object({ agent: z.string(), limits: z.array(InUse) })),
    latches: z.array(LatchShape),
    policyVersion: z.string(),
  }),
  async run(context, input) {
    const named = await pickAccount(context, input.account);
    const brokerFacts = await factsOf(context, named);
    const { marketTime, portfolio } = brokerFacts;
    const principal = context.principal?.principalId;
    const { value: ledger } = await context.store.ledger.peekLedgerFacts(named, {
      brokerFacts,
      ...(principal === undefined ? {} : { principal }),
    });
    const isAgent = context.principal?.kind === 'agent';
    const day = isKnown(marketTime) ? marketTime.value : null;
    const usages = isAgent ? [ledger.agent] : await context.store.limits.agentsToday(day);
    const policy = context.limitsInForce();
    const { reservations } = ledger;
    return {
      account: named,
      tradingDay: day === null ? null : dashedDay(tradingDayAt(day).day),
      limits: [...limitsInUse({ ledger, portfolio }, policy)],
      reserved: {
        orders: reservations.length,
        notional: decimalText(
          reservations.reduce((sum, { notional }) => sum.plus(dec(notional)), dec('0')),
        ),
      },
      budgets: usages.map((usage) => ({
        agent: usage.principal,
        limits: [...budgetInUse(usage, budgetOf(policy.budgets, usage.principal))],
      })),
      latches: (await context.store.limits.latches(named)).map(showLatch),
      policyVersion: policy.version,
    };
  },
});

/** What of the broker counts; the moment is taken before it is asked, so that nothing is younger than it says. */
async function factsOf(context: OperationContext, named: AccountId): Promise<BrokerFacts> {
  const { broker } = context;
  const at = instantFromEpochMs(Date.now());
  const factOf = async <T>(reading: Promise<T>): Promise<Fact<T>> => {
    try {
      return { value: await reading, source: 'broker', at };
    } catch (failure) {
      if (!(failure instanceof GatewayError) || !failure.code.startsWith('BROKER_')) throw failure;
      return { missing: 'the broker did not answer' };
    }
  };
  const [marketTime, portfolio, workingOrders] = await Promise.all([
    factOf(broker.marketTime()),
    factOf(broker.portfolio(named)),
    factOf(broker.workingOrders(named)),
  ]);
  return { ...allMissing('not asked'), marketTime, portfolio, workingOrders };
}
