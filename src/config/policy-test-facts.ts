import { z } from 'zod';
import type { AccountId, ConId, IntentId, PrincipalId } from '../domain/ids.ts';
import { optionRights, orderableSecTypes, secTypes } from '../domain/instrument/contract.ts';
import { fixed } from '../domain/money/fixed.ts';
import type { DecimalText } from '../domain/money/decimal.ts';
import type { Currency, Money } from '../domain/money/money.ts';
import { sides } from '../domain/order/order-type.ts';
import * as base from '../domain/risk/base-case.ts';
import { agedFacts } from '../domain/risk/fact-age.ts';
import type { Fact, GateFacts, Missing } from '../domain/risk/facts.ts';
import { flag, whole } from '../domain/risk/limits.ts';
import { epochMs, instantFromEpochMs, type Instant } from '../domain/time/instant.ts';
import { instant, over, signedDecimal as decimal } from './over-base.ts';

/** `facts` of a case in a test file: the domain's own names and shapes, over the base case, strict at every level. */

const text = z.string();
const count = whole(0, 1_000_000_000);
const conId = whole(1, 2_147_483_647) as unknown as z.ZodType<ConId>;
const intentId = z.string().min(1) as unknown as z.ZodType<IntentId>;
const currency = z
  .string()
  .regex(/^[A-Z]{3}$/, 'a currency, e.g. USD') as unknown as z.ZodType<Currency>;
const inBase = decimal.transform((amount): Money => ({ amount, currency: base.baseCurrency }));
const noPrice: z.ZodType<DecimalText | null> = decimal.nullable();
const side = z.enum(sides);
const rates = z.array(z.strictObject({ currency, rate: decimal }));

const missing = z.literal('missing').transform((): Missing => ({ missing: 'not there' }));
const orMissing = <T>(schema: z.ZodType<T>) =>
  z.union([missing, schema], { error: 'missing, or what is known' }).optional();

const contract = over(base.baseDetails, {
  contract: over(base.baseContract, {
    ...{ symbol: text, secType: z.enum(secTypes), exchange: text, primaryExchange: text },
    ...{ currency, expiry: text, strike: decimal, right: z.enum(optionRights) },
    ...{ multiplier: decimal, underlyingConId: conId },
  }),
  ...{ stockType: text, industry: text, category: text, contractMonth: text },
  ...{ minSize: decimal, sizeIncrement: decimal, priceMagnifier: whole(1, 10_000) },
  priceIncrements: z.array(z.strictObject({ lowEdge: decimal, increment: decimal })).min(1),
  coupon: noPrice,
  ...{ timeZone: text, liquidHours: text, tradingHours: text },
});

const quote = over(base.baseQuote, {
  ...{ bid: noPrice, ask: noPrice, last: noPrice, close: noPrice },
  ...{ bidSize: noPrice, askSize: noPrice, volume: noPrice },
  ...{ kind: z.enum(['live', 'frozen', 'delayed', 'delayed-frozen']), halted: flag },
});

const position = over(
  base.basePosition,
  {
    ...{ conId, symbol: text, secType: z.enum(secTypes), currency, quantity: decimal },
    ...{ averageCost: noPrice, marketPrice: decimal, marketValue: decimal },
    ...{ unrealizedPnl: noPrice, realizedPnl: noPrice },
  },
  ({ quantity, marketPrice }) => ({
    marketValue: fixed(quantity).times(fixed(marketPrice)).text(),
  }),
);

const portfolio = over(base.basePortfolio, {
  ...{ netLiquidation: inBase, availableFunds: inBase, buyingPower: inBase },
  ...{ initialMargin: inBase, maintenanceMargin: inBase },
  ...{ dailyPnl: inBase.nullable(), unrealizedPnl: inBase.nullable() },
  ...{ realizedPnl: inBase.nullable(), exchangeRates: rates },
  positions: z.array(position),
});

const working = over(
  base.baseWorkingOrder,
  {
    ...{ permId: text, orderId: count, clientId: count, orderRef: text },
    ...{ conId, symbol: text, side, orderType: text, tif: text },
    ...{ quantity: decimal, filled: decimal, remaining: decimal, limitPrice: noPrice },
    ...{ stopPrice: noPrice, trailingAmount: noPrice, trailingPercent: noPrice },
    ...{ parentId: count.nullable(), ocaGroup: text, averagePrice: noPrice, status: text },
  },
  ({ quantity, filled }) => ({ remaining: fixed(quantity).minus(fixed(filled)).text() }),
);

const instrument = over(base.baseInstrument, {
  ...{ conId, secType: z.enum(orderableSecTypes), currency, multiplier: decimal },
  ...{ sector: text, industry: text, price: noPrice, delta: noPrice, underlyingPrice: noPrice },
});

