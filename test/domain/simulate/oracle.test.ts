import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OrderableSecType } from '../../../src/domain/instrument/contract.ts';
import { Dec, dec } from '../../../src/domain/money/decimal.ts';
import { simulateOrder } from '../../../src/domain/simulate/simulate-order.ts';
import { aapl, d, gateCase, instrument, known, money, position } from '../gate-facts.ts';

/**
 * The same order worked out by another library, written from `docs/simulation.md` and not from the code: every figure
 * has to be the same to the last digit.
 */

const thousandths = (max: number) => fc.integer({ min: 1, max }).map((n) => d(n / 1000));
const units = {
  STK: null,
  OPT: '100',
  FUT: '50',
  CASH: null,
  CRYPTO: null,
  BOND: null,
} as const satisfies Record<OrderableSecType, string | null>;

const anyOrder = fc.record({
  secType: fc.constantFrom<OrderableSecType>('STK', 'OPT', 'FUT', 'CASH', 'CRYPTO', 'BOND'),
  side: fc.constantFrom('BUY' as const, 'SELL' as const),
  quantity: thousandths(2_000_000),
  bid: thousandths(500_000),
  spread: fc.integer({ min: 0, max: 5000 }).map((n) => d(n / 1000)),
  limit: fc.option(thousandths(500_000)),
  size: fc.option(fc.integer({ min: 0, max: 3000 }).map(d)),
  volume: fc.option(fc.integer({ min: 0, max: 100_000 }).map(d)),
  fx: thousandths(3000),
  dollar: thousandths(3000),
  held: fc.integer({ min: -3000, max: 3000 }).map(d),
  delta: fc.integer({ min: -1000, max: 1000 }).map((n) => d(n / 1000)),
  underlying: thousandths(900_000),
  strike: thousandths(900_000),
  right: fc.constantFrom('C' as const, 'P' as const),
  currency: fc.constantFrom('USD', 'GBP'),
});
type Order = typeof anyOrder extends fc.Arbitrary<infer T> ? T : never;

/** An account in francs; pairs are euros against the currency. */
function simulate(order: Order) {
  const { secType, side, bid, spread, size, volume, currency, limit } = order;
  const unit = units[secType];
  const chf = money(0, 'CHF').currency;
  const francs = money(50_000_000_000, 'CHF');
  const positions = [position(aapl, Number(order.held))];
  const row = {
    ...{ secType, multiplier: d(unit ?? 1), delta: order.delta, underlyingPrice: order.underlying },
  };
  const { terms, facts } = gateCase({
    terms: {
      ...{ side, quantity: order.quantity, orderType: limit === null ? 'MKT' : 'LMT' },
      limitPrice: limit,
    },
    contract: {
      ...{ secType, symbol: 'EUR', currency: money(0, currency).currency },
      ...{ strike: order.strike, right: order.right },
      ...(unit === null ? {} : { multiplier: d(unit) }),
    },
    details: { minSize: d('0.001'), sizeIncrement: d('0.001') },
    quote: { bid, ask: d(dec(bid).plus(spread).toFixed()), bidSize: size, askSize: size },
    fx: order.fx,
    positions,
    portfolio: {
      ...{ baseCurrency: chf, netLiquidation: francs, availableFunds: francs },
      ...{ buyingPower: francs, initialMargin: francs, maintenanceMargin: francs },
      cash: [money(order.held, 'EUR'), money(1000, currency)],
      positions,
    },
    facts: {
      instruments: known([{ ...instrument, ...row }]),
      dailyVolume: volume === null ? { missing: 'none' } : known({ average: volume, days: 20 }),
      exchangeRates: known([{ currency: money(0, 'USD').currency, rate: order.dollar }]),
    },
  });
  return simulateOrder(terms, facts, d(150));
}

const up = (value: Decimal, decimals: number) => value.toDecimalPlaces(decimals, Decimal.ROUND_UP);
const max = (...values: Decimal[]) => Dec.max(...values);
const min = (...values: Decimal[]) => Dec.min(...values);
const text = (value: Decimal) => (value.isZero() ? '0' : value.toFixed());
const bps = (amount: Decimal, of: Decimal) =>
  text(amount.times(10_000).div(of).toDecimalPlaces(2, Decimal.ROUND_HALF_UP));

function prices(o: Order) {
  const isBuy = o.side === 'BUY';
  const q = dec(o.quantity);
  const bid = dec(o.bid);
  const ask = bid.plus(o.spread);
  const mid = bid.plus(ask).div(2);
  const side = isBuy ? ask : bid;
  const excess = max(q.minus(o.size ?? 0), dec(0));
  const volume = dec(o.volume ?? 0);
  const traded = excess.lt(volume) ? up(excess.div(volume), 8) : dec(1);
  const part = o.secType === 'CASH' ? dec(0) : traded;
  const crossing = up(excess.times(ask.minus(bid).div(2)).div(q), 8);
  const moving = up(mid.times('0.1').times(part), 8);
  const impact = excess.isZero() ? dec(0) : min(crossing.plus(moving), side.div(2));
  const paid = isBuy ? side.plus(impact) : side.minus(impact);
  if (o.limit === null) return { mid, fill: paid, worst: max(side.times('1.015'), paid) };
  const limit = dec(o.limit);
  return isBuy
    ? { mid, fill: min(limit, paid), worst: limit }
    : { mid, fill: max(limit, paid), worst: max(limit, side) };
}

