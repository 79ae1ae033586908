import { describe, expect, it } from 'vitest';
import { d, gone, known, type Change } from '../gate-facts.ts';
import { pair, simulate, type change, type Kind } from './kinds.ts';

describe('size against what is shown', () => {
  const stock: Kind = { contract: {}, row: {}, touch: ['199.9', '200.1', '200'] };
  const shown = (askSize: number | null, average: number | null = 1000): Change => ({
    quote: { askSize: askSize === null ? null : d(askSize), bidSize: d(0) },
    facts: {
      dailyVolume: average === null ? gone : known({ average: d(average), days: 20 }),
    },
  });
  const cases: readonly (readonly [string, Parameters<typeof change>, string, string])[] = [
    ['no more than is shown', [stock, 'BUY', 100, shown(100)], '200.1', '0'],
    // Half of it crosses another 0.10, and 100 of 1000 a day move the price by 1 %.
    ['twice as much', [stock, 'BUY', 200, shown(100)], '202.15', '102.5'],
    ['a side that shows no size shows nothing', [stock, 'BUY', 100, shown(null)], '202.2', '105'],
    ['more than a day trades', [stock, 'BUY', 2000, shown(0)], '220.2', '1005'],
    ['exactly what a day trades', [stock, 'BUY', 1000, shown(0)], '220.2', '1005'],
    ['an unknown volume is the worst', [stock, 'BUY', 100, shown(0, null)], '220.2', '1005'],
    ['so is a volume of nothing', [stock, 'BUY', 100, shown(0, 0)], '220.2', '1005'],
    ['a sale', [stock, 'SELL', 100, shown(0)], '197.8', '105'],
    [
      'a limit holds',
      [stock, 'BUY', 200, { ...shown(100), terms: { orderType: 'LMT', limitPrice: d(201) } }],
      '201',
      '45',
    ],
    [
      'an auction shows no size',
      [stock, 'BUY', 200, { ...shown(0), terms: { orderType: 'MOC' } }],
      '200',
      '0',
    ],
    ['currencies pay their spread alone', [pair, 'BUY', 100, shown(0, null)], '1.1002', '0.91'],
    [
      'never more than half of the price',
      [{ ...stock, touch: ['0.1', '1', '0.5'] }, 'SELL', 100, shown(0, null)],
      '0.05',
      '909.09',
    ],
  ];
  it.each(cases)('%s', (_name, given, fillPrice, impactBps) => {
    expect(simulate(...given)).toMatchObject({ fillPrice, impactBps });
  });

  it('counts at worst what it is reckoned to fill at, where that is beyond the collar', () => {
    expect(simulate(stock, 'BUY', 100, shown(0, null))).toMatchObject({ worstPrice: '220.2' });
  });
});
