import { describe, expect, it } from 'vitest';
import { evaluateWithNearest } from '../../../src/domain/risk/nearest.ts';
import { d, gateCase, gone, recent, usd, type Change } from '../gate-facts.ts';

const base = gateCase().policy;

const nearest = (change: Change) => {
  const { terms, facts, policy } = gateCase(change);
  return evaluateWithNearest(terms, facts, policy).verdict.nearest;
};

describe('the nearest order that passes', () => {
  it('is not looked for where the order passes', () => {
    expect(nearest({})).toBeUndefined();
  });

  it('is the largest quantity at the same price', () => {
    // 250 × 200 is the limit of 50,000 exactly.
    expect(nearest({ terms: { quantity: d(400) } })).toEqual({
      kind: 'found',
      quantity: '250',
      limitPrice: '200',
      changes: ['quantity'],
    });
  });

  it('is the same quantity at the nearest price inside the collar', () => {
    // 100 bps around the mid of 200 end at 202.
    expect(nearest({ terms: { limitPrice: d(210) } })).toEqual({
      kind: 'found',
      quantity: '5',
      limitPrice: '202',
      changes: ['limitPrice'],
    });
    expect(nearest({ terms: { limitPrice: d('150.5') } })).toMatchObject({ limitPrice: '198' });
  });

  it('changes both where both are too far', () => {
    expect(nearest({ terms: { limitPrice: d(210), quantity: d(1000) } })).toEqual({
      kind: 'found',
      quantity: '247',
      limitPrice: '202',
      changes: ['quantity', 'limitPrice'],
    });
  });

  it('goes in the lots of the instrument', () => {
    const details = { minSize: d(100), sizeIncrement: d(100) };
    expect(nearest({ terms: { quantity: d(1000) }, details })).toMatchObject({ quantity: '200' });
    expect(nearest({ terms: { quantity: d(100), limitPrice: d(600) }, details })).toMatchObject({
      kind: 'found',
      quantity: '100',
    });
  });

  it('is none where a rule denies at every size and price, and says which', () => {
    const closed = { liquidHours: '20261124:CLOSED', tradingHours: '20261124:CLOSED' };
    expect(nearest({ details: closed })).toEqual({
      kind: 'none',
      why: 'R5 Trading hours: also at the smallest quantity',
    });
  });

  it('is none for a look-alike: a share less would only evade the rule', () => {
    const twin = { ledger: { recentIntents: [recent()] } };
    expect(nearest(twin)).toMatchObject({
      kind: 'none',
      why: expect.stringContaining('R15') as string,
    });
  });

  it('is none where facts are missing', () => {
    expect(nearest({ facts: { contract: gone } })).toEqual({
      kind: 'none',
      why: 'the contract is not known',
    });
    expect(nearest({ facts: { quote: gone } })).toMatchObject({ kind: 'none' });
  });

  it('is none where even one lot is too much', () => {
    const poor = { availableFunds: usd(10), buyingPower: usd(10) };
    expect(nearest({ portfolio: poor })).toMatchObject({
      kind: 'none',
      why: expect.stringContaining('R0') as string,
    });
  });

  it('ends on the last tick inside a collar that lies between two', () => {
    const rules = { price_collar: { ...base.rules.price_collar, limitBps: d(77) } };
    // 77 bps around 200 end at 198.46 and 201.54; in steps of 0.05 that is 198.50 and 201.50.
    const details = { priceIncrements: [{ lowEdge: d(0), increment: d('0.05') }] };
    const found = (limitPrice: string) =>
      nearest({ terms: { limitPrice: d(limitPrice) }, rules, details });
    expect(found('250')).toMatchObject({ limitPrice: '201.5' });
    expect(found('201.55')).toMatchObject({ limitPrice: '201.5' });
    expect(found('201.60')).toMatchObject({ limitPrice: '201.5' });
    expect(found('198.45')).toMatchObject({ limitPrice: '198.5' });
    expect(found('0.05')).toMatchObject({ limitPrice: '198.5' });
  });

  it('counts whole lots where the order is between two', () => {
    expect(nearest({ terms: { quantity: d('400.5') } })).toMatchObject({ quantity: '250' });
    const details = { minSize: d('0.5'), sizeIncrement: d(1) };
    expect(nearest({ terms: { quantity: d(400) }, details })).toMatchObject({ quantity: '250' });
  });

  it('is none where no lot is as small as the order', () => {
    const details = { minSize: d(100), sizeIncrement: d(100) };
    expect(nearest({ terms: { quantity: d(50), limitPrice: d(300) }, details })).toEqual({
      kind: 'none',
      why: 'no valid quantity is as small as this order',
    });
  });

  it.each(['0', '-1'])('is none where lots go in steps of %s', (step) => {
    const details = { sizeIncrement: d(step) };
    expect(nearest({ terms: { quantity: d(400) }, details })).toMatchObject({ kind: 'none' });
  });

  it.each([
    [[]],
    [
      [
        { lowEdge: d(0), increment: d(0) },
        { lowEdge: d(1), increment: d('0.01') },
      ],
    ],
  ])('changes no price on a ladder that cannot be used', (priceIncrements) => {
    const change = { terms: { limitPrice: d(250) }, details: { priceIncrements } };
    expect(nearest(change)).toMatchObject({ kind: 'none' });
  });

  it('names every rule that stands in the way', () => {
    const closed = { liquidHours: '20261124:CLOSED', tradingHours: '20261124:CLOSED' };
    const poor = { availableFunds: usd(10), buyingPower: usd(10) };
    expect(nearest({ details: closed, portfolio: poor })).toMatchObject({
      why: 'R0 Simulation, R5 Trading hours: also at the smallest quantity',
    });
  });

  it('has no price to change where the quote cannot be used', () => {
    const change = { terms: { limitPrice: d(250) }, quote: { bid: d(300), ask: d(200) } };
    expect(nearest(change)).toMatchObject({ kind: 'none' });
  });

  it('never names a fraction of what is ordered whole', () => {
    const details = { minSize: d('0.0001'), sizeIncrement: d('0.0001') };
    expect(nearest({ terms: { quantity: d(400) }, details })).toMatchObject({ quantity: '250' });
    expect(nearest({ terms: { quantity: d(400), limitPrice: d('200.5') }, details })).toMatchObject(
      { quantity: '249' },
    );
  });
});