function commissionOf(o: Order, gross: Decimal, unit: Decimal): Decimal {
  const q = dec(o.quantity);
  const inDollars = o.currency === 'USD';
  const perDollar = inDollars ? dec(1) : up(dec(o.dollar).div(o.fx), 8);
  const face = q.times(unit).times(100);
  const first = min(face, dec(10_000)).times('0.001');
  const rest = max(face.minus(10_000), dec(0)).times('0.00025');
  const percent = gross.times('0.01');
  const everywhere = {
    CASH: max(gross.times('0.00002'), perDollar.times(2)),
    BOND: max(first.plus(rest), dec(1)),
  };
  const charged = inDollars
    ? {
        ...everywhere,
        STK: min(max(q.times('0.005'), dec(1)), percent),
        OPT: max(q.times('0.65'), dec(1)),
        FUT: q.times('2.25'),
        CRYPTO: min(max(gross.times('0.0018'), dec('1.75')), percent),
      }
    : {
        ...everywhere,
        STK: gross.times('0.001'),
        OPT: percent,
        FUT: gross.times('0.0001'),
        CRYPTO: gross.times('0.0018'),
      };
  return up(charged[o.secType], 4);
}

/** `docs/simulation.md`, in decimals. */
function expected(o: Order) {
  const sign = o.side === 'BUY' ? 1 : -1;
  const q = dec(o.quantity);
  const fx = dec(o.fx);
  const unit = o.secType === 'BOND' ? dec(10) : dec(units[o.secType] ?? 1);
  const { mid, fill, worst } = prices(o);
  const gross = q.times(fill).times(unit);
  const isTaxed = o.secType === 'STK' && o.currency === 'USD' && o.side === 'SELL';
  const activity = min(q.times('0.000195'), dec('9.79'));
  const fees = isTaxed ? up(gross.times('0.0000278').plus(activity), 4) : dec(0);
  const commission = commissionOf(o, gross, unit);
  const costs = commission.plus(fees);
  const cashChange = (o.secType === 'FUT' ? dec(0) : gross.times(-sign)).minus(costs);
  const before = dec(o.held);
  const after = before.plus(q.times(sign));
  const delta = dec(o.delta).abs().times(o.underlying);
  const atLeast = (price: Decimal) => (o.secType === 'OPT' ? max(price, delta) : price);
  const worstNotional = q.times(atLeast(worst)).times(unit);
  const lost = fill.minus(mid).times(sign).times(q).times(unit).plus(costs).times(fx);
  const held = after.abs().times(unit).times(atLeast(mid)).times(fx);
  const share = held.div(dec(50_000_000_000).minus(lost));
  return {
    fillPrice: text(fill),
    worstPrice: text(worst),
    grossAmount: text(gross),
    worstNotional: text(worstNotional),
    worstNotionalBase: text(worstNotional.times(fx)),
    commission: text(commission),
    fees: text(fees),
    cashChange: text(cashChange),
    cashAfter: text(cashChange.plus(1000)),
    positionAfter: text(after),
    slippageBps: bps(fill.minus(mid).times(sign), mid),
    positionShareAfter: text(share.toDecimalPlaces(4, Decimal.ROUND_HALF_UP)),
    ...margins(o, { fill, unit, fx, before, after, cashChange }),
  };
}

function margins(
  o: Order,
  trade: Record<'fill' | 'unit' | 'fx' | 'before' | 'after' | 'cashChange', Decimal>,
) {
  const { fill, unit, fx, before, after, cashChange } = trade;
  const spot = dec(o.underlying);
  const strike = dec(o.strike);
  const isCall = o.right === 'C';
  const out = Dec.max(isCall ? strike.minus(spot) : spot.minus(strike), 0);
  const least = (isCall ? spot : strike).times('0.1');
  const naked = fill.plus(Dec.max(spot.times('0.2').minus(out), least));
  const shares = {
    STK: ['0.5', '0.25', '0.3'],
    FUT: ['0.1', '0.08', '0.08'],
    CRYPTO: ['1', '1', '1'],
    BOND: ['1', '1', '1'],
  } as const;
  const of = (position: Decimal, which: 'initial' | 'maintenance'): Decimal => {
    const size = position.abs().times(unit);
    if (o.secType === 'OPT') return size.times(position.isNegative() ? naked : fill);
    if (o.secType === 'CASH') return dec(0);
    const [initial, long, short] = shares[o.secType];
    const held = position.isNegative() ? short : long;
    return size.times(fill).times(which === 'initial' ? initial : held);
  };
  const euros = after.abs().minus(before.abs()).times(fill);
  const others = cashChange.plus(1000).abs().minus(1000);
  const marginOf = (which: 'initial' | 'maintenance'): string => {
    const change =
      o.secType === 'CASH'
        ? euros.plus(others).times('0.03')
        : of(after, which).minus(of(before, which));
    return Dec.max(change.times(fx).plus(50_000_000_000), 0).toFixed();
  };
  return {
    initialMarginAfter: marginOf('initial'),
    maintenanceMarginAfter: marginOf('maintenance'),
  };
}

describe('the decimal oracle', () => {
  it('finds no difference', () => {
    fc.assert(
      fc.property(anyOrder, (order) => {
        expect(simulate(order)).toMatchObject(expected(order));
      }),
      { numRuns: 2000 },
    );
  });
});
