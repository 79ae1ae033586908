import type { AccountId, ConId, IntentId, PrincipalId } from '../ids.ts';
import type { Contract, ContractDetails } from '../instrument/contract.ts';
import type { Quote } from '../instrument/quote.ts';
import { decimalText, type DecimalText } from '../money/decimal.ts';
import type { Currency, Money } from '../money/money.ts';
import type { OrderConstraints, OrderTerms } from '../order/intent.ts';
import type { Portfolio, Position, WorkingOrder } from '../portfolio/portfolio.ts';
import { instantFromEpochMs, type Instant } from '../time/instant.ts';
import type {
  InstrumentFacts,
  Latch,
  LedgerFacts,
  LinkState,
  RecentIntent,
  Reservation,
  Volatility,
  WhatIf,
} from './facts.ts';

/**
 * The order and the world that a case of `countersign policy test` starts from: BUY 5 of a US stock at 200 in an
 * account of one million, everything known and fresh, nothing pending. Every figure stands in docs/policy.md. The
 * `base…` of a list's entry is what an entry has where a case does not say otherwise.
 */

/** A Tuesday, 10:00 in New York. */
export const baseNow = '2026-11-24T15:00:00.000Z' as Instant;
/** The one currency of the base case, and the account's base currency in every case. */
export const baseCurrency = 'USD' as Currency;

const account = 'DU1234567' as AccountId;
const conId = 265598 as ConId;
const d = (value: string | number): DecimalText => decimalText(value);
const usd = (amount: number): Money => ({ amount: d(amount), currency: baseCurrency });

export const baseTerms: OrderTerms = {
  account,
  conId,
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

export const baseConstraints: OrderConstraints = {
  maxSlippageBps: null,
  maxNotional: null,
  minDailyVolume: null,
  notBefore: null,
  notAfter: null,
};

export const baseContract: Contract = {
  conId,
  symbol: 'AAPL',
  secType: 'STK',
  exchange: 'SMART',
  primaryExchange: 'NASDAQ',
  currency: baseCurrency,
  longName: 'APPLE INC',
};

export const baseDetails: ContractDetails = {
  contract: baseContract,
  stockType: 'COMMON',
  industry: 'Technology',
  category: 'Computers',
  priceIncrements: [
    { lowEdge: d(0), increment: d('0.0001') },
    { lowEdge: d(1), increment: d('0.01') },
  ],
  venues: [{ exchange: 'SMART', marketRuleId: 26 }],
  minSize: d(1),
  sizeIncrement: d(1),
  priceMagnifier: 1,
  contractMonth: '',
  secIds: [],
  coupon: null,
  timeZone: 'US/Eastern',
  liquidHours: '20261124:0930-20261124:1600;20261125:0930-20261125:1600',
  tradingHours: '20261124:0400-20261124:2000;20261125:0400-20261125:2000',
};

/** The mid is 200, the spread 4 bps. */
export const baseQuote: Quote = {
  conId,
  bid: d('199.96'),
  ask: d('200.04'),
  last: d(200),
  close: d(198),
  bidSize: d(300),
  askSize: d(300),
  volume: d(40_000_000),
  kind: 'live',
  receivedAt: baseNow,
  halted: false,
};

export const basePortfolio: Portfolio = {
  account,
  baseCurrency,
  netLiquidation: usd(1_000_000),
  availableFunds: usd(900_000),
  buyingPower: usd(3_600_000),
  initialMargin: usd(50_000),
  maintenanceMargin: usd(40_000),
  dailyPnl: usd(0),
  unrealizedPnl: usd(0),
  realizedPnl: usd(0),
  cash: [usd(1_000_000)],
  exchangeRates: [{ currency: baseCurrency, rate: d(1) }],
  positions: [],
  generation: 1,
};

export const basePosition: Position = {
  conId,
  symbol: 'AAPL',
  secType: 'STK',
  currency: baseCurrency,
  quantity: d(10),
  averageCost: d(200),
  marketPrice: d(200),
  marketValue: d(2000),
  unrealizedPnl: d(0),
  realizedPnl: d(0),
};

export const baseWorkingOrder: WorkingOrder = {
  permId: '1',
  orderId: 1,
  clientId: 0,
  orderRef: '',
  account,
  conId,
  symbol: 'AAPL',
  side: 'BUY',
  orderType: 'LMT',
  tif: 'DAY',
  quantity: d(10),
  filled: d(0),
  remaining: d(10),
  limitPrice: d(200),
  stopPrice: null,
  trailingAmount: null,
  trailingPercent: null,
  parentId: null,
  ocaGroup: '',
  averagePrice: null,
  status: 'Submitted',
};

export const baseWhatIf: WhatIf = {
  initialMarginBefore: d(50_000),
  initialMarginAfter: d(50_500),
  maintenanceMarginBefore: d(40_000),
  maintenanceMarginAfter: d(40_400),
  equityWithLoanAfter: d(1_000_000),
  commission: d(1),
  commissionCurrency: baseCurrency,
  warning: '',
};

export const baseLink: LinkState = {
  state: 'ready',
  since: baseNow,
  reason: 'connected',
  detail: 'ready',
  nextAttemptAt: null,
};

export const baseDailyVolume = { average: d(50_000_000), days: 20 };

export const baseVolatility: Volatility = {
  closeToClose: d('0.3'),
  parkinson: d('0.25'),
  implied: d('0.3'),
  days: 60,
};

export const baseInstrument: InstrumentFacts = {
  conId,
  secType: 'STK',
  currency: baseCurrency,
  multiplier: d(1),
  sector: 'Technology',
  industry: 'Computers',
  price: d(200),
  delta: null,
  underlyingPrice: null,
};

export const baseReservation: Reservation = {
  intentId: 'int_reserved' as IntentId,
  conId,
  side: 'BUY',
  quantity: d(10),
  notional: d(2000),
  sector: 'Technology',
};

/** Ten seconds ago, and sent. */
export const baseRecentIntent: RecentIntent = {
  intentId: 'int_earlier' as IntentId,
  conId,
  side: 'BUY',
  quantity: d(5),
  limitPrice: d(200),
  stopPrice: null,
  trailingAmount: null,
  trailingPercent: null,
  limitOffset: null,
  strategyTag: null,
  wasSent: true,
  at: instantFromEpochMs(Date.parse(baseNow) - 10_000),
};

export const baseLatch: Latch = {
  latchId: 'lch_example',
  rule: 'R8',
  scope: 'account',
  observed: '5000.01',
  limit: '5000',
  since: '2026-11-24T14:00:00.000Z' as Instant,
};

export const baseLedger: LedgerFacts = {
  now: baseNow,
  reservations: [],
  recentIntents: [],
  unconfirmed: [],
  latches: [],
  counters: { ordersToday: 0, ordersLastMinute: 0, messagesLastMinute: 0 },
  equity: { highest: d(1_000_000), weekStart: d(1_000_000), dayStart: d(1_000_000) },
  agent: {
    principal: 'agt_example' as PrincipalId,
    strategyTag: null,
    ordersToday: 0,
    notionalToday: d(0),
    pendingApprovals: 0,
    asksLastHour: 0,
  },
};
