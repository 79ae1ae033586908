import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConId, IntentId } from '../../../../src/domain/ids.ts';
import type { Correlation, InstrumentFacts } from '../../../../src/domain/risk/facts.ts';
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
  type Change,
} from '../../gate-facts.ts';
import { isDenied, testRuleCases } from '../rule-cases.ts';

const buy = (quantity: number) => ({ side: 'BUY', quantity: d(quantity) }) as const;
const sell = (quantity: number) => ({ side: 'SELL', quantity: d(quantity) }) as const;
const third = 76792991 as ConId;
const ours = 'int_00000000000000000001' as IntentId;

const pair = (conId: ConId, coefficient: string | null): Correlation => ({
  conId,
  coefficient: coefficient === null ? null : d(coefficient),
  days: 60,
});
const facts = (correlations: readonly Correlation[], of: Partial<InstrumentFacts> = {}) => ({
  correlations: known(correlations),
  instruments: known([
    instrument,
    { ...instrument, conId: other, sector: 'Energy', ...of },
    { ...instrument, conId: third, sector: '' },
  ]),
});
/** The other instrument moves like AAPL as `coefficient` says; 1000 of it are held. */
const moving = (coefficient: string | null, change: Change = {}, held = 1000): Change => ({
  positions: [position(other, held)],
  ...change,
  facts: { ...facts([pair(other, coefficient)]), ...change.facts },
});

// 30 % of 1 000 000 at 200 is 1500 shares.
testRuleCases('R10', [
  {
    name: 'nothing else is held',
    change: { positions: [] },
    expect: { outcome: 'pass', observed: '0.001', limit: '0.3', share: '0.0034' },
  },
  {
    name: 'a coefficient below the threshold is another bet',
    change: moving('0.6999', { terms: buy(501) }),
    expect: { outcome: 'pass', observed: '0.1002' },
  },
  {
    name: 'a coefficient at the threshold is the same bet',
    change: moving('0.7', { terms: buy(501) }),
    expect: { outcome: 'deny', observed: '0.3002', share: '1.0007' },
  },
  {
    name: 'exactly at the limit',
    change: moving('0.9', { terms: buy(500) }),
    expect: { outcome: 'warn', observed: '0.3', share: '1' },
  },
  {
    name: 'exactly 80 %',
    change: moving('0.9', { terms: buy(200) }),
    expect: { outcome: 'warn', observed: '0.24', share: '0.8' },
  },
  {
    name: 'just below 80 %',
    change: moving('0.9', { terms: buy(199) }),
    expect: { outcome: 'pass', observed: '0.2398' },
  },
  {
    name: 'what moves against it is in the group as well',
    change: moving('-0.7', { terms: buy(501) }),
    expect: { outcome: 'deny', observed: '0.3002' },
  },
  {
    name: 'a short counts with its size',
    change: moving('0.9', { terms: buy(501) }, -1000),
    expect: { outcome: 'deny', observed: '0.3002' },
  },
  {
    name: 'a short sale counts with its size',
    change: moving('0.9', { terms: sell(501) }),
    expect: { outcome: 'deny', observed: '0.3002' },
  },
  {
    name: 'an unknown coefficient counts as one',
    change: moving(null, { terms: buy(501) }),
    expect: { outcome: 'deny', observed: '0.3002' },
  },
  {
    name: 'a coefficient that is not stated counts as one',
    change: moving('0', { terms: buy(501), facts: facts([]) }),
    expect: { outcome: 'deny' },
  },
  {
    name: 'the own instrument is in the group whatever is said of it',
    change: {
      terms: buy(501),
      positions: [position(aapl, 1000)],
      facts: facts([pair(aapl, '0')]),
    },
    expect: { outcome: 'deny', observed: '0.3002' },
  },
  {
    name: 'several rows of one instrument are one position',
    change: moving('0.9', {
      terms: buy(501),
      positions: [position(other, 300), position(other, 700)],
    }),
    expect: { outcome: 'deny', observed: '0.3002' },
  },
  {
    name: 'a working order of the group counts',
    change: moving('0.9', {
      terms: buy(501),
      positions: [],
      workingOrders: [working('SELL', 1000, { conId: other })],
    }),
    expect: { outcome: 'deny', observed: '0.3002' },
  },
  {
    name: 'a reservation of the group counts',
    change: moving('0.9', {
      terms: buy(501),
      positions: [],
      ledger: { reservations: [reservation('BUY', 1000, { conId: other })] },
    }),
    expect: { outcome: 'deny', observed: '0.3002' },
  },
  {
    name: 'a reservation that only the ledger knows counts',
    change: moving('0.9', {
      terms: buy(501),
      positions: [],
      ledger: { reservations: [reservation('BUY', 1000, { conId: 999 as ConId })] },
    }),
    expect: { outcome: 'deny', observed: '0.3002' },
  },
  {
    name: 'an order of ours that is reserved and live counts once',
    change: moving('0.9', {
      terms: buy(500),
      positions: [],
      ledger: { reservations: [reservation('BUY', 1000, { intentId: ours, conId: other })] },
      workingOrders: [working('BUY', 1000, { conId: other, orderRef: ours })],
    }),
    expect: { outcome: 'warn', observed: '0.3' },
  },
  {
    name: 'a position in another currency counts in base currency',
    change: moving('0.9', {
      terms: buy(251),
      facts: {
        ...facts([pair(other, '0.9')], { currency: 'EUR' as never }),
        exchangeRates: known([{ currency: 'EUR' as never, rate: d('1.25') }]),
      },
    }),
    expect: { outcome: 'deny', observed: '0.3002' },
  },
  {
    name: 'no rate of the currency of the group',
    change: moving('0.9', {
      facts: facts([pair(other, '0.9')], { currency: 'EUR' as never }),
    }),
    expect: { outcome: 'cannot-evaluate', missing: 'exchangeRates: no rate of EUR' },
  },
  {
    name: 'no price of what is not in the group',
    change: moving('0.1', { facts: facts([pair(other, '0.1')], { price: null }) }),
    expect: { outcome: 'pass' },
  },
  {
    name: 'a held instrument of which nothing is known',
    change: { positions: [position(999 as ConId, 1)] },
    expect: { outcome: 'cannot-evaluate' },
  },
  {
    name: 'an exit from a group that is too large',
    change: moving('0.9', {
      terms: sell(10),
      positions: [position(aapl, 2000), position(other, 2000)],
    }),
    expect: { outcome: 'pass', observed: 'exit', limit: 'none', share: null },
  },
  {
    name: 'an exit without correlations',
    change: { terms: sell(40), facts: { correlations: gone } },
    expect: { outcome: 'pass', observed: 'exit' },
  },
  {
    name: 'an "exit" that flips the position',
    change: { terms: sell(2001), positions: [position(aapl, 2000)] },
    expect: { outcome: 'deny' },
  },
  {
    name: 'net liquidation below zero',
    change: { portfolio: { netLiquidation: usd(-5) } },
    expect: { outcome: 'cannot-evaluate' },
  },
  {
    name: 'switched off',
    change: moving('0.9', {
      terms: buy(5000),
      rules: { correlation: { enabled: false, limit: d(0), minCoefficient: d(0) } },
    }),
    expect: { outcome: 'off' },
  },
  ...(['contract', 'portfolio', 'workingOrders', 'instruments', 'correlations'] as const).map(
    (name) => ({
      name: `no ${name}`,
      change: { facts: { [name]: gone } },
      expect: { outcome: 'cannot-evaluate', missing: `${name}: not there` } as const,
    }),
  ),
]);

