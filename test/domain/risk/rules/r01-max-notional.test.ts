import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { d, gone, instrument, known, money, type Change } from '../../gate-facts.ts';
import { isDenied, testRuleCases } from '../rule-cases.ts';

const market = { orderType: 'MKT', limitPrice: null } as const;
const euros = {
  portfolio: {
    baseCurrency: money(0, 'EUR').currency,
    netLiquidation: money(1_000_000, 'EUR'),
    availableFunds: money(900_000, 'EUR'),
    buyingPower: money(900_000, 'EUR'),
    initialMargin: money(0, 'EUR'),
    dailyPnl: money(0, 'EUR'),
  },
} as const;
const limit = (text: string) => ({ max_notional: { enabled: true, limit: d(text) } });

const call = (delta: string | null): Change => ({
  contract: { secType: 'OPT', multiplier: d(100), strike: d(210), right: 'C' },
  quote: { bid: d('3.9'), ask: d('4.1'), last: d(4) },
  positions: [],
  facts: {
    instruments: known([
      {
        ...instrument,
        ...{ secType: 'OPT', multiplier: d(100), price: d(4), underlyingPrice: d(200) },
        delta: delta === null ? null : d(delta),
      },
    ]),
  },
});

testRuleCases('R1', [
  {
    name: 'far below',
    change: { terms: { quantity: d(5) } },
    expect: { outcome: 'pass', observed: '1000', limit: '50000', share: '0.02' },
  },
  {
    name: 'just below 80 %',
    change: { terms: { quantity: d('199.99') } },
    expect: { outcome: 'pass', observed: '39998' },
  },
  {
    name: 'exactly 80 %',
    change: { terms: { quantity: d(200) } },
    expect: { outcome: 'warn', observed: '40000', share: '0.8' },
  },
  {
    name: 'exactly at the limit',
    change: { terms: { quantity: d(250) } },
    expect: { outcome: 'warn', observed: '50000', share: '1' },
  },
  {
    name: 'a hundredth of a share above',
    change: { terms: { quantity: d('250.01') } },
    expect: { outcome: 'deny', observed: '50002', share: '1.0001' },
  },
  {
    name: 'a sell with a limit below the bid counts what it would really fetch',
    change: { terms: { side: 'SELL', limitPrice: d('1'), quantity: d(251) } },
    expect: { outcome: 'deny', observed: '50174.9' },
  },
  {
    name: 'a short counts like a long',
    change: { terms: { side: 'SELL', quantity: d('250.01'), limitPrice: d(200) }, positions: [] },
    expect: { outcome: 'deny', observed: '50002' },
  },
  {
    name: 'a market buy counts at the ask plus the collar of 1 %',
    change: { terms: { ...market, quantity: d(10) } },
    expect: { outcome: 'pass', observed: '2021.01' },
  },
  {
    name: 'a buy stop counts at its stop plus the collar: exactly at the limit',
    change: {
      terms: { ...market, orderType: 'STP', stopPrice: d(250), quantity: d('198.01980198') },
    },
    expect: { outcome: 'warn' },
  },
  {
    name: 'a share more',
    change: { terms: { ...market, orderType: 'STP', stopPrice: d(250), quantity: d(199) } },
    expect: { outcome: 'deny', observed: '50247.5' },
  },
  {
    name: 'a stop limit counts at its limit: exactly at the limit',
    change: {
      terms: { orderType: 'STP LMT', stopPrice: d(248), limitPrice: d(250), quantity: d(200) },
    },
    expect: { outcome: 'warn', observed: '50000' },
  },
  {
    name: 'a trail counts where it may start, not where the market has it',
    change: {
      terms: {
        ...{ ...market, orderType: 'TRAIL', trailingAmount: d(1), stopPrice: d(250) },
        quantity: d(199),
      },
    },
    expect: { outcome: 'deny', observed: '50247.5' },
  },
  {
    name: 'an order for the close counts at the last trade plus the collar',
    change: { terms: { ...market, orderType: 'MOC', quantity: d(10) } },
    expect: { outcome: 'pass', observed: '2020' },
  },
  {
    name: 'another base currency: exactly at the limit',
    change: { ...euros, terms: { quantity: d(500) }, fx: '0.5' },
    expect: { outcome: 'warn', observed: '50000' },
  },
  {
    name: 'another base currency: above',
    change: { ...euros, terms: { quantity: d(500) }, fx: '0.50001' },
    expect: { outcome: 'deny', observed: '50001' },
  },
  {
    name: 'options by delta where that is more: just at the limit',
    change: { ...call('0.625'), terms: { quantity: d(4), limitPrice: d(4) } },
    expect: { outcome: 'warn', observed: '50000' },
  },
  {
    name: 'options by delta: above',
    change: { ...call('0.6251'), terms: { quantity: d(4), limitPrice: d(4) } },
    expect: { outcome: 'deny', observed: '50008' },
  },
  {
    name: 'options by premium where that is more',
    change: { ...call('0'), terms: { quantity: d(4), limitPrice: d(4) } },
    expect: { outcome: 'pass', observed: '1600' },
  },
  {
    name: 'an option without delta',
    change: { ...call(null), terms: { quantity: d(4), limitPrice: d(4) } },
    expect: { outcome: 'cannot-evaluate' },
  },
  {
    name: 'a bond, quoted in per cent of 1,000',
    change: { contract: { secType: 'BOND' }, terms: { quantity: d(25) } },
    expect: { outcome: 'warn', observed: '50000' },
  },
  {
    name: 'a bond more',
    change: { contract: { secType: 'BOND' }, terms: { quantity: d(26) } },
    expect: { outcome: 'deny', observed: '52000' },
  },
  {
    name: 'a limit of zero lets nothing through',
    change: { rules: limit('0') },
    expect: { outcome: 'deny', share: null },
  },
  {
    name: 'no exchange rate',
    change: { facts: { fxToBase: gone } },
    expect: { outcome: 'cannot-evaluate', missing: 'fxToBase: not there' },
  },
  {
    name: 'no quote',
    change: { facts: { quote: gone } },
    expect: { outcome: 'cannot-evaluate', missing: 'quote: not there' },
  },
  {
    name: 'a quote of something else',
    change: { quote: { conId: 1 as never } },
    expect: { outcome: 'cannot-evaluate' },
  },
  {
    name: 'switched off',
    change: { rules: { max_notional: { enabled: false, limit: d(1) } } },
    expect: { outcome: 'off' },
  },
]);

describe('R1: property', () => {
  it('raising the quantity never turns a denial into a pass, and the verdict is the exact comparison', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('BUY' as const, 'SELL' as const),
        fc.integer({ min: 1, max: 100_000 }),
        fc.integer({ min: 1, max: 100_000 }),
        (side, hundredths, more) => {
          const denied = (n: number): boolean =>
            isDenied('R1', { terms: { side, quantity: d(n / 100) } });
          expect(denied(hundredths)).toBe(hundredths * 200 > 5_000_000);
          if (denied(hundredths)) expect(denied(hundredths + more)).toBe(true);
        },
      ),
    );
  });
});
