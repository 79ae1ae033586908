import type { AccountId, ConId, IntentId, PrincipalId } from '../../src/domain/ids.ts';
import {
  orderableSecTypes,
  type Contract,
  type ContractDetails,
} from '../../src/domain/instrument/contract.ts';
import type { Quote } from '../../src/domain/instrument/quote.ts';
import { decimalText, type DecimalText } from '../../src/domain/money/decimal.ts';
import type { Currency, Money } from '../../src/domain/money/money.ts';
import { canonicalHash } from '../../src/domain/order/envelope.ts';
import type { OrderTerms } from '../../src/domain/order/intent.ts';
import { orderTypes, type Side } from '../../src/domain/order/order-type.ts';
import type { AgentBudget } from '../../src/domain/risk/policy.ts';
import type { Portfolio, Position, WorkingOrder } from '../../src/domain/portfolio/portfolio.ts';
import { evaluateGate } from '../../src/domain/risk/evaluate.ts';
import { agedFacts, type FactMaxAges } from '../../src/domain/risk/fact-age.ts';
import type {
  GateFacts,
  InstrumentFacts,
  Known,
  Latch,
  LedgerFacts,
  RecentIntent,
  Reservation,
} from '../../src/domain/risk/facts.ts';
import type { RiskPolicy } from '../../src/domain/risk/policy.ts';
import type { RuleLimits } from '../../src/domain/risk/rules/index.ts';
import type { RuleVerdict } from '../../src/domain/risk/rule.ts';
import { instantFromEpochMs, type Instant } from '../../src/domain/time/instant.ts';

/** A Tuesday, 10:00 in New York. */
export const now = '2026-11-24T15:00:00.000Z' as Instant;
const account = 'DU1234567' as AccountId;
export const aapl = 265598 as ConId;
export const other = 272093 as ConId;

export const d = (value: string | number): DecimalText => decimalText(String(value));
export const known = <T>(value: T): Known<T> => ({ value, source: 'test', at: now });
export const gone = { missing: 'not there' };
export const usd = (amount: string | number): Money => money(amount, 'USD');
export const money = (amount: string | number, currency: string): Money => ({
  amount: d(amount),
  currency: currency as Currency,
});
export const secondsAgo = (seconds: number): Instant =>
  instantFromEpochMs(Date.parse(now) - seconds * 1000);

export const contract: Contract = {
  conId: aapl,
  symbol: 'AAPL',
  secType: 'STK',
  exchange: 'SMART',
  primaryExchange: 'NASDAQ',
  currency: 'USD' as Currency,
  longName: 'APPLE INC',
};

export const details: ContractDetails = {
  contract,
  stockType: 'COMMON',
  industry: 'Technology',
  category: 'Computers',
  priceIncrements: [
    { lowEdge: d(0), increment: d('0.0001') },
    { lowEdge: d(1), increment: d('0.01') },
  ],
  minSize: d(1),
  sizeIncrement: d(1),
  venues: [{ exchange: 'SMART', marketRuleId: 26 }],
  priceMagnifier: 1,
  contractMonth: '',
  secIds: [],
  coupon: null,
  timeZone: 'US/Eastern',
  liquidHours:
    '20261124:0930-20261124:1600;20261125:0930-20261125:1600;20261126:CLOSED;20261127:0930-20261127:1300',
  tradingHours:
    '20261124:0400-20261124:2000;20261125:0400-20261125:2000;20261126:CLOSED;20261127:0400-20261127:1700',
};

/** 199.90 / 200.10, so mid is 200 and the spread 10 bps. */
export const quote: Quote = {
  conId: aapl,
  bid: d('199.9'),
  ask: d('200.1'),
  last: d(200),
  close: d(198),
  bidSize: d(300),
  askSize: d(300),
  volume: d(40_000_000),
  kind: 'live',
  receivedAt: now,
  halted: false,
};

export const position = (conId: ConId, quantity: string | number): Position => ({
  conId,
  symbol: 'AAPL',
  secType: 'STK',
  currency: 'USD' as Currency,
  quantity: d(quantity),
  averageCost: d(150),
  marketPrice: d(200),
  marketValue: d(Number(quantity) * 200),
  unrealizedPnl: d(0),
  realizedPnl: d(0),
});

/** One million net, 40 AAPL, a flat day. */
const portfolio: Portfolio = {
  account,
  baseCurrency: 'USD' as Currency,
  netLiquidation: usd(1_000_000),
  availableFunds: usd(900_000),
  buyingPower: usd(3_600_000),
  initialMargin: usd(50_000),
  maintenanceMargin: usd(40_000),
  dailyPnl: usd(0),
  unrealizedPnl: null,
  realizedPnl: null,
  exchangeRates: [],
  cash: [usd(900_000)],
  positions: [position(aapl, 40)],
  generation: 7,
};

