import { describe, expect, it } from 'vitest';
import {
  aapl,
  d,
  gone,
  position,
  reservation,
  usd,
  working,
  type Change,
} from '../../gate-facts.ts';
import { judged, refusals } from './auto-case.ts';

/** 40 AAPL held and 5 bought at 200: 9 000 of 1 000 000. */
const refused = (limit: string, gate: Change = {}): boolean =>
  refusals({ gate, categories: { position_share: { limit } } }).includes('position_share');

describe('position share', () => {
  it.each([
    ['exactly at the limit', '0.009', {}, false],
    ['a hair above it', '0.0089999', {}, true],
    ['with what works', '0.011', { workingOrders: [working('BUY', 10)] }, false],
    ['with what works, above', '0.0109', { workingOrders: [working('BUY', 10)] }, true],
    [
      'with what is reserved',
      '0.0109',
      { ledger: { reservations: [reservation('BUY', 10)] } },
      true,
    ],
    [
      'a short counts like a long',
      '0.0069',
      { positions: [position(aapl, -40)], terms: { side: 'SELL' } },
      true,
    ],
    [
      'another instrument does not count',
      '0.009',
      { ledger: { reservations: [reservation('BUY', 10, { conId: 1 as never })] } },
      false,
    ],
    ['no portfolio', '1', { facts: { portfolio: gone } }, true],
    ['no working orders', '1', { facts: { workingOrders: gone } }, true],
    ['no quote to simulate by', '1', { facts: { quote: gone } }, true],
    ['nothing owned', '1', { portfolio: { netLiquidation: usd(0) } }, true],
    ['less than nothing', '1', { portfolio: { netLiquidation: usd(-5) } }, true],
    ['in another currency', '0.009', { fx: '2', terms: { quantity: d(5) } }, true],
  ] as const)('%s', (_name, limit, gate, isRefused) => {
    expect(refused(limit, gate)).toBe(isRefused);
  });

  it('shows the share rounded up', () => {
    const judgement = judged({ categories: { position_share: { limit: '0.5' } } });
    expect(judgement).toMatchObject({
      matched: expect.arrayContaining([
        { category: 'position_share', observed: '0.009', limit: '0.5' },
      ]) as unknown,
    });
  });
});
