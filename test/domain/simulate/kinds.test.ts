import { describe, expect, it } from 'vitest';
import { aapl, d, gone, known, money, position, usd } from '../gate-facts.ts';
import {
  bond,
  coin,
  eur,
  future,
  option,
  pair,
  pence,
  put,
  simulate,
  type change,
  type Kind,
} from './kinds.ts';

describe('what each kind moves', () => {
  const cases: readonly (readonly [string, Parameters<typeof change>, object])[] = [
    [
      'an option costs its premium, and counts by its delta',
      [option, 'BUY', 2],
      {
        ...{ status: 'ok', fillPrice: '4.1', grossAmount: '820', commission: '1.3' },
        ...{ cashChange: '-821.3', worstPrice: '4.141', deltaNotional: '16000' },
        ...{ worstNotional: '16000', worstNotionalBase: '16000', positionShareAfter: '0.016' },
        ...{ exposureBefore: '0', exposureAfter: '16000', initialMarginAfter: '50820' },
      },
    ],
    [
      'an option deep in the money counts by its premium',
      [{ ...option, row: { ...option.row, delta: d('0.0001') } }, 'BUY', 2],
      { deltaNotional: '4', worstNotional: '828.2' },
    ],
    [
      'a naked call asks for premium and 20 % less what it is out of the money',
      [option, 'SELL', 1],
      // 3.90 + max(40 − 10, 20) = 33.90 × 100
      {
        ...{ status: 'sells-without-position', cashChange: '389', fees: '0' },
        ...{ initialMarginAfter: '53390', maintenanceMarginAfter: '43390' },
      },
    ],
    [
      'a call far out of the money asks for 10 % of the underlying',
      [option, 'SELL', 1, { contract: { strike: d(240) } }],
      { initialMarginAfter: '52390' },
    ],
    [
      'exactly where both are the same',
      [option, 'SELL', 1, { contract: { strike: d(220) } }],
      { initialMarginAfter: '52390' },
    ],
    [
      'a put far out of the money asks for 10 % of its strike',
      [put, 'SELL', 1, { contract: { strike: d(150) } }],
      { initialMarginAfter: '51890' },
    ],
    ['a naked put', [put, 'SELL', 1], { initialMarginAfter: '53390' }],
    [
      'in the money adds nothing',
      [put, 'SELL', 1, { contract: { strike: d(250) } }],
      { initialMarginAfter: '54390' },
    ],
    [
      'a sale of what is held gives its premium back',
      [option, 'SELL', 1, { positions: [position(aapl, 3)] }],
      { status: 'ok', positionAfter: '2', initialMarginAfter: '49610' },
    ],
    [
      'a future moves no cash but its commission',
      [future, 'BUY', 1],
      {
        ...{ grossAmount: '300012.5', cashChange: '-2.25', cashAfter: '899997.75' },
        ...{ initialMarginAfter: '80001.25', maintenanceMarginAfter: '64001' },
        ...{ worstNotional: '303012.625', positionShareAfter: '0.3' },
      },
    ],
    [
      'a future sold short asks for the same share',
      [future, 'SELL', 1],
      { status: 'sells-without-position', initialMarginAfter: '79998.75' },
    ],
    [
      'a pair exchanges two currencies',
      [pair, 'BUY', 20_000],
      {
        ...{ grossAmount: '22002', commission: '2', cashChange: '-22004', cashAfter: '877996' },
        ...{ pairCashAfter: '20000', initialMarginAfter: '50660.06' },
      },
    ],
    [
      'a pair is sold from the cash of its first currency',
      [pair, 'SELL', 20_000, { portfolio: { cash: [usd(0), money(20_000, 'EUR')] } }],
      { status: 'ok', pairCashAfter: '0', cashAfter: '21996', initialMarginAfter: '49340.06' },
    ],
    [
      'a unit more than there is',
      [pair, 'SELL', 20_001, { portfolio: { cash: [usd(0), money(20_000, 'EUR')] } }],
      { status: 'sells-without-position', pairCashAfter: '-1' },
    ],
    [
      'coins are paid in full',
      [coin, 'BUY', '0.5'],
      {
        ...{ grossAmount: '30005', commission: '54.009', cashChange: '-30059.009' },
        ...{ initialMarginAfter: '80005', maintenanceMarginAfter: '70005' },
      },
    ],
    [
      'a bond is quoted in per cent of 1,000',
      [bond, 'BUY', 3],
      { grossAmount: '2943', commission: '3', cashChange: '-2946', initialMarginAfter: '52943' },
    ],
    [
      'a share that is quoted in pence',
      [pence, 'BUY', 10, { details: { priceMagnifier: 100 } }],
      { fillPrice: '8010', grossAmount: '801', worstNotional: '809.01' },
    ],
  ];
  it.each(cases)('%s', (_name, given, expected) => {
    expect(simulate(...given)).toMatchObject(expected);
  });

  it('an exit from an option needs neither delta nor underlying', () => {
    const row = { ...option.row, delta: null, underlyingPrice: null };
    const blind = { ...option, row };
    const long = { positions: [position(aapl, 3)] };
    const short = { positions: [position(aapl, -3)] };
    expect(simulate(blind, 'SELL', 3, long)).toMatchObject({
      ...{ status: 'ok', deltaNotional: null, worstNotional: '1181.7', exposureAfter: null },
    });
    expect(simulate(blind, 'BUY', 3, short)).toMatchObject({
      ...{ status: 'ok', initialMarginAfter: '50000' },
    });
    const flipped = simulate(blind, 'SELL', 4, long);
    expect(flipped).toMatchObject({ status: 'no-facts' });
    expect(simulate(blind, 'BUY', 1)).toMatchObject({ status: 'no-facts' });
    const without = { facts: { instruments: gone } };
    expect(simulate(option, 'BUY', 1, without)).toMatchObject({ status: 'no-facts' });
    expect(simulate(option, 'SELL', 3, { ...long, ...without })).toMatchObject({ status: 'ok' });
  });
});