const ledger = over(base.baseLedger, {
  reservations: z.array(
    over(base.baseReservation, {
      ...{ intentId, conId, side, quantity: decimal, notional: decimal, sector: text },
    }),
  ),
  recentIntents: z.array(
    over(base.baseRecentIntent, {
      ...{ intentId, conId, side, quantity: decimal, limitPrice: noPrice, stopPrice: noPrice },
      ...{ trailingAmount: noPrice, trailingPercent: noPrice, limitOffset: noPrice },
      ...{ strategyTag: text.nullable(), wasSent: flag, at: instant },
    }),
  ),
  unconfirmed: z.array(intentId),
  latches: z.array(
    over(base.baseLatch, {
      ...{ latchId: text, rule: text, scope: text, observed: text, limit: text, since: instant },
    }),
  ),
  counters: over(base.baseLedger.counters, {
    ...{ ordersToday: count, ordersLastMinute: count, messagesLastMinute: count },
  }),
  equity: over(base.baseLedger.equity, {
    ...{ highest: noPrice, weekStart: noPrice, dayStart: noPrice },
  }),
  agent: over(base.baseLedger.agent, {
    principal: z.string().min(1) as unknown as z.ZodType<PrincipalId>,
    ...{ strategyTag: text.nullable(), ordersToday: count, notionalToday: decimal },
    ...{ pendingApprovals: count, asksLastHour: count },
  }),
});

const aged = ['quote', 'fxToBase', ...agedFacts] as const;

const given = z.strictObject({
  marketTime: orMissing(instant),
  contract: orMissing(contract),
  quote: orMissing(quote),
  portfolio: orMissing(portfolio),
  workingOrders: orMissing(z.array(working)),
  fxToBase: orMissing(decimal),
  whatIf: orMissing(
    over(base.baseWhatIf, {
      ...{ initialMarginBefore: noPrice, initialMarginAfter: noPrice },
      ...{ maintenanceMarginBefore: noPrice, maintenanceMarginAfter: noPrice },
      ...{ equityWithLoanAfter: noPrice, commission: noPrice },
      commissionCurrency: text.nullable(),
    }),
  ),
  exchangeRates: orMissing(rates),
  dailyVolume: orMissing(over(base.baseDailyVolume, { average: decimal, days: count })),
  volatility: orMissing(
    over(base.baseVolatility, {
      ...{ closeToClose: noPrice, parkinson: noPrice, implied: noPrice, days: count },
    }),
  ),
  correlations: orMissing(
    z.array(z.strictObject({ conId, coefficient: noPrice, days: count.default(60) })),
  ),
  instruments: orMissing(z.array(instrument)),
  link: orMissing(
    over(base.baseLink, { state: z.enum(['ready', 'connecting', 'degraded', 'down']) }),
  ),
  ledger: ledger.optional(),
  agesMs: z.partialRecord(z.enum(aged), whole(0, 30 * 24 * 3_600_000)).default({}),
});
type Given = z.output<typeof given>;

/** The facts of a case; of the base case where it gives none. */
export const CaseFacts: z.ZodType<GateFacts> = given.prefault({}).transform(factsOf);

function factsOf({ agesMs, ...facts }: Given): GateFacts {
  const at = (name: (typeof aged)[number]): Instant =>
    instantFromEpochMs(epochMs(base.baseNow) - (agesMs[name] ?? 0));
  const fact = <T>(
    name: (typeof aged)[number] | 'link',
    value: T | Missing | undefined,
    otherwise: T,
  ): Fact<T> => {
    const known = value ?? otherwise;
    if (isMissing(known)) return known;
    return { value: known, source: 'case', at: name === 'link' ? base.baseNow : at(name) };
  };
  const details = fact('contract', facts.contract, base.baseDetails);
  const quoted = fact('quote', facts.quote, base.baseQuote);
  const own = 'missing' in details ? base.baseInstrument : instrumentOf(details.value);
  return {
    account: base.baseTerms.account satisfies AccountId,
    marketTime: fact('marketTime', facts.marketTime, base.baseNow),
    contract: details,
    quote:
      'missing' in quoted
        ? quoted
        : { ...quoted, value: { ...quoted.value, receivedAt: at('quote') } },
    portfolio: fact('portfolio', facts.portfolio, base.basePortfolio),
    workingOrders: fact('workingOrders', facts.workingOrders, []),
    fxToBase: fact('fxToBase', facts.fxToBase, '1' as DecimalText),
    whatIf: fact('whatIf', facts.whatIf, base.baseWhatIf),
    exchangeRates: fact('exchangeRates', facts.exchangeRates, base.basePortfolio.exchangeRates),
    dailyVolume: fact('dailyVolume', facts.dailyVolume, base.baseDailyVolume),
    volatility: fact('volatility', facts.volatility, base.baseVolatility),
    correlations: fact('correlations', facts.correlations, []),
    instruments: fact('instruments', facts.instruments, [own]),
    link: fact('link', facts.link, base.baseLink),
    ledger: { value: facts.ledger ?? base.baseLedger, source: 'case', at: base.baseNow },
  };
}

function isMissing(value: unknown): value is Missing {
  return typeof value === 'object' && value !== null && 'missing' in value;
}

/** The order's own instrument among `instruments`, as the contract of the case says. */
function instrumentOf({ contract: own, industry, category }: typeof base.baseDetails) {
  const { secType, currency: traded, multiplier = base.baseInstrument.multiplier } = own;
  return {
    ...base.baseInstrument,
    ...{ secType, currency: traded, multiplier, sector: industry, industry: category },
  };
}
