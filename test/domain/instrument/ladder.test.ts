import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isOnLot,
  isOnTick,
  nearestLots,
  nearestTicks,
} from '../../../src/domain/instrument/ladder.ts';
import { d, details } from '../gate-facts.ts';

const ladder = details.priceIncrements;
const lots = (minSize: string, sizeIncrement: string) => ({
  minSize: d(minSize),
  sizeIncrement: d(sizeIncrement),
});

describe('price ladder', () => {
  it('takes the increment of the price, not the smallest of all', () => {
    expect(isOnTick(d('189.5'), ladder)).toBe(true);
    expect(isOnTick(d('189.505'), ladder)).toBe(false);
    expect(isOnTick(d('0.9999'), ladder)).toBe(true);
    expect(isOnTick(d('0.99995'), ladder)).toBe(false);
    expect(isOnTick(d('1'), ladder)).toBe(true);
    expect(isOnTick(d('1.0001'), ladder)).toBe(false);
  });

  it('names the neighbours, across a step too', () => {
    expect(nearestTicks(d('189.505'), ladder)).toEqual({ below: '189.5', above: '189.51' });
    expect(nearestTicks(d('189.5'), ladder)).toEqual({ below: '189.5', above: '189.5' });
    expect(nearestTicks(d('0.99995'), ladder)).toEqual({ below: '0.9999', above: '1' });
    expect(nearestTicks(d('0.00005'), ladder)).toEqual({ below: null, above: '0.0001' });
  });

  it('does not step over an edge that is no multiple of the increment below it', () => {
    const odd = [
      { lowEdge: d(0), increment: d('0.3') },
      { lowEdge: d(1), increment: d('0.5') },
    ];
    expect(nearestTicks(d('0.95'), odd)).toEqual({ below: '0.9', above: '1' });
    expect(isOnTick(d(1), odd)).toBe(true);
  });

  it('refuses a ladder that is none', () => {
    expect(isOnTick(d(1), [])).toBe(false);
    expect(isOnTick(d(1), [{ lowEdge: d(0), increment: d(0) }])).toBe(false);
    expect(() => nearestTicks(d(1), [])).toThrow(RangeError);
    expect(() => nearestTicks(d(1), [{ lowEdge: d(0), increment: d(0) }])).toThrow(RangeError);
  });

  it('neighbours are valid, enclose the price and are the price where it is valid', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50_000_000 }), (n) => {
        const price = d(n / 100_000);
        const { below, above } = nearestTicks(price, ladder);
        expect(isOnTick(above, ladder)).toBe(true);
        expect(Number(above)).toBeGreaterThanOrEqual(Number(price));
        if (below !== null) {
          expect(isOnTick(below, ladder)).toBe(true);
          expect(Number(below)).toBeLessThanOrEqual(Number(price));
        }
        expect(below === above).toBe(isOnTick(price, ladder));
      }),
    );
  });
});

describe('lots', () => {
  it('must be large enough and a multiple', () => {
    expect(isOnLot(d(5), lots('1', '1'))).toBe(true);
    expect(isOnLot(d('5.5'), lots('1', '1'))).toBe(false);
    expect(isOnLot(d('0.0001'), lots('0.0001', '0.0001'))).toBe(true);
    expect(isOnLot(d(50), lots('100', '1'))).toBe(false);
    expect(isOnLot(d(150), lots('100', '100'))).toBe(false);
    expect(isOnLot(d(5), lots('1', '0'))).toBe(false);
  });

  it('names the neighbours', () => {
    expect(nearestLots(d('5.5'), lots('1', '1'))).toEqual({ below: '5', above: '6' });
    expect(nearestLots(d(50), lots('100', '100'))).toEqual({ below: null, above: '100' });
    expect(nearestLots(d('0.5'), lots('1', '1'))).toEqual({ below: null, above: '1' });
    expect(() => nearestLots(d(1), lots('1', '0'))).toThrow(RangeError);
  });
});
