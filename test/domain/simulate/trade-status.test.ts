import { describe, expect, it } from 'vitest';
import { aapl, d, money, position, usd } from '../gate-facts.ts';
import { bond, coin, future, option, pair, simulate, type change } from './kinds.ts';

describe('statuses', () => {
  const cashAccount = (cash: string | number) => ({
    availableFunds: usd(1_000_000),
    buyingPower: usd(1_000_000),
    cash: [usd(cash)],
  });
  const cases: readonly (readonly [string, Parameters<typeof change>, string])[] = [
    ['whole steps', [bond, 'BUY', 3, { details: { sizeIncrement: d(1), minSize: d(1) } }], 'ok'],
    [
      'half a step',
      [bond, 'BUY', '2.5', { details: { sizeIncrement: d(1), minSize: d(1) } }],
      'invalid-quantity',
    ],
    [
      'less than the smallest',
      [bond, 'BUY', 4, { details: { sizeIncrement: d(1), minSize: d(5) } }],
      'invalid-quantity',
    ],
    [
      'exactly the smallest',
      [bond, 'BUY', 5, { details: { sizeIncrement: d(1), minSize: d(5) } }],
      'ok',
    ],
    ['nothing', [bond, 'BUY', 0], 'invalid-quantity'],
    ['less than nothing', [bond, 'BUY', -1], 'invalid-quantity'],
    ['no size step', [bond, 'BUY', 1, { details: { sizeIncrement: d(0) } }], 'no-facts'],
    [
      'a future without multiplier',
      [{ ...future, contract: { secType: 'FUT' } }, 'BUY', 1],
      'no-facts',
    ],
    ['an index', [{ ...bond, contract: { secType: 'IND' } }, 'BUY', 1], 'no-facts'],
    [
      'an option without strike, sold short',
      [{ ...option, contract: { secType: 'OPT', multiplier: d(100) } }, 'SELL', 1],
      'no-facts',
    ],
    [
      'a cash account pays to the last cent',
      [bond, 'BUY', 3, { portfolio: cashAccount(2946) }],
      'ok',
    ],
    [
      'a cash account owes nothing',
      [bond, 'BUY', 3, { portfolio: cashAccount('2945.99') }],
      'insufficient-cash',
    ],
    [
      'a margin account may owe',
      [bond, 'BUY', 3, { portfolio: { ...cashAccount(0), buyingPower: usd(4_000_000) } }],
      'ok',
    ],
    [
      'nobody owes for coins',
      [coin, 'BUY', '0.5', { portfolio: { ...cashAccount(0), buyingPower: usd(4_000_000) } }],
      'insufficient-cash',
    ],
    [
      'a cash account does not sell euros that it does not have',
      [
        pair,
        'SELL',
        10_000,
        { portfolio: { ...cashAccount(5), cash: [usd(5), money(9999, 'EUR')] } },
      ],
      'insufficient-cash',
    ],
    [
      'funds that just do',
      [future, 'BUY', 1, { portfolio: { availableFunds: usd('30003.5') } }],
      'ok',
    ],
    [
      'funds that are a cent short',
      [future, 'BUY', 1, { portfolio: { availableFunds: usd('30003.49') } }],
      'insufficient-funds',
    ],
    [
      'an exit needs no funds',
      [
        future,
        'SELL',
        1,
        {
          positions: [position(aapl, 1)],
          portfolio: { availableFunds: usd(-5), buyingPower: usd(0) },
        },
      ],
      'ok',
    ],
  ];
  it.each(cases)('%s', (_name, given, status) => {
    const [kind, side, quantity, more = {}] = given;
    const positions = more.positions ?? [];
    const portfolio = { ...more.portfolio, positions };
    expect(simulate(kind, side, quantity, { ...more, portfolio })).toMatchObject({ status });
  });
});
