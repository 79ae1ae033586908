import { z } from 'zod';
import type { AccountId, ConId } from '../../domain/ids.ts';
import {
  optionRights,
  secTypes,
  type Contract,
  type ContractDetails,
} from '../../domain/instrument/contract.ts';
import type { Quote } from '../../domain/instrument/quote.ts';
import { isDecimalText, type DecimalText } from '../../domain/money/decimal.ts';
import type { Currency, Money } from '../../domain/money/money.ts';
import { linkReasonCodes } from '../../domain/link-reason.ts';
import type { OrderTerms } from '../../domain/order/intent.ts';
import { orderTypes, sides, timesInForce } from '../../domain/order/order-type.ts';
import type { ExecutionReport } from '../../domain/portfolio/execution-report.ts';
import type {
  CompletedOrder,
  Portfolio,
  Position,
  WorkingOrder,
} from '../../domain/portfolio/portfolio.ts';
import type { BrokerFacts, Fact, LinkState, WhatIf } from '../../domain/risk/facts.ts';
import type { Instant } from '../../domain/time/instant.ts';

/** Schemas of what the read port carries: one per type of the domain, so that nothing unread gets through. */

/** A schema whose brand only the type knows. */
export const branded = <T>(schema: z.ZodType): z.ZodType<T> => schema as z.ZodType<T>;

export const text = z.string().max(4_000);
export const account = branded<AccountId>(z.string().regex(/^[A-Z]{1,3}\d{4,12}$/));
export const conId = branded<ConId>(z.int().positive().max(2_147_483_647));
export const decimal = branded<DecimalText>(z.string().refine(isDecimalText, 'not a decimal'));
export const decimalOrNull = decimal.nullable();
const currency = branded<Currency>(z.string().max(12));
export const instant = branded<Instant>(z.iso.datetime({ precision: 3 }));
const money: z.ZodType<Money> = z.strictObject({ amount: decimal, currency });

export const linkState: z.ZodType<LinkState> = z.strictObject({
  state: z.enum(['ready', 'connecting', 'degraded', 'down']),
  since: instant,
  reason: z.enum(linkReasonCodes),
  detail: text,
  nextAttemptAt: instant.nullable(),
});
export const contract: z.ZodType<Contract> = z.strictObject({
  conId,
  symbol: text,
  secType: z.enum(secTypes),
  exchange: text,
  primaryExchange: text,
  currency,
  longName: text,
  localSymbol: text.exactOptional(),
  tradingClass: text.exactOptional(),
  expiry: text.exactOptional(),
  strike: decimal.exactOptional(),
  right: z.enum(optionRights).exactOptional(),
  multiplier: decimal.exactOptional(),
  underlyingConId: conId.exactOptional(),
});
export const contractDetails: z.ZodType<ContractDetails> = z.strictObject({
  contract,
  stockType: text,
  industry: text,
  category: text,
  priceIncrements: z.array(z.strictObject({ lowEdge: decimal, increment: decimal })),
  venues: z.array(z.strictObject({ exchange: text, marketRuleId: z.int().nullable() })),
  minSize: decimal,
  sizeIncrement: decimal,
  priceMagnifier: z.int(),
  contractMonth: text,
  secIds: z.array(z.strictObject({ type: text, value: text })),
  coupon: decimalOrNull,
  timeZone: text,
  liquidHours: text,
  tradingHours: text,
});
export const quote: z.ZodType<Quote> = z.strictObject({
  conId,
  bid: decimalOrNull,
  ask: decimalOrNull,
  last: decimalOrNull,
  close: decimalOrNull,
  bidSize: decimalOrNull,
  askSize: decimalOrNull,
  volume: decimalOrNull,
  kind: z.enum(['live', 'frozen', 'delayed', 'delayed-frozen']),
  receivedAt: instant,
  halted: z.boolean(),
});
const position: z.ZodType<Position> = z.strictObject({
  conId,
  symbol: text,
  secType: text,
  currency,
  quantity: decimal,
  averageCost: decimalOrNull,
  marketPrice: decimal,
  marketValue: decimal,
  unrealizedPnl: decimalOrNull,
  realizedPnl: decimalOrNull,
});
export const portfolio: z.ZodType<Portfolio> = z.strictObject({
  account,
  baseCurrency: currency,
  netLiquidation: money,
  availableFunds: money,
  buyingPower: money,
  initialMargin: money,
  maintenanceMargin: money,
  dailyPnl: money.nullable(),
  unrealizedPnl: money.nullable(),
  realizedPnl: money.nullable(),
  cash: z.array(money),
  exchangeRates: z.array(z.strictObject({ currency, rate: decimal })),
  positions: z.array(position),
  generation: z.int(),
});
/** What a live order and one that is over have in common. */
const orderFields = {
  permId: text,
  orderRef: text,
  account,
  conId,
  symbol: text,
  side: z.enum(sides),
  orderType: text,
  tif: text,
  quantity: decimal,
  filled: decimal,
  limitPrice: decimalOrNull,
  stopPrice: decimalOrNull,
  trailingAmount: decimalOrNull,
  trailingPercent: decimalOrNull,
  parentId: z.int().nullable(),
  ocaGroup: text,
  status: text,
};
export const workingOrder: z.ZodType<WorkingOrder> = z.strictObject({
  ...orderFields,
  orderId: z.int(),
  clientId: z.int(),
  remaining: decimal,
  averagePrice: decimalOrNull,
});
export const completedOrder: z.ZodType<CompletedOrder> = z.strictObject({
  ...orderFields,
  completedAt: instant.nullable(),
});
export const execution: z.ZodType<ExecutionReport> = z.strictObject({
  execId: text,
  account,
  conId,
  symbol: text,
  secType: text,
  exchange: text,
  side: z.enum(sides),
  quantity: decimal,
  price: decimal,
  cumulative: decimal,
  averagePrice: decimal,
  at: instant.nullable(),
  permId: text,
  orderId: z.int(),
  clientId: z.int(),
  orderRef: text,
  isCorrection: z.boolean(),
  commission: money.nullable(),
  realizedPnl: money.nullable(),
});
const whatIf: z.ZodType<WhatIf> = z.strictObject({
  initialMarginBefore: decimalOrNull,
  initialMarginAfter: decimalOrNull,
  maintenanceMarginBefore: decimalOrNull,
  maintenanceMarginAfter: decimalOrNull,
  equityWithLoanAfter: decimalOrNull,
  commission: decimalOrNull,
  commissionCurrency: text.nullable(),
  warning: z.string(),
});
const fact = <T>(value: z.ZodType<T>): z.ZodType<Fact<T>> =>
  z.union([
    branded<Fact<T>>(z.strictObject({ value, source: text, at: instant })),
    z.strictObject({ missing: text }),
  ]);