describe('R10: property', () => {
  const shares = fc.integer({ min: -1500, max: 1500 });
  const size = fc.integer({ min: 1, max: 1500 });
  const coefficient = fc.oneof(
    fc.constant(null),
    fc.integer({ min: -100, max: 100 }).map((n) => String(n / 100)),
  );

  it('raising the quantity never turns a denial into a pass', () => {
    fc.assert(
      fc.property(fc.boolean(), size, size, coefficient, shares, (buys, q, more, c, held) => {
        const denied = (quantity: number): boolean =>
          isDenied('R10', moving(c, { terms: buys ? buy(quantity) : sell(quantity) }, held));
        if (denied(q)) expect(denied(q + more)).toBe(true);
      }),
    );
  });

  it('a working order or a reservation never turns a denial into a pass', () => {
    fc.assert(
      fc.property(size, coefficient, shares, fc.boolean(), size, (q, c, held, buys, live) => {
        const change = moving(c, { terms: buy(q) }, held);
        if (!isDenied('R10', change)) return;
        const side = buys ? 'BUY' : 'SELL';
        const workingOrders = [working(side, live, { conId: other })];
        expect(isDenied('R10', { ...change, workingOrders })).toBe(true);
        const ledger = { reservations: [reservation(side, live, { conId: other })] };
        expect(isDenied('R10', { ...change, ledger })).toBe(true);
      }),
    );
  });

  it('losing a coefficient never turns a denial into a pass', () => {
    fc.assert(
      fc.property(size, coefficient, shares, (q, c, held) => {
        const change = moving(c, { terms: buy(q) }, held);
        if (isDenied('R10', change)) {
          expect(isDenied('R10', moving(null, { terms: buy(q) }, held))).toBe(true);
        }
      }),
    );
  });
});
