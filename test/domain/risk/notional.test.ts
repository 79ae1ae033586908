import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dec } from '../../../src/domain/money/decimal.ts';
import { fixed } from '../../../src/domain/money/fixed.ts';
import {
  instrumentOf,
  isWorth,
  rateOf,
  riskValue,
  unitWorth,
} from '../../../src/domain/risk/notional.ts';
import type { InstrumentFacts } from '../../../src/domain/risk/facts.ts';
import {
  aapl,
  d,
  details,
  gateCase,
  gone,
  instrument,
  known,
  money,
  other,
} from '../gate-facts.ts';

const eur = money(0, 'EUR').currency;
const option: Partial<InstrumentFacts> = {
  secType: 'OPT',
  multiplier: d(100),
  price: d(4),
  delta: d('-0.3'),
  underlyingPrice: d(200),
};

function risk(change: Partial<InstrumentFacts>, quantity = '2', facts = {}): string {
  const worth = riskValue({ ...instrument, ...change }, fixed(quantity), {
    ...gateCase().facts,
    ...facts,
  });
  return isWorth(worth) ? worth.text() : worth.missing;
}

describe('what a unit is worth per 1.00 of price', () => {
  const cases: readonly (readonly [string, object, number, string])[] = [
    ['a share', { secType: 'STK' }, 1, '1'],
    ['a share that is quoted in pence', { secType: 'STK' }, 100, '0.01'],
    ['an option', { secType: 'OPT', multiplier: d(100) }, 1, '100'],
    ['corn, quoted in cents', { secType: 'FUT', multiplier: d(5000) }, 100, '50'],
    ['a future of half a thing', { secType: 'FUT', multiplier: d('0.5') }, 1, '0.5'],
    ['a bond: per cent of 1,000', { secType: 'BOND' }, 1, '10'],
    ['a bond that states less', { secType: 'BOND', multiplier: d(1) }, 1, '10'],
    ['a bond that states more', { secType: 'BOND', multiplier: d(50) }, 1, '50'],
    ['a currency', { secType: 'CASH' }, 1, '1'],
    ['a coin', { secType: 'CRYPTO' }, 1, '1'],
    ['a magnifier of 3 rounds up', { secType: 'STK' }, 3, '0.333333333334'],
  ];
  it.each(cases)('%s', (_name, contract, priceMagnifier, expected) => {
    const worth = unitWorth({
      ...details,
      priceMagnifier,
      contract: { ...details.contract, ...contract },
    });
    expect(isWorth(worth) ? worth.text() : worth.missing).toBe(expected);
  });

  it.each([
    [{ secType: 'OPT' as const }, 1, 'multiplier'],
    [{ secType: 'FUT' as const }, 1, 'multiplier'],
    [{ secType: 'FUT' as const, multiplier: d(0) }, 1, 'multiplier'],
    [{ secType: 'STK' as const, multiplier: d(-1) }, 1, 'multiplier'],
    [{ secType: 'STK' as const }, 0, 'magnifier'],
    [{ secType: 'STK' as const }, 1.5, 'magnifier'],
    [{ secType: 'STK' as const }, Number.NaN, 'magnifier'],
  ])('cannot be told for %j, magnifier %d', (contract, priceMagnifier, missing) => {
    const changed = { ...details.contract, ...contract };
    expect(unitWorth({ ...details, priceMagnifier, contract: changed })).toEqual({
      missing: expect.stringContaining(missing) as string,
    });
  });
});

