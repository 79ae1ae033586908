import { z } from 'zod';
import { orderStates } from '../../domain/order/lifecycle.ts';
import { orderTypes, sides, timesInForce } from '../../domain/order/order-type.ts';
import { warningCodes } from '../../domain/order/warnings.ts';
import type { RuleVerdict, Verdict } from '../../domain/risk/rule.ts';
import {
  pricedStatuses,
  unpricedStatuses,
  type Simulation,
} from '../../domain/simulate/simulation.ts';
import { optionRights, type Contract } from '../../domain/instrument/contract.ts';
import { cleanText } from './fields.ts';

/** Output shapes that several operations share. Decimals are texts everywhere; times are ISO 8601 in UTC. */

export const decimal = z.string();
export const instant = z.string();
export const Money = z.object({ amount: decimal, currency: z.string() });

/** A contract of any kind, with what only some kinds have. */
export const InstrumentShape = z.object({
  conId: z.int(),
  symbol: z.string(),
  secType: z.string(),
  exchange: z.string(),
  primaryExchange: z.string(),
  currency: z.string(),
  name: z.string().describe("The issuer's name as IBKR lists it"),
  localSymbol: z.string().optional().describe("The exchange's own name of the contract"),
  tradingClass: z.string().optional(),
  expiry: z.string().optional().describe('yyyymmdd; options, futures and bonds'),
  strike: decimal.optional(),
  right: z.enum(optionRights).optional().describe('C call, P put'),
  multiplier: decimal.optional().describe('Value of one contract per 1.00 of price'),
  underlyingConId: z.int().optional(),
});

/** A contract as shown: names are third-party text, so they are cleaned and capped. */
export function showContract(contract: Contract): z.input<typeof InstrumentShape> {
  const { symbol, longName, localSymbol, tradingClass } = contract;
  return {
    ...contract,
    symbol: cleanText(symbol, 40),
    name: cleanText(longName, 80),
    ...(localSymbol === undefined ? {} : { localSymbol: cleanText(localSymbol, 40) }),
    ...(tradingClass === undefined ? {} : { tradingClass: cleanText(tradingClass, 40) }),
  };
}

const RuleAnswer = z.object({
  rule: z.string(),
  title: z.string(),
  outcome: z.enum(['pass', 'warn', 'deny', 'cannot-evaluate', 'off']),
  observed: z.string().nullable(),
  limit: z.string().nullable(),
  unit: z.string(),
  share: z.string().nullable().describe('observed ÷ limit; 0.8 and more is a warning'),
  missing: z.string().nullable().describe('The fact that could not be had (counts as deny)'),
  mayReview: z.boolean().describe('The policy lets a human decide although the rule is against it'),
  facts: z
    .array(z.object({ name: z.string(), source: z.string().nullable(), at: instant.nullable() }))
    .describe('What it was judged by; at is null for a fact that is missing'),
});

const Nearest = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('found'),
    quantity: decimal.describe('The largest that passes'),
    limitPrice: decimal.nullable(),
    changes: z.array(z.enum(['quantity', 'limitPrice'])),
  }),
  z.object({ kind: z.literal('none'), why: z.string() }),
]);

export const VerdictShape = z.object({
  outcome: z
    .enum(['pass', 'review', 'deny'])
    .describe('review = a rule is against it, but the policy lets a human decide'),
  warnings: z.int(),
  rules: z.array(RuleAnswer),
  policyVersion: z.string(),
  policyHash: z.string(),
  nearest: Nearest.nullable().describe('Of a denied order: the nearest one that would pass now'),
});

function showRule(rule: RuleVerdict): z.input<typeof RuleAnswer> {
  const { mayReview, title, outcome, unit } = rule;
  const head = { rule: rule.rule, title, outcome, unit, mayReview, facts: [...rule.facts] };
  const nothing = { observed: null, limit: null, share: null, missing: null };
  if (rule.outcome === 'off') return { ...head, ...nothing };
  if (rule.outcome === 'cannot-evaluate') return { ...head, ...nothing, missing: rule.missing };
  return { ...head, observed: rule.observed, limit: rule.limit, share: rule.share, missing: null };
}

/** A verdict as shown to agents and people. */
export function showVerdict(verdict: Verdict): z.input<typeof VerdictShape> {
  const { nearest } = verdict;
  const shown =
    nearest?.kind === 'found' ? { ...nearest, changes: [...nearest.changes] } : (nearest ?? null);
  return { ...verdict, rules: verdict.rules.map(showRule), nearest: shown };
}

export const SimulationShape = z.object({
  status: z.enum([...pricedStatuses, ...unpricedStatuses]),
  missing: z.string().optional().describe('Present where nothing could be simulated'),
  currency: z.string().optional(),
  fillPrice: decimal.optional(),
  referencePrice: decimal.optional(),
  slippageBps: decimal.optional(),
  impactBps: decimal.optional().describe('The part of the slippage that the size costs'),
  worstPrice: decimal.optional(),
  worstNotional: decimal.optional(),
  worstNotionalBase: decimal.optional(),
  deltaNotional: decimal.nullable().optional().describe('Options, by |delta| of the underlying'),
  grossAmount: decimal.optional(),
  commission: decimal.optional(),
  fees: decimal.optional(),
  cashChange: decimal.optional(),
  cashAfter: decimal.optional(),
  pairCashAfter: decimal.nullable().optional().describe('Currency pairs: cash of the first one'),
  positionBefore: decimal.optional(),
  positionAfter: decimal.optional(),
  positionShareAfter: decimal.optional(),
  exposureBefore: decimal.nullable().optional().describe('Gross, of the account, base currency'),
  exposureAfter: decimal.nullable().optional(),
  initialMarginBefore: decimal.optional(),
  initialMarginAfter: decimal.optional(),
  maintenanceMarginAfter: decimal.nullable().optional(),
  whatIfInitialMarginAfter: decimal.nullable().optional().describe("The broker's own estimate"),
  marginDifference: decimal.nullable().optional().describe("The broker's estimate less ours"),
  commissionDifference: decimal.nullable().optional().describe("The broker's estimate less ours"),
  marketable: z.boolean().optional(),
  stopPrice: decimal.nullable().optional().describe('Where the order wakes, a trail worked out'),
  triggersAtOnce: z.boolean().optional().describe('The market is at or through that stop'),
});

/** A simulation as shown. */
export function showSimulation(simulation: Simulation): z.input<typeof SimulationShape> {
  return simulation;
}

export const TermsShape = z.object({
  account: z.string(),
  conId: z.int(),
  side: z.enum(sides),
  quantity: decimal,
  orderType: z.enum(orderTypes),
  limitPrice: decimal.nullable(),
  stopPrice: decimal.nullable(),
  trailingAmount: decimal.nullable(),
  trailingPercent: decimal.nullable(),
  limitOffset: decimal.nullable(),
  tif: z.enum(timesInForce),
  goodTillDate: instant.nullable(),
  outsideRth: z.boolean(),
  constraints: z
    .object({
      maxSlippageBps: decimal.nullable(),
      maxNotional: decimal.nullable(),
      minDailyVolume: decimal.nullable(),
      notBefore: instant.nullable(),
      notAfter: instant.nullable(),
    })
    .nullable(),
});

/** What is unusual about an order without being wrong. */
export const Warnings = z.array(z.object({ code: z.enum(warningCodes), message: z.string() }));

export const State = z.enum(orderStates);

export const Links = z.object({
  decision: z.string().nullable().describe('Page where a human decides'),
  request: z.string().describe('This request in the REST API'),
  temporal: z.string().nullable().describe('Workflow in the Temporal Web UI'),
});