export const working = (
  side: Side,
  remaining: string | number,
  more: Partial<WorkingOrder> = {},
): WorkingOrder => ({
  permId: '1',
  orderId: 1,
  clientId: 0,
  orderRef: '',
  account,
  conId: aapl,
  symbol: 'AAPL',
  side,
  orderType: 'LMT',
  tif: 'DAY',
  quantity: d(remaining),
  filled: d(0),
  remaining: d(remaining),
  limitPrice: d(200),
  stopPrice: null,
  trailingAmount: null,
  trailingPercent: null,
  parentId: null,
  ocaGroup: '',
  averagePrice: null,
  status: 'Submitted',
  ...more,
});

export const reservation = (
  side: Side,
  quantity: string | number,
  more: Partial<Reservation> = {},
): Reservation => ({
  intentId: 'int_reserved' as IntentId,
  conId: aapl,
  side,
  quantity: d(quantity),
  notional: d(Number(quantity) * 200),
  sector: 'Technology',
  ...more,
});

export const recent = (more: Partial<RecentIntent> = {}): RecentIntent => ({
  intentId: 'int_earlier' as IntentId,
  conId: aapl,
  side: 'BUY',
  quantity: d(5),
  limitPrice: d(200),
  stopPrice: null,
  trailingAmount: null,
  trailingPercent: null,
  limitOffset: null,
  strategyTag: null,
  wasSent: true,
  at: secondsAgo(10),
  ...more,
});

export const latch = (more: Partial<Latch> = {}): Latch => ({
  latchId: 'lat_test',
  rule: 'R8',
  scope: 'account',
  observed: '5000.01',
  limit: '5000',
  since: '2026-11-24T14:00:00.000Z' as Instant,
  ...more,
});

const terms: OrderTerms = {
  account,
  conId: aapl,
  side: 'BUY',
  quantity: d(5),
  orderType: 'LMT',
  limitPrice: d(200),
  stopPrice: null,
  trailingAmount: null,
  trailingPercent: null,
  limitOffset: null,
  tif: 'DAY',
  goodTillDate: null,
  outsideRth: false,
  constraints: null,
};

export const emptyLedger: LedgerFacts = {
  now,
  reservations: [],
  recentIntents: [],
  unconfirmed: [],
  latches: [],
  counters: { ordersToday: 0, ordersLastMinute: 0, messagesLastMinute: 0 },
  equity: { highest: d(1_000_000), weekStart: d(1_000_000), dayStart: d(1_000_000) },
  agent: {
    principal: 'agt_test' as PrincipalId,
    strategyTag: null,
    ordersToday: 0,
    notionalToday: d(0),
    pendingApprovals: 0,
    asksLastHour: 0,
  },
};

/** What a case's own instrument is, where exposures are added up. */
export const instrument: InstrumentFacts = {
  conId: aapl,
  secType: 'STK',
  currency: 'USD' as Currency,
  multiplier: d(1),
  sector: 'Technology',
  industry: 'Computers',
  price: d(200),
  delta: null,
  underlyingPrice: null,
};

/** A budget that no case meets by accident. */
const budget: AgentBudget = {
  notionalPerOrder: d(10_000_000),
  notionalPerDay: d(100_000_000),
  ordersPerDay: 1000,
  pendingApprovals: 100,
  asksPerHour: 1000,
  secTypes: orderableSecTypes,
  orderTypes,
  conIds: null,
};

