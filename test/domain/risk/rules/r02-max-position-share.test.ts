import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { IntentId } from '../../../../src/domain/ids.ts';
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

const none = { positions: [] };
const buy = (quantity: number) => ({ side: 'BUY', quantity: d(quantity) }) as const;
const sell = (quantity: number) => ({ side: 'SELL', quantity: d(quantity) }) as const;
const call = {
  contract: { secType: 'OPT', multiplier: d(100), strike: d(210), right: 'C' },
  quote: { bid: d('3.9'), ask: d('4.1'), last: d(4) },
} as const;
const limitOf4 = { limitPrice: d(4) };
const greeks = (delta: string | null, underlying: string | null = '200') => ({
  instruments: known([
    {
      ...instrument,
      ...{ secType: 'OPT' as const, multiplier: d(100), price: d(4) },
      delta: delta === null ? null : d(delta),
      underlyingPrice: underlying === null ? null : d(underlying),
    },
  ]),
});
const ours = 'int_00000000000000000001' as IntentId;

// 10 % of 1 000 000 at 200 is 500 shares.
testRuleCases('R2', [
  {
    name: 'position and order together, far below',
    change: { terms: buy(60) },
    expect: { outcome: 'pass', observed: '0.02', limit: '0.1', share: '0.2' },
  },
  {
    name: 'exactly 80 %',
    change: { terms: buy(360) },
    expect: { outcome: 'warn', observed: '0.08' },
  },
  {
    name: 'exactly at the limit',
    change: { terms: buy(460) },
    expect: { outcome: 'warn', observed: '0.1', share: '1' },
  },
  {
    name: 'one share above',
    change: { terms: buy(461) },
    expect: { outcome: 'deny', observed: '0.1002' },
  },
  {
    name: 'a short of 80 % of the account is not negative exposure',
    change: { terms: sell(4000), ...none },
    expect: { outcome: 'deny', observed: '0.8' },
  },
  {
    name: 'a short exactly at the limit',
    change: { terms: sell(500), ...none },
    expect: { outcome: 'warn', observed: '0.1' },
  },
  {
    name: 'a short that gets larger',
    change: { terms: sell(1), positions: [position(aapl, -500)] },
    expect: { outcome: 'deny' },
  },
  {
    name: 'an exit from a position that is too large already',
    change: { terms: sell(10), positions: [position(aapl, 2000)] },
    expect: { outcome: 'pass', observed: '0.4' },
  },
  {
    name: 'a full exit',
    change: { terms: sell(2000), positions: [position(aapl, 2000)] },
    expect: { outcome: 'pass' },
  },
  {
    name: 'an "exit" that flips the position',
    change: { terms: sell(2001), positions: [position(aapl, 2000)] },
    expect: { outcome: 'deny' },
  },
  {
    name: 'an exit that flips together with a sell that works',
    change: {
      terms: sell(2000),
      positions: [position(aapl, 2000)],
      workingOrders: [working('SELL', 1)],
    },
    expect: { outcome: 'deny' },
  },
  {
    name: 'buying back a short that is too large',
    change: { terms: buy(100), positions: [position(aapl, -2000)] },
    expect: { outcome: 'pass' },
  },
  {
    name: 'the whole position counts where the broker reports it in two rows',
    change: { terms: buy(1), positions: [position(aapl, 300), position(aapl, 200)] },
    expect: { outcome: 'deny' },
  },
  {
    name: 'other instruments do not count',
    change: { terms: buy(10), positions: [position(other, 4000)] },
    expect: { outcome: 'pass', observed: '0.002' },
  },
  {
    name: 'a foreign working order counts with what remains',
    change: {
      terms: buy(100),
      ...none,
      workingOrders: [working('BUY', 400, { quantity: d(900) })],
    },
    expect: { outcome: 'warn', observed: '0.1' },
  },
  {
    name: 'a foreign working order counts: above',
    change: { terms: buy(101), ...none, workingOrders: [working('BUY', 400)] },
    expect: { outcome: 'deny' },
  },
  {
    name: 'a working order of another instrument or account does not count',
    change: {
      terms: buy(10),
      ...none,
      workingOrders: [
        working('BUY', 4000, { conId: other }),
        working('BUY', 4000, { account: 'DU7654321' as never }),
      ],
    },
    expect: { outcome: 'pass', observed: '0.002' },
  },
  {
    name: 'a working sell does not make room for a buy',
    change: { terms: buy(461), workingOrders: [working('SELL', 40)] },
    expect: { outcome: 'deny' },
  },
  {
    name: 'a reservation counts',
    change: { terms: buy(101), ...none, ledger: { reservations: [reservation('BUY', 400)] } },
    expect: { outcome: 'deny' },
  },
  {
    name: 'an order of ours that is reserved and live counts once',
    change: {
      terms: buy(100),
      ...none,
      ledger: { reservations: [reservation('BUY', 400, { intentId: ours })] },
      workingOrders: [working('BUY', 400, { orderRef: ours })],
    },
    expect: { outcome: 'warn', observed: '0.1' },
  },
  {
    name: 'a foreign order with our reference but a smaller size does not hide the rest',
    change: {
      terms: buy(101),
      ...none,
      ledger: { reservations: [reservation('BUY', 400, { intentId: ours })] },
      workingOrders: [working('BUY', 1, { orderRef: ours })],
    },
    expect: { outcome: 'deny' },
  },
  {
    name: 'a foreign order of the other side with our reference does not hide the reservation',
    change: {
      terms: buy(101),
      ...none,
      ledger: { reservations: [reservation('BUY', 400, { intentId: ours })] },
      workingOrders: [working('SELL', 400, { orderRef: ours })],
    },
    expect: { outcome: 'deny' },
  },
  {
    name: 'a limit above the market counts at the limit',
    change: { terms: { ...buy(250), limitPrice: d(400) }, ...none },
    expect: { outcome: 'warn', observed: '0.1' },
  },
  {
    name: 'a limit below the market does not make the position small',
    change: { terms: { ...buy(501), limitPrice: d(1) }, ...none },
    expect: { outcome: 'deny' },
  },
  {
    name: 'options by delta: just below',
    change: { ...call, ...none, terms: { ...buy(12), ...limitOf4 }, facts: greeks('0.4') },
    expect: { outcome: 'warn', observed: '0.096' },
  },
  {
    name: 'options by delta: above',
    change: { ...call, ...none, terms: { ...buy(13), ...limitOf4 }, facts: greeks('0.4') },
    expect: { outcome: 'deny', observed: '0.104' },
  },
  {
    name: 'short puts count by the size of their delta',
    change: { ...call, ...none, terms: { ...sell(13), ...limitOf4 }, facts: greeks('-0.4') },
    expect: { outcome: 'deny', observed: '0.104' },
  },
  {
    name: 'options by premium: the ask counts where the limit lets it',
    change: { ...call, ...none, terms: { ...buy(250), limitPrice: d('4.1') }, facts: greeks('0') },
    expect: { outcome: 'deny', observed: '0.1025' },
  },
  {
    name: 'options without delta',
    change: { ...call, ...none, terms: { ...buy(1), ...limitOf4 }, facts: greeks(null) },
    expect: { outcome: 'cannot-evaluate' },
  },
  {
    name: 'an exit from options needs no delta',
    change: {
      ...call,
      positions: [position(aapl, 400)],
      terms: { ...sell(300), ...limitOf4 },
      facts: greeks(null, null),
    },
    expect: { outcome: 'pass', observed: '0.16' },
  },
  {
    name: 'a future by its multiplier',
    change: {
      ...none,
      contract: { secType: 'FUT', multiplier: d(50) },
      quote: { bid: d(6000), ask: d(6000) },
      terms: { ...buy(1), limitPrice: d(6000) },
    },
    expect: { outcome: 'deny', observed: '0.3' },
  },
  {
    name: 'net liquidation of zero',
    change: { portfolio: { netLiquidation: usd(0) } },
    expect: { outcome: 'cannot-evaluate' },
  },
  {
    name: 'net liquidation below zero',
    change: { portfolio: { netLiquidation: usd(-5) } },
    expect: { outcome: 'cannot-evaluate' },
  },
  ...(['contract', 'portfolio', 'workingOrders', 'quote', 'fxToBase'] as const).map((name) => ({
    name: `no ${name}`,
    change: { facts: { [name]: gone } },
    expect: { outcome: 'cannot-evaluate', missing: `${name}: not there` } as const,
  })),
  {
    name: 'the portfolio of another account',
    change: { portfolio: { account: 'DU7654321' as never } },
    expect: { outcome: 'cannot-evaluate' },
  },
]);

