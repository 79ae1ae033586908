import { describe, expect, it } from 'vitest';
import { grossExposure } from '../../../src/domain/risk/book.ts';
import { exposureOf } from '../../../src/domain/risk/exposure.ts';
import { isWorth } from '../../../src/domain/risk/notional.ts';
import {
  aapl,
  d,
  gateCase,
  gone,
  instrument,
  known,
  money,
  other,
  position,
  working,
  type Change,
} from '../gate-facts.ts';

function isExit(change: Change): boolean {
  const { terms, facts } = gateCase(change);
  return exposureOf(terms, facts)?.isExit ?? false;
}

describe('an exit from a currency pair', () => {
  const pair = (held: number, euros: number, more: Change = {}): Change => ({
    ...more,
    contract: { secType: 'CASH', symbol: 'EUR' },
    portfolio: { cash: [money(euros, 'EUR')], positions: [position(aapl, held)] },
  });
  const sell = { terms: { side: 'SELL' as const, quantity: d(100) } };
  const buy = { terms: { quantity: d(100) } };

  it.each<readonly [string, Change, boolean]>([
    ['position and cash are there', pair(100, 100, sell), true],
    ['the cash is spent', pair(100, 99, sell), false],
    ['the broker reports less', pair(99, 100, sell), false],
    [
      'a sell that works needs the same cash',
      pair(200, 199, { ...sell, workingOrders: [working('SELL', 100)] }),
      false,
    ],
    ['a debt is paid back', pair(-100, -100, buy), true],
    ['more than the debt', pair(-100, -99, buy), false],
  ])('%s', (_name, change, expected) => {
    expect(isExit(change)).toBe(expected);
  });
});

describe('what is remembered', () => {
  it('is of these facts: others with the same account start anew', () => {
    const { terms, facts } = gateCase({ workingOrders: [working('BUY', 7)] });
    const first = exposureOf(terms, facts);
    expect(exposureOf(terms, facts)).toEqual(first);
    const moved = gateCase({ positions: [position(aapl, 41)], workingOrders: [] });
    expect(exposureOf(moved.terms, moved.facts)?.position.text()).toBe('41');
    expect(exposureOf(moved.terms, moved.facts)?.pendingBuys.text()).toBe('0');
    const elsewhere = exposureOf({ ...terms, conId: other }, facts);
    expect([elsewhere?.position.text(), elsewhere?.pendingBuys.text()]).toEqual(['0', '0']);
  });
});

describe('gross exposure', () => {
  const rows = known([instrument, { ...instrument, conId: other, price: d(10) }]);
  const held = [position(aapl, 40), position(other, -30), position(aapl, 2)];

  it('adds shorts to longs, and the rows of one instrument to each other', () => {
    const { facts } = gateCase({ positions: held, facts: { instruments: rows } });
    const gross = grossExposure(facts);
    expect(isWorth(gross) ? gross.text() : gross.missing).toBe('8700');
    const without = { ...facts, instruments: known([instrument]) };
    expect(grossExposure(without)).toHaveProperty('missing');
    expect(grossExposure(facts)).toEqual(gross);
  });

  it('cannot be told where one position cannot be valued', () => {
    const unpriced = known([instrument, { ...instrument, conId: other, price: null }]);
    for (const facts of [{ instruments: unpriced }, { instruments: gone }, { portfolio: gone }]) {
      const worth = grossExposure(gateCase({ positions: held, facts }).facts);
      expect(worth).toHaveProperty('missing');
    }
  });
});