describe('what stands for the risk of a quantity', () => {
  const cases: readonly (readonly [string, Partial<InstrumentFacts>, string, string])[] = [
    ['shares', {}, '2', '400'],
    ['a short keeps its sign', {}, '-2', '-400'],
    ['an option by its delta', option, '2', '12000'],
    ['exactly as much premium as delta', { ...option, price: d(60) }, '2', '12000'],
    ['an option by its premium', { ...option, price: d(61) }, '2', '12200'],
    ['a short put', option, '-2', '-12000'],
    ['a worthless option', { ...option, price: d(0), delta: d(0) }, '2', '0'],
    ['a call with a delta of 1', { ...option, delta: d(1) }, '1', '20000'],
    ['a future', { secType: 'FUT', multiplier: d(50), price: d(6000) }, '-1', '-300000'],
    ['euros for dollars', { secType: 'CASH', price: d('1.1') }, '20000', '22000'],
    ['a bond', { secType: 'BOND', price: d('98.5') }, '3', '2955'],
    ['coins', { secType: 'CRYPTO', price: d(60000) }, '0.5', '30000'],
    ['nothing, though no price is known', { price: null }, '0', '0'],
  ];
  it.each(cases)('%s', (_name, change, quantity, expected) => {
    expect(risk(change, quantity)).toBe(expected);
  });

  const missing: readonly (readonly [string, Partial<InstrumentFacts>, string])[] = [
    ['no price', { price: null }, `no price of contract ${aapl}`],
    ['a price of 0, as IBKR says for none', { price: d(0) }, 'no price of contract'],
    ['a negative price', { price: d(-37) }, 'no price of contract'],
    ['an option with a negative price', { ...option, price: d(-1) }, 'no price of contract'],
    ['no delta', { ...option, delta: null }, `no delta of contract ${aapl}`],
    ['-2, as IBKR says for no delta yet', { ...option, delta: d(-2) }, 'no delta'],
    ['no price of the underlying', { ...option, underlyingPrice: null }, 'of the underlying'],
    ['0 as price of the underlying', { ...option, underlyingPrice: d(0) }, 'of the underlying'],
    ['a multiplier of 0', { secType: 'FUT', multiplier: d(0) }, 'the multiplier of the FUT'],
    ['no rate', { currency: eur }, 'no rate of EUR'],
  ];
  it.each(missing)('is missing for %s', (_name, change, text) => {
    expect(risk(change)).toContain(text);
  });

  it('is converted into base currency', () => {
    const rates = (rate: string) => ({ exchangeRates: known([{ currency: eur, rate: d(rate) }]) });
    expect(risk({ currency: eur }, '2', rates('1.1'))).toBe('440');
    expect(risk({ currency: eur }, '2', rates('0'))).toContain('no rate of EUR');
    expect(risk({ currency: eur }, '2', { exchangeRates: gone })).toBe('exchangeRates: not there');
  });

  it('the base currency needs no rate', () => {
    const facts = { ...gateCase().facts, exchangeRates: gone };
    expect(rateOf(instrument.currency, facts)).toMatchObject({ units: 1, scale: 0 });
    expect(rateOf(instrument.currency, { ...facts, portfolio: gone })).toHaveProperty('missing');
  });

  it('finds the row of an instrument, or says which is lacking', () => {
    const { facts } = gateCase();
    expect(instrumentOf(aapl, facts)).toBe(instrument);
    expect(instrumentOf(other, facts)).toHaveProperty('missing');
    expect(instrumentOf(aapl, { instruments: gone })).toEqual({
      missing: 'instruments: not there',
    });
  });
});

describe('properties', () => {
  const price = fc.integer({ min: 1, max: 10_000_000 }).map((n) => d(n / 1000));
  const anyRow = fc.record({
    secType: fc.constantFrom('STK', 'OPT', 'FUT', 'CASH', 'CRYPTO', 'BOND'),
    multiplier: fc.constantFrom(d(1), d(50), d(100), d('0.01')),
    price,
    delta: fc.integer({ min: -1000, max: 1000 }).map((n) => d(n / 1000)),
    underlyingPrice: price,
  });
  const size = fc.integer({ min: -1_000_000, max: 1_000_000 });

  it('agrees with the decimal oracle to the last digit', () => {
    fc.assert(
      fc.property(anyRow, size, (row, quantity) => {
        const { secType, multiplier } = row;
        const unit = secType === 'BOND' && dec(multiplier).lt(10) ? dec(10) : dec(multiplier);
        const moved = dec(row.delta).abs().times(row.underlyingPrice);
        const each = secType === 'OPT' && moved.gt(row.price) ? moved : dec(row.price);
        const expected = each.times(unit).times(quantity);
        expect(risk(row, String(quantity))).toBe(expected.isZero() ? '0' : expected.toFixed());
      }),
    );
  });

  it('more of either sign is never worth less', () => {
    fc.assert(
      fc.property(anyRow, fc.nat(1000), fc.nat(1000), (row, quantity, more) => {
        const of = (n: number) => dec(risk(row, String(n)));
        expect(of(quantity + more).gte(of(quantity))).toBe(true);
        expect(of(-quantity).eq(of(quantity).neg())).toBe(true);
      }),
    );
  });
});
