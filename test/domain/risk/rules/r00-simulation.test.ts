import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  aapl,
  d,
  gateCase,
  gone,
  money,
  position,
  reservation,
  usd,
  working,
  type Change,
} from '../../gate-facts.ts';
import { isDenied, testRuleCases } from '../rule-cases.ts';

const noShort = { simulation: { enabled: true, allowShort: false } } as const;
const sell = (quantity: number) => ({ side: 'SELL', quantity: d(quantity) }) as const;
const euros = (cash: number): Change => ({
  contract: { secType: 'CASH', symbol: 'EUR' },
  portfolio: { cash: [money(cash, 'EUR')] },
});

testRuleCases('R0', [
  { name: 'a buy that is paid for', change: {}, expect: { outcome: 'pass', observed: 'ok' } },
  {
    name: 'all that is held may be sold',
    change: { terms: sell(40), rules: noShort },
    expect: { outcome: 'pass', observed: 'ok', limit: 'ok' },
  },
  {
    name: 'one share more than held',
    change: { terms: sell(41), rules: noShort },
    expect: { outcome: 'deny', observed: 'sells-without-position' },
  },
  {
    name: 'one share more than held, where shorts are allowed',
    change: { terms: sell(41) },
    expect: { outcome: 'pass', observed: 'sells-without-position' },
  },
  {
    name: 'nothing held',
    change: { terms: sell(1), positions: [], rules: noShort },
    expect: { outcome: 'deny' },
  },
  {
    name: 'short already',
    change: { terms: sell(1), positions: [position(aapl, -10)], rules: noShort },
    expect: { outcome: 'deny' },
  },
  {
    name: 'covered alone, not together with a sell that works',
    change: { terms: sell(20), workingOrders: [working('SELL', 21)], rules: noShort },
    expect: { outcome: 'deny', observed: 'sells-without-position' },
  },
  {
    name: 'covered alone, not together with a sell that waits for approval',
    change: {
      terms: sell(20),
      ledger: { reservations: [reservation('SELL', 21)] },
      rules: noShort,
    },
    expect: { outcome: 'deny' },
  },
  {
    name: 'margin exactly fits (5 × 200.10 × 50 % + 1.00)',
    change: {
      terms: { orderType: 'MKT', limitPrice: null },
      portfolio: { availableFunds: usd('501.25') },
    },
    expect: { outcome: 'pass' },
  },
  {
    name: 'margin a cent too large',
    change: {
      terms: { orderType: 'MKT', limitPrice: null },
      portfolio: { availableFunds: usd('501.24') },
    },
    expect: { outcome: 'deny', observed: 'insufficient-funds' },
  },
  {
    name: 'a cash account: buying power is the cash',
    change: { portfolio: { buyingPower: usd(1000), availableFunds: usd(1000) } },
    expect: { outcome: 'deny', observed: 'insufficient-buying-power' },
  },
  {
    name: 'a quantity of 0',
    change: { terms: { quantity: d(0) } },
    expect: { outcome: 'deny', observed: 'invalid-quantity' },
  },
  {
    name: 'half a step of size',
    change: { terms: { quantity: d('2.5') } },
    expect: { outcome: 'deny', observed: 'invalid-quantity' },
  },
  {
    name: 'a cash account that would owe',
    change: {
      portfolio: { buyingPower: usd(900_000), availableFunds: usd(900_000), cash: [usd(1000)] },
    },
    expect: { outcome: 'deny', observed: 'insufficient-cash' },
  },
  {
    name: 'a currency is sold from its cash, whatever position the broker reports',
    change: { ...euros(100), terms: sell(100), positions: [], rules: noShort },
    expect: { outcome: 'pass', observed: 'ok' },
  },
  {
    name: 'not from cash that a sell which works will take',
    change: {
      ...euros(100),
      terms: sell(100),
      workingOrders: [working('SELL', 1)],
      rules: noShort,
    },
    expect: { outcome: 'deny', observed: 'sells-without-position' },
  },
  {
    name: 'a currency that there is none of',
    change: { ...euros(99), terms: sell(100), rules: noShort },
    expect: { outcome: 'deny', observed: 'sells-without-position' },
  },
  {
    name: 'a short that is not funded, where shorts are allowed',
    change: { terms: sell(1000), portfolio: { availableFunds: usd(10) } },
    expect: { outcome: 'deny', observed: 'insufficient-funds' },
  },
  {
    name: 'an exit needs no funds',
    change: { terms: sell(40), portfolio: { availableFunds: usd(0), buyingPower: usd(0) } },
    expect: { outcome: 'pass' },
  },
  ...(['contract', 'quote', 'portfolio', 'workingOrders', 'fxToBase'] as const).map((name) => ({
    name: `no ${name}`,
    change: { facts: { [name]: gone } },
    expect: { outcome: 'cannot-evaluate', missing: `${name}: not there` } as const,
  })),
  {
    name: 'a rate of zero',
    change: { fx: '0' },
    expect: { outcome: 'cannot-evaluate' },
  },
  {
    name: 'a rate of the base currency to itself that is not 1',
    change: { fx: '1.1' },
    expect: { outcome: 'cannot-evaluate' },
  },
  {
    name: 'net liquidation of zero',
    change: { portfolio: { netLiquidation: usd(0) } },
    expect: { outcome: 'cannot-evaluate' },
  },
]);

describe('R0: property', () => {
  it('is never off', () => {
    expect(gateCase().policy.rules.simulation.enabled).toBe(true);
  });

  it('a sell of more is never allowed where a sell of less is not', () => {
    fc.assert(
      fc.property(fc.nat(100), fc.integer({ min: 1, max: 150 }), fc.nat(100), (held, q, more) => {
        const denied = (quantity: number): boolean =>
          isDenied('R0', {
            terms: sell(quantity),
            positions: [position(aapl, held)],
            rules: noShort,
          });
        expect(denied(q)).toBe(q > held);
        if (denied(q)) expect(denied(q + more)).toBe(true);
      }),
    );
  });
});