const rules: RuleLimits = {
  simulation: { enabled: true, allowShort: true },
  max_notional: { enabled: true, limit: d(50_000) },
  max_position_share: { enabled: true, limit: d('0.1') },
  sector_exposure: {
    enabled: true,
    limit: d('0.3'),
    exemptSecTypes: ['CASH', 'FUT', 'CRYPTO', 'BOND'],
  },
  max_slippage: { enabled: true, limitBps: d(100) },
  trading_hours: { enabled: true, allowOutsideRth: false },
  min_daily_volume: {
    enabled: true,
    limits: {
      STK: d(100_000),
      OPT: d(1000),
      FUT: d(1000),
      CASH: 'off',
      CRYPTO: 'off',
      BOND: 'off',
    },
    maxShareOfVolume: d('0.01'),
  },
  daily_trade_count: { enabled: true, limit: 50 },
  daily_loss: { enabled: true, limit: d(5000) },
  volatility_size: {
    ...{ enabled: true, limit: d('0.02'), source: 'close-to-close', fixed: 'off' },
    ...{ minNotional: d(0), maxNotional: 'off' },
  },
  correlation: { enabled: true, limit: d('0.3'), minCoefficient: d('0.7') },
  max_quantity: {
    enabled: true,
    limits: { STK: d(1000), OPT: d(10), FUT: d(5), CASH: d(100_000), CRYPTO: d(2), BOND: d(50) },
  },
  price_collar: {
    enabled: true,
    limitBps: d(100),
    maxSpreadBps: d(50),
    allowedQuoteKinds: ['live'],
  },
  duplicate: { enabled: true, windowSeconds: 60 },
  unsettled_order: { enabled: true },
  drawdown: {
    enabled: true,
    maxDrawdown: d('0.1'),
    maxDailyLoss: d('0.05'),
    maxWeeklyLoss: d('0.08'),
  },
  session_edges: {
    enabled: true,
    firstMinutes: 10,
    lastMinutes: 10,
    exemptSecTypes: ['CASH', 'CRYPTO'],
  },
  repeated_execution: { enabled: true, count: 10, windowSeconds: 300 },
  order_rate: { enabled: true, ordersPerMinute: 30, messagesPerMinute: 60 },
  restricted_list: { enabled: true, restricted: [], allowed: null },
  agent_budget: { enabled: true },
  intent_constraints: { enabled: true },
};

/** What a case changes of the base case; a fact given as `gone` is missing. */
export type Change = {
  readonly terms?: Partial<OrderTerms>;
  readonly contract?: Partial<Contract>;
  readonly details?: Partial<ContractDetails>;
  readonly quote?: Partial<Quote>;
  readonly portfolio?: Partial<Portfolio>;
  readonly positions?: readonly Position[];
  readonly workingOrders?: readonly WorkingOrder[];
  readonly ledger?: Partial<LedgerFacts>;
  readonly fx?: string;
  readonly facts?: Partial<GateFacts>;
  readonly rules?: Partial<RuleLimits>;
  readonly policy?: Partial<RiskPolicy>;
};

export type GateCase = {
  readonly terms: OrderTerms;
  readonly facts: GateFacts;
  readonly policy: RiskPolicy;
};

/** The base case (BUY 5 AAPL at the mid: every rule passes) with changes. */
export function gateCase(change: Change = {}): GateCase {
  const facts: GateFacts = {
    account,
    marketTime: known(now),
    contract: known({
      ...details,
      ...change.details,
      contract: { ...contract, ...change.contract },
    }),
    quote: known({ ...quote, ...change.quote }),
    portfolio: known({
      ...portfolio,
      ...(change.positions === undefined ? {} : { positions: change.positions }),
      ...change.portfolio,
    }),
    workingOrders: known(change.workingOrders ?? []),
    fxToBase: known(d(change.fx ?? '1')),
    whatIf: { missing: 'not asked' },
    link: known({
      ...({ state: 'ready', reason: 'connected', since: now } as const),
      ...{ detail: 'ready', nextAttemptAt: null },
    }),
    exchangeRates: known([{ currency: 'USD' as Currency, rate: d(1) }]),
    dailyVolume: known({ average: d(50_000_000), days: 20 }),
    volatility: known({ closeToClose: d('0.3'), parkinson: d('0.25'), implied: null, days: 60 }),
    correlations: known([]),
    instruments: known([instrument]),
    ledger: known({ ...emptyLedger, ...change.ledger }),
    ...change.facts,
  };
  const unhashed = {
    version: 'test',
    rules: { ...rules, ...change.rules },
    manualReview: {},
    budgets: { default: budget, agents: {} },
    breaches: {},
    priceBandBps: d(100),
    quoteMaxAgeMs: 5000,
    factMaxAgeMs: Object.fromEntries(agedFacts.map((name) => [name, 60_000])) as FactMaxAges,
    offBecause: {},
    approvals: { requiredApprovals: 1, ttlMs: 300_000 },
    channels: { temporal: { dev: true, paper: true, live: false as const } },
    ...change.policy,
  };
  return {
    terms: { ...terms, ...change.terms },
    facts,
    policy: { ...unhashed, hash: change.policy?.hash ?? canonicalHash(unhashed) },
  };
}

/** The answer of one rule in the verdict over a changed base case. */
export function verdictOf(rule: string, change: Change = {}): RuleVerdict {
  const { terms: changed, facts, policy } = gateCase(change);
  const found = evaluateGate(changed, facts, policy).verdict.rules.find((r) => r.rule === rule);
  if (found === undefined) throw new Error(`no rule ${rule}`);
  return found;
}
