import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dec } from '../../../src/domain/money/decimal.ts';
import { simulateOrder } from '../../../src/domain/simulate/simulate-order.ts';
import type { Simulation } from '../../../src/domain/simulate/simulation.ts';
import { aapl, d, gateCase, gone, money, position, usd, type Change } from '../gate-facts.ts';

type Priced = Exclude<Simulation, { missing: string }>;

function simulate(change: Change = {}): Simulation {
  const { terms, facts } = gateCase(change);
  return simulateOrder(terms, facts);
}

function priced(change: Change = {}): Priced {
  const simulation = simulate(change);
  if ('missing' in simulation) throw new Error(simulation.missing);
  return simulation;
}

const market = { orderType: 'MKT', limitPrice: null } as const;

describe('simulated fill', () => {
  it('a market buy fills at the ask, and every figure follows', () => {
    expect(simulate({ terms: { ...market, quantity: d(10) } })).toEqual({
      status: 'ok',
      currency: 'USD',
      fillPrice: '200.1',
      referencePrice: '200',
      slippageBps: '5',
      impactBps: '0',
      worstPrice: '206.103',
      worstNotional: '2061.03',
      worstNotionalBase: '2061.03',
      deltaNotional: null,
      grossAmount: '2001',
      commission: '1',
      fees: '0',
      cashChange: '-2002',
      cashAfter: '897998',
      pairCashAfter: null,
      positionBefore: '40',
      positionAfter: '50',
      positionShareAfter: '0.01',
      exposureBefore: '8000',
      exposureAfter: '10000',
      initialMarginBefore: '50000',
      initialMarginAfter: '51000.5',
      maintenanceMarginAfter: '40500.25',
      whatIfInitialMarginAfter: null,
      marginDifference: null,
      commissionDifference: null,
      marketable: true,
      stopPrice: null,
      triggersAtOnce: false,
    });
  });

  it('a market sell fills at the bid; less position needs less margin', () => {
    expect(priced({ terms: { ...market, side: 'SELL', quantity: d(10) } })).toMatchObject({
      fillPrice: '199.9',
      slippageBps: '5',
      fees: '0.0576',
      cashChange: '1997.9424',
      positionAfter: '30',
      initialMarginAfter: '49000.5',
    });
  });

  const fills = [
    ['BUY', '200.05', '200.05', false],
    ['BUY', '200.1', '200.1', true],
    ['BUY', '205', '200.1', true],
    ['SELL', '199.95', '199.95', false],
    ['SELL', '199.9', '199.9', true],
    ['SELL', '190', '199.9', true],
  ] as const;
  for (const [side, limit, fillPrice, marketable] of fills) {
    it(`${side} LMT ${limit} fills at ${fillPrice}`, () => {
      const terms = { side, limitPrice: d(limit) };
      expect(priced({ terms })).toMatchObject({ fillPrice, marketable });
    });
  }

  it('a resting buy has negative slippage', () => {
    expect(priced({ terms: { limitPrice: d(199) } }).slippageBps).toBe('-50');
  });
});