export const facts: z.ZodType<BrokerFacts> = z.strictObject({
  marketTime: fact(instant),
  contract: fact(contractDetails),
  quote: fact(quote),
  portfolio: fact(portfolio),
  workingOrders: fact(z.array(workingOrder)),
  fxToBase: fact(decimal),
  whatIf: fact(whatIf),
  link: fact(linkState),
  exchangeRates: fact(z.array(z.strictObject({ currency, rate: decimal }))),
  dailyVolume: fact(z.strictObject({ average: decimal, days: z.int() })),
  volatility: fact(
    z.strictObject({
      closeToClose: decimalOrNull,
      parkinson: decimalOrNull,
      implied: decimalOrNull,
      days: z.int(),
    }),
  ),
  correlations: fact(z.array(z.strictObject({ conId, coefficient: decimalOrNull, days: z.int() }))),
  instruments: fact(
    z.array(
      z.strictObject({
        conId,
        secType: z.enum(secTypes),
        currency,
        multiplier: decimal,
        sector: z.string(),
        industry: z.string(),
        price: decimalOrNull,
        delta: decimalOrNull,
        underlyingPrice: decimalOrNull,
      }),
    ),
  ),
});
export const terms: z.ZodType<OrderTerms> = z.strictObject({
  account,
  conId,
  side: z.enum(sides),
  quantity: decimal,
  orderType: z.enum(orderTypes),
  limitPrice: decimalOrNull,
  stopPrice: decimalOrNull,
  trailingAmount: decimalOrNull,
  trailingPercent: decimalOrNull,
  limitOffset: decimalOrNull,
  tif: z.enum(timesInForce),
  goodTillDate: instant.nullable(),
  outsideRth: z.boolean(),
  constraints: z
    .strictObject({
      maxSlippageBps: decimalOrNull,
      maxNotional: decimalOrNull,
      minDailyVolume: decimalOrNull,
      notBefore: instant.nullable(),
      notAfter: instant.nullable(),
    })
    .nullable(),
});
