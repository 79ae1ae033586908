import { describe, expect, it } from 'vitest';
import {
  orderableSecTypes,
  secTypes,
  type SecType,
} from '../../../src/domain/instrument/contract.ts';
import { orderTypes, timesInForce, tifsOf } from '../../../src/domain/order/order-type.ts';
import { orderLots, secTypeProblems } from '../../../src/domain/order/sec-type-fit.ts';
import { d, details } from '../gate-facts.ts';

/** What each kind takes beside its own order types' times in force: written by hand from IBKR's pages. */
const takes: Readonly<Record<string, { types: string; tifs: string }>> = {
  STK: {
    types: 'MKT LMT STP STP_LMT TRAIL TRAIL_LIMIT MOC LOC MOO LOO',
    tifs: 'DAY GTC IOC GTD FOK OPG',
  },
  OPT: { types: 'MKT LMT STP STP_LMT TRAIL TRAIL_LIMIT MOO LOO', tifs: 'DAY GTC IOC GTD FOK OPG' },
  FUT: { types: 'MKT LMT STP STP_LMT TRAIL TRAIL_LIMIT MOC LOC', tifs: 'DAY GTC IOC GTD FOK' },
  CASH: { types: 'MKT LMT STP STP_LMT TRAIL TRAIL_LIMIT', tifs: 'DAY GTC IOC GTD FOK' },
  CRYPTO: { types: 'MKT LMT', tifs: 'IOC' },
  BOND: { types: 'MKT LMT', tifs: 'DAY GTC IOC GTD' },
};

describe('an order in a kind of instrument', () => {
  it.each(orderableSecTypes)('%s takes exactly these types and times in force', (secType) => {
    for (const orderType of orderTypes) {
      for (const tif of timesInForce) {
        if (!tifsOf(orderType).includes(tif)) continue;
        const fields = secTypeProblems({ side: 'SELL', orderType, tif }, secType).map(
          ({ field }) => field,
        );
        const { types, tifs } = takes[secType] ?? { types: '', tifs: '' };
        const isType = types.split(' ').includes(orderType.replace(' ', '_'));
        const isTif = tifs.split(' ').includes(tif);
        expect([orderType, tif, fields]).toEqual([
          orderType,
          tif,
          [...(isType ? [] : ['orderType']), ...(isTif ? [] : ['tif'])],
        ]);
      }
    }
  });

  it('buys coins at the market only with an amount of money, which is not taken', () => {
    const market = { orderType: 'MKT', tif: 'IOC' } as const;
    expect(secTypeProblems({ ...market, side: 'BUY' }, 'CRYPTO')).toMatchObject([
      { field: 'orderType' },
    ]);
    expect(secTypeProblems({ ...market, side: 'SELL' }, 'CRYPTO')).toEqual([]);
  });

  it('means the time in force of its type where it names none', () => {
    const limit = { side: 'BUY', orderType: 'LMT' } as const;
    expect(secTypeProblems(limit, 'CRYPTO')).toMatchObject([{ field: 'tif' }]);
    expect(secTypeProblems(limit, 'BOND')).toEqual([]);
  });

  it('of a kind that cannot be ordered is not looked at', () => {
    expect(secTypeProblems({ side: 'BUY', orderType: 'TRAIL', tif: 'GTC' }, 'IND')).toEqual([]);
  });
});

describe('lots', () => {
  const lots = (secType: SecType, minSize: string, sizeIncrement: string) => {
    const { minSize: least, sizeIncrement: step } = orderLots({
      ...details,
      ...{ minSize: d(minSize), sizeIncrement: d(sizeIncrement) },
      contract: { ...details.contract, secType },
    });
    return [least, step];
  };

  it.each(secTypes)('%s: fractions only of what the API takes in fractions', (secType) => {
    const isFraction = ['CASH', 'CRYPTO', 'IND'].includes(secType);
    expect(lots(secType, '0.0001', '0.0001')).toEqual(
      isFraction ? ['0.0001', '0.0001'] : ['1', '1'],
    );
    expect(lots(secType, '100', '10')).toEqual(['100', '10']);
  });
});
