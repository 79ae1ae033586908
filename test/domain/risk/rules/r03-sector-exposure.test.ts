import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConId } from '../../../../src/domain/ids.ts';
import type { InstrumentFacts } from '../../../../src/domain/risk/facts.ts';
import {
  aapl,
  d,
  gone,
  instrument,
  known,
  other,
  position,
  reservation,
  usd,
  working,
} from '../../gate-facts.ts';
import { isDenied, testRuleCases } from '../rule-cases.ts';
import { market, third } from '../sector-market.ts';

const buy = (quantity: number) => ({ side: 'BUY', quantity: d(quantity) }) as const;
const sell = (quantity: number) => ({ side: 'SELL', quantity: d(quantity) }) as const;

const naming = (name: string): unknown => expect.stringContaining(name);
const euros = { currency: 'EUR' } as Partial<InstrumentFacts>;
const rates = { exchangeRates: known([{ currency: 'EUR' as never, rate: d('1.25') }]) };

// 30 % of 1 000 000 at 200 is 1500 shares.
testRuleCases('R3', [
  {
    name: 'the order alone',
    change: market({ terms: buy(5) }),
    expect: { outcome: 'pass', observed: '0.001', limit: '0.3', share: '0.0034' },
  },
  {
    name: 'just below 80 %',
    change: market({ terms: buy(199), positions: [position(other, 1000)] }),
    expect: { outcome: 'pass', observed: '0.2398' },
  },
  {
    name: 'exactly 80 %',
    change: market({ terms: buy(200), positions: [position(other, 1000)] }),
    expect: { outcome: 'warn', observed: '0.24', share: '0.8' },
  },
  {
    name: 'exactly at the limit',
    change: market({ terms: buy(500), positions: [position(other, 1000)] }),
    expect: { outcome: 'warn', observed: '0.3', share: '1' },
  },
  {
    name: 'one share above',
    change: market({ terms: buy(501), positions: [position(other, 1000)] }),
    expect: { outcome: 'deny', observed: '0.3002' },
  },
  {
    name: 'a short position is exposure, not room for more',
    change: market({ terms: buy(501), positions: [position(other, -1000)] }),
    expect: { outcome: 'deny', observed: '0.3002' },
  },
  {
    name: 'a short sale is exposure',
    change: market({ terms: sell(501), positions: [position(other, 1000)] }),
    expect: { outcome: 'deny', observed: '0.3002' },
  },
  {
    name: 'long and short of two instruments do not cancel',
    change: market({
      terms: buy(1),
      positions: [position(aapl, 800), position(other, -800)],
    }),
    expect: { outcome: 'deny', observed: '0.3202' },
  },
  {
    name: 'several rows of one instrument are one position',
    change: market({ terms: buy(501), positions: [position(other, 400), position(other, 600)] }),
    expect: { outcome: 'deny', observed: '0.3002' },
  },
  {
    name: 'another sector does not count',
    change: market({ terms: buy(5), positions: [position(third, 5000)] }),
    expect: { outcome: 'pass', observed: '0.001' },
  },
  {
    name: 'a position in another currency counts in base currency',
    change: market({ terms: buy(251), positions: [position(other, 1000)], facts: rates }, euros),
    expect: { outcome: 'deny', observed: '0.3002' },
  },
  {
    name: 'the order in another currency counts in base currency',
    change: market({
      terms: buy(401),
      contract: { currency: 'EUR' as never },
      fx: '1.25',
      positions: [position(other, 1000)],
    }),
    expect: { outcome: 'deny', observed: '0.3003' },
  },
  {
    name: 'no rate of the currency of a position',
    change: market({ terms: buy(5), positions: [position(other, 1)] }, euros),
    expect: { outcome: 'cannot-evaluate', missing: 'exchangeRates: no rate of EUR' },
  },
  {
    name: 'no rate of a currency in another sector',
    change: market(
      { terms: buy(5), positions: [position(other, 1)] },
      { ...euros, sector: 'Energy' },
    ),
    expect: { outcome: 'pass' },
  },
  {
    name: 'a held instrument without a price',
    change: market({ terms: buy(5), positions: [position(other, 1)] }, { price: null }),
    expect: { outcome: 'cannot-evaluate', missing: `instruments: no price of contract ${other}` },
  },
  {
    name: 'a held instrument of which nothing is known',
    change: market({ terms: buy(5), positions: [position(999 as ConId, 1)] }),
    expect: {
      outcome: 'cannot-evaluate',
      missing: 'instruments: nothing is known of contract 999',
    },
  },
  {
    name: 'a working order in an instrument of which nothing is known',
    change: market({ terms: buy(5), workingOrders: [working('BUY', 1, { conId: 999 as ConId })] }),
    expect: { outcome: 'cannot-evaluate' },
  },
  {
    name: 'a held stock without a sector counts in all',
    change: market({ terms: buy(501), positions: [position(other, 1000)] }, { sector: '' }),
    expect: { outcome: 'deny', observed: '0.3002' },
  },
  {
    name: 'a held future without a sector counts in none',
    change: market(
      { terms: buy(5), positions: [position(other, 9000)] },
      { sector: '', secType: 'FUT' },
    ),
    expect: { outcome: 'pass', observed: '0.001' },
  },
  {
    name: 'the order of an instrument without a sector',
    change: market({
      terms: buy(5),
      facts: { instruments: known([{ ...instrument, sector: '' }]) },
    }),
    expect: { outcome: 'cannot-evaluate', missing: 'the sector of the instrument' },
  },
  ...(['CASH', 'FUT', 'CRYPTO', 'BOND'] as const).map((secType) => ({
    name: `${secType} is exempt, whatever is missing`,
    change: { contract: { secType }, facts: { instruments: gone, exchangeRates: gone } },
    expect: { outcome: 'pass', observed: 'exempt', share: null } as const,
  })),
  {
    name: 'a type is exempt only where the policy says so',
    change: market({
      contract: { secType: 'FUT', multiplier: d(1) },
      terms: buy(1501),
      rules: { sector_exposure: { enabled: true, limit: d('0.3'), exemptSecTypes: [] } },
    }),
    expect: { outcome: 'deny' },
  },
  {
    name: 'an exit from a sector that is too large',
    change: market({
      terms: sell(10),
      positions: [position(aapl, 2000), position(other, 2000)],
    }),
    expect: { outcome: 'pass', observed: 'exit', share: null },
  },
  {
    name: 'an exit of which nothing is known',
    change: { terms: sell(40), facts: { instruments: gone, exchangeRates: gone } },
    expect: { outcome: 'pass', observed: 'exit' },
  },
  {
    name: 'an "exit" that flips the position',
    change: market({ terms: sell(2001), positions: [position(aapl, 2000)] }),
    expect: { outcome: 'deny' },
  },
  {
    name: 'net liquidation of zero',
    change: market({ portfolio: { netLiquidation: usd(0) } }),
    expect: { outcome: 'cannot-evaluate' },
  },
  {
    name: 'switched off',
    change: market({
      terms: buy(5000),
      rules: { sector_exposure: { enabled: false, limit: d(0), exemptSecTypes: [] } },
    }),
    expect: { outcome: 'off' },
  },
  ...(['contract', 'portfolio', 'quote', 'fxToBase', 'instruments', 'workingOrders'] as const).map(
    (name) => ({
      name: `no ${name}`,
      change: market({ facts: { [name]: gone } }),
      expect: { outcome: 'cannot-evaluate' as const, missing: naming(name) },
    }),
  ),
]);

