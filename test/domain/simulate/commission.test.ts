import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderableSecTypes } from '../../../src/domain/instrument/contract.ts';
import { fixed } from '../../../src/domain/money/fixed.ts';
import { isWorth } from '../../../src/domain/risk/notional.ts';
import {
  estimateCommission,
  regulatoryFees,
  type Charged,
} from '../../../src/domain/simulate/commission.ts';
import { money, usd } from '../gate-facts.ts';

const { currency } = usd(0);
const euro = money(0, 'EUR').currency;
type Given = Partial<Pick<Charged, 'secType' | 'currency' | 'side' | 'perDollar'>>;

function charged(quantity: string, price: string, unit = '1', given: Given = {}): Charged {
  const [q, p, u] = [fixed(quantity), fixed(price), fixed(unit)];
  return {
    ...{ secType: 'STK', currency, side: 'BUY', perDollar: () => fixed('1') },
    ...{ quantity: q, unit: u, gross: q.times(p).times(u) },
    ...given,
  };
}

function fee(...order: Parameters<typeof charged>): string {
  const found = estimateCommission(charged(...order));
  return isWorth(found) ? found.text() : found.missing;
}

describe('commission', () => {
  const option = { secType: 'OPT' } as const;
  const future = { secType: 'FUT' } as const;
  const pair = { secType: 'CASH' } as const;
  const coin = { secType: 'CRYPTO' } as const;
  const bond = { secType: 'BOND' } as const;
  const cases: readonly (readonly [string, Parameters<typeof charged>, string])[] = [
    ['stock: 0.005 a share', ['1000', '25'], '5'],
    ['stock: at least 1.00', ['100', '25'], '1'],
    ['stock: exactly the minimum', ['200', '25'], '1'],
    ['stock: a share above', ['201', '25'], '1.005'],
    ['stock: at most 1 % of the value', ['1000', '0.25'], '2.5'],
    ['stock: the maximum wins over the minimum', ['1', '50'], '0.5'],
    ['stock: rounded up to the fourth decimal', ['0.0001', '0.01'], '0.0001'],
    ['stock elsewhere: 0.1 %', ['100', '25', '1', { currency: euro }], '2.5'],
    ['option: at least 1.00', ['1', '4', '100', option], '1'],
    ['option: 0.65 a contract', ['2', '4', '100', option], '1.3'],
    ['option elsewhere: 1 % of the premium', ['2', '4', '100', { ...option, currency: euro }], '8'],
    ['future: 2.25 a contract', ['3', '6000', '50', future], '6.75'],
    ['future elsewhere: 1 bp', ['1', '5000', '10', { ...future, currency: euro }], '5'],
    ['pair: at least 2 dollars', ['20000', '1.1', '1', pair], '2'],
    ['pair: exactly the minimum', ['100000', '1', '1', pair], '2'],
    ['pair: 0.2 bps', ['1000000', '1.1', '1', pair], '22'],
    [
      'pair: the minimum in the currency of the pair',
      ['20000', '0.85', '1', { ...pair, currency: euro, perDollar: () => fixed('0.9') }],
      '1.8',
    ],
    [
      'pair: not without a rate of the dollar',
      [
        ...(['20000', '0.85', '1'] as const),
        { ...pair, currency: euro, perDollar: () => ({ missing: 'no rate' }) },
      ],
      'no rate',
    ],
    ['coins: 0.18 %', ['1', '60000', '1', coin], '108'],
    ['coins: at least 1.75', ['0.01', '60000', '1', coin], '1.75'],
    ['coins: at most 1 %', ['0.001', '60000', '1', coin], '0.6'],
    ['coins elsewhere: 0.18 %', ['1', '100', '1', { ...coin, currency: euro }], '0.18'],
    ['bond: at least 1.00', ['1', '98', '10', bond], '1'],
    ['bond: 0.1 % of the first 10,000 of face', ['10', '98', '10', bond], '10'],
    ['bond: 0.025 % of the rest', ['12', '98', '10', bond], '10.5'],
  ];
  it.each(cases)('%s', (_name, order, expected) => {
    expect(fee(...order)).toBe(expected);
  });

  it.each(orderableSecTypes)('%s: never falls as the quantity rises', (secType) => {
    const cents = fc.integer({ min: 1, max: 1_000_000 });
    fc.assert(
      fc.property(cents, cents, cents, (quantity, more, price) => {
        const of = (n: number) =>
          fixed(fee(String(n / 100), String(price / 100), '10', { secType }));
        expect(of(quantity + more).lt(of(quantity))).toBe(false);
      }),
    );
  });
});

describe('what regulators take', () => {
  const of = (...order: Parameters<typeof charged>) => regulatoryFees(charged(...order)).text();

  it('is a share of what a sale fetches, and a fee a share', () => {
    expect(of('100', '200', '1', { side: 'SELL' })).toBe('0.5755');
  });

  it('ends at 9.79 for the second part', () => {
    expect(of('50205', '1', '1', { side: 'SELL' })).toBe('11.1857');
    expect(of('50206', '1', '1', { side: 'SELL' })).toBe('11.1858');
  });

  it.each<Given>([
    { side: 'BUY' },
    { side: 'SELL', currency: euro },
    { side: 'SELL', secType: 'OPT' },
  ])('is nothing for %j', (given) => {
    expect(of('100', '200', '1', given)).toBe('0');
  });
});