describe('beside the broker', () => {
  const whatIf = {
    ...{ initialMarginBefore: d(50_000), initialMarginAfter: d('50400'), warning: '' },
    ...{ maintenanceMarginBefore: null, maintenanceMarginAfter: null, equityWithLoanAfter: null },
    ...{ commission: d('0.35'), commissionCurrency: 'USD' },
  };
  const of = (more: object) =>
    simulate(bond, 'BUY', 1, {
      facts: { instruments: gone, whatIf: known({ ...whatIf, ...more }) },
    });

  it('shows by how much the broker differs', () => {
    expect(of({})).toMatchObject({
      ...{ whatIfInitialMarginAfter: '50400', initialMarginAfter: '50981' },
      ...{ marginDifference: '-581', commissionDifference: '-0.65' },
    });
  });

  it('compares nothing that the broker did not say or says in another currency', () => {
    expect(of({ initialMarginAfter: null, commission: null })).toMatchObject({
      ...{ whatIfInitialMarginAfter: null, marginDifference: null, commissionDifference: null },
    });
    expect(of({ commissionCurrency: 'EUR' })).toMatchObject({ commissionDifference: null });
    expect(of({ commissionCurrency: null })).toMatchObject({ commissionDifference: null });
  });

  it('has no gross exposure where a position cannot be valued', () => {
    expect(of({})).toMatchObject({ exposureBefore: '0', exposureAfter: null });
    const [held, more] = [position(aapl, 1), { facts: { instruments: gone } }];
    expect(simulate(bond, 'BUY', 1, { ...more, positions: [held] })).toMatchObject({
      ...{ exposureBefore: null, exposureAfter: null },
    });
  });

  it('leaves the maintenance margin out where the account states it in another currency', () => {
    const portfolio = { maintenanceMargin: money(0, 'CHF') };
    expect(simulate(bond, 'BUY', 1, { portfolio })).toMatchObject({ maintenanceMarginAfter: null });
  });

  it('counts a pair against the account currency by the currency that is foreign', () => {
    const yen: Kind = { ...pair, contract: { secType: 'CASH', symbol: 'USD', currency: eur } };
    const more = {
      fx: '1.1',
      facts: { exchangeRates: known([{ currency: eur, rate: d('1.1') }]) },
    };
    expect(simulate(yen, 'SELL', 1000, more)).toMatchObject({
      ...{ status: 'ok', cashAfter: '1098.0818', initialMarginAfter: '50036.2366994' },
    });
  });
});
