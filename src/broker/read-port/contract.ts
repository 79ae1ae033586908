import { z } from 'zod';
import type { AccountId, ConId } from '../../domain/ids.ts';
import { secTypes, type Contract, type ContractDetails } from '../../domain/instrument/contract.ts';
import { InstrumentQuery } from '../../domain/instrument/instrument-query.ts';
import type { Quote } from '../../domain/instrument/quote.ts';
import { isDecimalText, type DecimalText } from '../../domain/money/decimal.ts';
import { linkReasonCodes } from '../../domain/link-reason.ts';
import type { Currency, Money } from '../../domain/money/money.ts';
import type { OrderTerms } from '../../domain/order/intent.ts';
import { orderTypes, sides, timesInForce } from '../../domain/order/order-type.ts';
import type { Portfolio, Position, WorkingOrder } from '../../domain/portfolio/portfolio.ts';
import type { BrokerFacts, Fact, LinkState, WhatIf } from '../../domain/risk/facts.ts';
import type { Instant } from '../../domain/time/instant.ts';

/**
 * What the gateway process answers to the other processes on loopback: one table of routes, each with the schema of
 * its question and of its answer. Server and client are both made from it.
 */
const branded = <T>(schema: z.ZodType): z.ZodType<T> => schema as z.ZodType<T>;

const text = z.string().max(4_000);
const account = branded<AccountId>(z.string().regex(/^[A-Z]{1,3}\d{4,12}$/));
const conId = branded<ConId>(z.int().positive().max(2_147_483_647));
const decimal = branded<DecimalText>(z.string().refine(isDecimalText, 'not a decimal'));
const decimalOrNull = decimal.nullable();
const currency = branded<Currency>(z.string().max(12));
const instant = branded<Instant>(z.iso.datetime({ precision: 3 }));
const money: z.ZodType<Money> = z.strictObject({ amount: decimal, currency });

const linkState: z.ZodType<LinkState> = z.strictObject({
  state: z.enum(['ready', 'connecting', 'degraded', 'down']),
  since: instant,
  reason: z.enum(linkReasonCodes),
  detail: text,
  nextAttemptAt: instant.nullable(),
});
const contract: z.ZodType<Contract> = z.strictObject({
  conId,
  symbol: text,
  secType: z.enum(secTypes),
  exchange: text,
  primaryExchange: text,
  currency,
  longName: text,
});
const contractDetails: z.ZodType<ContractDetails> = z.strictObject({
  contract,
  stockType: text,
  industry: text,
  category: text,
  priceIncrements: z.array(z.strictObject({ lowEdge: decimal, increment: decimal })),
  minSize: decimal,
  sizeIncrement: decimal,
  timeZone: text,
  liquidHours: text,
  tradingHours: text,
});
const quote: z.ZodType<Quote> = z.strictObject({
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
  averageCost: decimal,
  marketPrice: decimal,
  marketValue: decimal,
  unrealizedPnl: decimal,
  realizedPnl: decimal,
});
const portfolio: z.ZodType<Portfolio> = z.strictObject({
  account,
  baseCurrency: currency,
  netLiquidation: money,
  availableFunds: money,
  buyingPower: money,
  initialMargin: money,
  maintenanceMargin: money,
  dailyPnl: money.nullable(),
  cash: z.array(money),
  positions: z.array(position),
  generation: z.int(),
});
const workingOrder: z.ZodType<WorkingOrder> = z.strictObject({
  permId: text,
  orderId: z.int(),
  clientId: z.int(),
  orderRef: text,
  account,
  conId,
  symbol: text,
  side: z.enum(sides),
  orderType: text,
  tif: text,
  quantity: decimal,
  filled: decimal,
  remaining: decimal,
  limitPrice: decimalOrNull,
  status: text,
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
const facts: z.ZodType<BrokerFacts> = z.strictObject({
  marketTime: fact(instant),
  contract: fact(contractDetails),
  quote: fact(quote),
  portfolio: fact(portfolio),
  workingOrders: fact(z.array(workingOrder)),
  fxToBase: fact(decimal),
  whatIf: fact(whatIf),
  link: fact(linkState),
});
const terms: z.ZodType<OrderTerms> = z.strictObject({
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
});

const nothing = z.strictObject({});
const ofAccount = z.strictObject({ account });
// Query strings are text; the client sends a number.
const ofConId = z.strictObject({
  conId: branded<ConId>(z.coerce.number().int().positive().max(2_147_483_647)),
});

/** Every route. GET takes its input from the query string, POST from a JSON body. */
export const readRoutes = {
  accounts: { method: 'GET', path: '/accounts', input: nothing, output: z.array(account) },
  link: { method: 'GET', path: '/link', input: nothing, output: linkState },
  portfolio: { method: 'GET', path: '/portfolio', input: ofAccount, output: portfolio },
  workingOrders: {
    method: 'GET',
    path: '/working-orders',
    input: ofAccount,
    output: z.array(workingOrder),
  },
  quote: { method: 'GET', path: '/quote', input: ofConId, output: quote },
  resolve: {
    method: 'POST',
    path: '/resolve',
    input: z.strictObject({ query: InstrumentQuery }),
    output: z.array(contractDetails),
  },
  search: {
    method: 'POST',
    path: '/search',
    input: z.strictObject({ pattern: z.string().min(1).max(64) }),
    output: z.array(contract),
  },
  facts: { method: 'POST', path: '/facts', input: z.strictObject({ terms }), output: facts },
  reconnect: { method: 'POST', path: '/reconnect', input: nothing, output: linkState },
} as const satisfies Record<
  string,
  { method: 'GET' | 'POST'; path: string; input: z.ZodType; output: z.ZodType }
>;

export type ReadRouteName = keyof typeof readRoutes;
export type ReadInput<Name extends ReadRouteName> = z.output<(typeof readRoutes)[Name]['input']>;
export type ReadOutput<Name extends ReadRouteName> = z.output<(typeof readRoutes)[Name]['output']>;

/** The body of every answer that is not 200. */
export const readProblem = z.strictObject({ code: z.string(), message: z.string() });

/** Largest bodies: questions are small, answers can hold many positions. */
export const mostQuestionBytes = 64 * 1024;
export const mostAnswerBytes = 16 * 1024 * 1024;