describe('positions and money', () => {
  it('sells into a short', () => {
    expect(priced({ terms: { side: 'SELL', quantity: d(50) } })).toMatchObject({
      status: 'sells-without-position',
      positionAfter: '-10',
    });
  });

  it('turning a long into an equal short needs no more margin', () => {
    const { initialMarginBefore, initialMarginAfter } = priced({
      terms: { side: 'SELL', quantity: d(80) },
    });
    expect(initialMarginAfter).toBe(initialMarginBefore);
  });

  it('margin never falls below zero', () => {
    const change: Change = {
      terms: { side: 'SELL', quantity: d(40) },
      portfolio: { initialMargin: usd(10) },
    };
    expect(priced(change).initialMarginAfter).toBe('0');
  });

  it('adds up the rows of one instrument and takes the cash of its currency', () => {
    const change: Change = {
      positions: [position(aapl, 10), position(aapl, -4)],
      portfolio: { cash: [money(77, 'EUR')], positions: [position(aapl, 10), position(aapl, -4)] },
      terms: { ...market, quantity: d(1) },
    };
    expect(priced(change)).toMatchObject({ positionBefore: '6', cashAfter: '-201.1' });
  });

  it('converts into a base currency of another kind', () => {
    const inEuro = { baseCurrency: money(0, 'EUR').currency } as const;
    const euros = {
      ...inEuro,
      netLiquidation: money(1_000_000, 'EUR'),
      availableFunds: money(900_000, 'EUR'),
      buyingPower: money(900_000, 'EUR'),
      initialMargin: money(0, 'EUR'),
    };
    expect(priced({ portfolio: euros, fx: '0.9' })).toMatchObject({
      worstNotional: '1000',
      worstNotionalBase: '900',
      initialMarginAfter: '450',
    });
    expect(simulate({ portfolio: inEuro, fx: '0.9' })).toMatchObject({ status: 'no-facts' });
  });
});

describe('what cannot be simulated', () => {
  const cases: readonly (readonly [string, Change, string])[] = [
    ['no quote', { facts: { quote: gone } }, 'no-price'],
    ['no bid', { quote: { bid: null } }, 'no-price'],
    ['no ask', { quote: { ask: null } }, 'no-price'],
    ['a crossed quote', { quote: { bid: d(201) } }, 'no-price'],
    ['no contract', { facts: { contract: gone } }, 'no-facts'],
    ['no portfolio', { facts: { portfolio: gone } }, 'no-facts'],
    ['no exchange rate', { facts: { fxToBase: gone } }, 'no-facts'],
    ['a rate below zero', { fx: '-1' }, 'no-facts'],
    ['a quote of something else', { quote: { conId: 1 as never } }, 'no-facts'],
    ['a contract of something else', { contract: { conId: 1 as never } }, 'no-facts'],
    ['the portfolio of somebody else', { portfolio: { account: 'DU9' as never } }, 'no-facts'],
    ['nothing left', { portfolio: { netLiquidation: usd(-1) } }, 'no-facts'],
  ];
  for (const [name, change, status] of cases) {
    it(`${name}: ${status}`, () => {
      expect(simulate(change)).toMatchObject({ status });
    });
  }
});

describe('properties', () => {
  const cents = fc.integer({ min: 1, max: 100_000 });
  const anyTerms = fc.record({
    side: fc.constantFrom('BUY' as const, 'SELL' as const),
    quantity: fc.integer({ min: 1, max: 5000 }).map((n) => d(n / 10)),
    limitPrice: fc.option(cents.map((n) => d(n / 100))),
  });

  it('a limit order never fills at a price worse than its limit', () => {
    fc.assert(
      fc.property(anyTerms, (terms) => {
        fc.pre(terms.limitPrice !== null);
        const { fillPrice } = priced({ terms });
        const [better, worse] =
          terms.side === 'BUY' ? [fillPrice, terms.limitPrice] : [terms.limitPrice, fillPrice];
        expect(dec(better).lte(worse)).toBe(true);
      }),
    );
  });

  it('cash and position balance: what is paid is what is got plus the commission', () => {
    fc.assert(
      fc.property(anyTerms, (terms) => {
        const orderType = terms.limitPrice === null ? ('MKT' as const) : ('LMT' as const);
        const s = priced({ terms: { ...terms, orderType } });
        const bought = dec(s.positionAfter).minus(s.positionBefore);
        expect(bought.abs().eq(terms.quantity)).toBe(true);
        expect(bought.isPos()).toBe(terms.side === 'BUY');
        const costs = dec(s.commission).plus(s.fees);
        expect(dec(s.cashChange).plus(costs).plus(bought.times(s.fillPrice)).isZero()).toBe(true);
        expect(dec(s.grossAmount).eq(bought.abs().times(s.fillPrice))).toBe(true);
        expect(dec(s.worstNotional).gte(s.grossAmount)).toBe(true);
      }),
    );
  });
});