describe('R2: property', () => {
  const shares = fc.integer({ min: -1500, max: 1500 });
  const size = fc.integer({ min: 1, max: 1500 });

  it('raising the quantity never turns a denial into a pass', () => {
    fc.assert(
      fc.property(shares, fc.boolean(), size, size, fc.nat(300), (held, isBuy, q, more, live) => {
        const denied = (quantity: number): boolean =>
          isDenied('R2', {
            terms: isBuy ? buy(quantity) : sell(quantity),
            positions: [position(aapl, held)],
            workingOrders: live === 0 ? [] : [working(isBuy ? 'BUY' : 'SELL', live)],
          });
        if (denied(q)) expect(denied(q + more)).toBe(true);
      }),
    );
  });

  it('is the same for a long as for its mirror image', () => {
    fc.assert(
      fc.property(shares, size, size, (held, quantity, live) => {
        expect(
          isDenied('R2', {
            terms: { ...buy(quantity), limitPrice: d(200) },
            positions: [position(aapl, held)],
            workingOrders: [working('BUY', live)],
          }),
        ).toBe(
          isDenied('R2', {
            terms: { ...sell(quantity), limitPrice: d(200) },
            positions: [position(aapl, -held)],
            workingOrders: [working('SELL', live)],
          }),
        );
      }),
    );
  });

  it('many orders of which each waits for approval cannot break the limit together', () => {
    fc.assert(
      fc.property(fc.array(size, { minLength: 1, maxLength: 12 }), (sizes) => {
        let reserved = 0;
        for (const quantity of sizes) {
          const reservations = reserved === 0 ? [] : [reservation('BUY', reserved)];
          const change = { terms: buy(quantity), ...none, ledger: { reservations } };
          if (!isDenied('R2', change)) reserved += quantity;
        }
        expect(reserved).toBeLessThanOrEqual(500);
      }),
    );
  });
});
