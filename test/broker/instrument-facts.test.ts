import { describe, expect, it } from 'vitest';
import type { ConId } from '../../src/domain/ids.ts';
import type { Contract, ContractDetails } from '../../src/domain/instrument/contract.ts';
import type { Greeks } from '../../src/domain/instrument/snapshot.ts';
import { GatewayError } from '../../src/domain/errors.ts';
import type { Currency } from '../../src/domain/money/money.ts';
import type { Position } from '../../src/domain/portfolio/portfolio.ts';
import type { InstrumentFacts } from '../../src/domain/risk/facts.ts';
import type { Look } from '../../src/broker/ibkr/instruments.ts';
import { systemClock } from '../../src/broker/ibkr/clock.ts';
import { gatherInstruments } from '../../src/broker/ibkr/instrument-facts.ts';
import { contract, d, details, position, quote } from '../domain/gate-facts.ts';

const own = contract.conId;
const held = 7 as ConId;
const noGreeks: Greeks = {
  ...{ impliedVolatility: null, delta: null, gamma: null, vega: null },
  ...{ theta: null, underlyingPrice: null },
};

type Case = {
  readonly contract?: Partial<Contract>;
  readonly magnifier?: number;
  readonly position?: Partial<Position> | null;
  readonly look?: Look | null;
};

/** The row of something beside the order's own instrument, or undefined where it has none. */
async function rowOf(given: Case): Promise<InstrumentFacts | undefined> {
  const other: ContractDetails = {
    ...details,
    contract: { ...contract, conId: held, ...given.contract },
    priceMagnifier: given.magnifier ?? 1,
  };
  const deadline = { clock: systemClock, untilMs: systemClock.monotonicMs() + 5_000 };
  const positions = new Map(
    given.position === null ? [] : [[held, { ...position(held, 10), ...given.position }]],
  );
  const counted = {
    own,
    conIds: [held, own],
    positions,
    details: new Map([
      [own, details],
      [held, other],
    ]),
  };
  const look = given.look ?? null;
  const { value } = await gatherInstruments(deadline, counted, quote, () =>
    look === null
      ? Promise.reject(new GatewayError('BROKER_NO_ANSWER', 'no quote'))
      : Promise.resolve({ value: look, ageMs: 0, isCached: true }),
  );
  expect(value.find(({ conId }) => conId === own)).toMatchObject({ price: '200', multiplier: '1' });
  return value.find(({ conId }) => conId === held);
}

describe('the row of an instrument that is held or working', () => {
  it('has the price of its position and no look is taken', async () => {
    const row = await rowOf({ position: { marketPrice: d('12.5'), marketValue: d(125) } });
    expect(row).toMatchObject({ price: '12.5', multiplier: '1', delta: null });
  });

  // Ten shares at 4.20 pounds: 42 pounds.
  it.each([
    ['pence', '420'],
    ['pounds', '4.2'],
  ])('has a price as it is quoted where the account states it in %s', async (_name, stated) => {
    const row = await rowOf({
      contract: { currency: 'GBP' as Currency },
      magnifier: 100,
      position: { marketPrice: d(stated), marketValue: d(42) },
    });
    expect(row).toMatchObject({ price: '420', multiplier: '0.01', currency: 'GBP' });
  });

  it('also where it is short', async () => {
    const row = await rowOf({
      magnifier: 100,
      position: { quantity: d(-10), marketPrice: d('4.2'), marketValue: d(-42) },
    });
    expect(row).toMatchObject({ price: '420' });
  });

  it.each([
    ['a working order alone', null],
    ['a position whose price IBKR does not know', { marketPrice: d(0), marketValue: d(0) }],
  ])('is looked at with %s', async (_name, given) => {
    const look = { price: d('33.3'), greeks: null };
    expect(await rowOf({ position: given, look })).toMatchObject({ price: '33.3' });
    expect(await rowOf({ position: given, look: null })).toMatchObject({ price: null });
  });

  it('is left out where an option or a future does not state its multiplier', async () => {
    expect(await rowOf({ contract: { secType: 'OPT' } })).toBeUndefined();
    expect(await rowOf({ contract: { secType: 'FUT' } })).toBeUndefined();
    expect(await rowOf({ contract: { secType: 'BOND' } })).toMatchObject({ multiplier: '1' });
  });

  it.each([
    ['-0.4', '210', '-0.4', '210'],
    ['1', '210', '1', '210'],
    ['-2', '210', null, '210'],
    [null, null, null, null],
  ])('of an option with delta %s of %s says %s of %s', async (delta, price, seen, underlying) => {
    const greeks = {
      ...noGreeks,
      delta: delta === null ? null : d(delta),
      underlyingPrice: price === null ? null : d(price),
    };
    const row = await rowOf({
      contract: { secType: 'OPT', multiplier: d(100) },
      look: { price: d(3), greeks },
    });
    expect(row).toMatchObject({ multiplier: '100', delta: seen, underlyingPrice: underlying });
    // The account's price, not that of the look.
    expect(row?.price).toBe('200');
  });

  it('of an option that was not looked at in time has no delta and is there all the same', async () => {
    const option = { secType: 'OPT', multiplier: d(100) } as const;
    expect(await rowOf({ contract: option, look: null })).toMatchObject({
      ...{ delta: null, underlyingPrice: null, price: '200' },
    });
  });
});