describe('R3: property', () => {
  const shares = fc.integer({ min: -1500, max: 1500 });
  const size = fc.integer({ min: 1, max: 1500 });
  const isBuy = fc.boolean();

  it('raising the quantity never turns a denial into a pass', () => {
    fc.assert(
      fc.property(isBuy, size, size, shares, shares, (buys, q, more, own, rest) => {
        const denied = (quantity: number): boolean =>
          isDenied(
            'R3',
            market({
              terms: buys ? buy(quantity) : sell(quantity),
              positions: [position(aapl, own), position(other, rest)],
            }),
          );
        if (denied(q)) expect(denied(q + more)).toBe(true);
      }),
    );
  });

  it('a working order or a reservation never turns a denial into a pass', () => {
    fc.assert(
      fc.property(isBuy, size, shares, shares, isBuy, size, (buys, q, own, rest, adds, live) => {
        const change = market({
          terms: buys ? buy(q) : sell(q),
          positions: [position(aapl, own), position(other, rest)],
        });
        const side = adds ? 'BUY' : 'SELL';
        if (!isDenied('R3', change)) return;
        for (const conId of [aapl, other]) {
          const isOtherSide = conId === aapl && side !== (buys ? 'BUY' : 'SELL');
          if (isOtherSide) continue;
          const workingOrders = [working(side, live, { conId })];
          expect(isDenied('R3', { ...change, workingOrders })).toBe(true);
          const ledger = { reservations: [reservation(side, live, { conId })] };
          expect(isDenied('R3', { ...change, ledger })).toBe(true);
        }
      }),
    );
  });
});
