import type { ContractDetails, SecType } from '../instrument/contract.ts';
import type { ConId } from '../ids.ts';
import { fixed, Fixed, larger } from '../money/fixed.ts';
import type { Currency } from '../money/money.ts';
import { isKnown, type GateFacts, type InstrumentFacts, type Missing } from './facts.ts';

/**
 * What a quantity of any kind of instrument is worth: the one home of multipliers, magnifiers and deltas. Nothing in
 * here rounds but the quotient of a magnifier that is no power of ten (12 decimals, up). A price, rate, multiplier or
 * delta that is not there is missing, never 0 or 1.
 */

const zero = new Fixed(0, 0);
const one = new Fixed(1, 0);

/**
 * A bond is 1,000 of face and quoted in per cent of it, so 1.00 of price is 10 of currency. IBKR states no
 * multiplier for bonds; a larger stated one wins.
 */
const bondUnit = new Fixed(10, 0);

/** What one unit is worth per 1.00 of price where the broker states nothing; null where it always has to. */
const unitByNature: Readonly<Record<SecType, Fixed | null>> = {
  STK: one,
  OPT: null,
  FUT: null,
  CASH: one,
  CRYPTO: one,
  BOND: bondUnit,
  IND: one,
};

/** Either a number or why there is none. */
export type Worth = Fixed | Missing;

/** Whether a number is there. */
export function isWorth(worth: Worth): worth is Fixed {
  return worth instanceof Fixed;
}

/** Value of one unit per 1.00 of quoted price, in the contract's currency: multiplier ÷ price magnifier. */
export function unitWorth({ contract, priceMagnifier }: ContractDetails): Worth {
  const { secType, multiplier } = contract;
  const unit = unitOf(secType, multiplier === undefined ? null : fixed(multiplier));
  if (!isWorth(unit) || priceMagnifier === 1) return unit;
  if (!Number.isSafeInteger(priceMagnifier) || priceMagnifier < 1) {
    return { missing: 'the price magnifier of the instrument' };
  }
  return unit.dividedBy(new Fixed(priceMagnifier, 0), 12, 'up');
}

function unitOf(secType: SecType, stated: Fixed | null): Worth {
  const natural = unitByNature[secType];
  if (stated !== null && !stated.isPositive())
    return { missing: `the multiplier of the ${secType}` };
  if (stated === null) return natural ?? { missing: `the multiplier of the ${secType}` };
  return secType === 'BOND' ? larger(stated, bondUnit) : stated;
}

/** The row of an instrument. */
export function instrumentOf(
  conId: ConId,
  { instruments }: Pick<GateFacts, 'instruments'>,
): InstrumentFacts | Missing {
  if (!isKnown(instruments)) return { missing: `instruments: ${instruments.missing}` };
  let byConId = rowsByConId.get(instruments.value);
  if (byConId === undefined) {
    // Of two rows of one instrument the first counts.
    byConId = new Map(instruments.value.toReversed().map((row) => [row.conId, row]));
    rowsByConId.set(instruments.value, byConId);
  }
  return byConId.get(conId) ?? { missing: `instruments: nothing is known of contract ${conId}` };
}

/** Rows are looked up for every position of an account: found once, they are remembered with the facts. */
const rowsByConId = new WeakMap<readonly InstrumentFacts[], ReadonlyMap<ConId, InstrumentFacts>>();

/** Units of base currency per unit of a currency: 1 for the base currency itself, else a stated rate above zero. */
export function rateOf(
  currency: Currency,
  { exchangeRates, portfolio }: Pick<GateFacts, 'exchangeRates' | 'portfolio'>,
): Worth {
  if (isKnown(portfolio) && portfolio.value.baseCurrency === currency) return one;
  if (!isKnown(exchangeRates)) return { missing: `exchangeRates: ${exchangeRates.missing}` };
  const found = exchangeRates.value.find((row) => row.currency === currency);
  const rate = found === undefined ? zero : fixed(found.rate);
  return rate.isPositive() ? rate : { missing: `exchangeRates: no rate of ${currency}` };
}

/**
 * What stands for the risk of one unit long, in the instrument's currency, unsigned: price × multiplier; of an option
 * the larger of that and |delta| × price of the underlying × multiplier.
 */
function riskPerUnit(instrument: InstrumentFacts): Worth {
  const { secType, conId, price } = instrument;
  const unit = unitOf(secType, fixed(instrument.multiplier));
  if (!isWorth(unit)) return unit;
  const quoted = price === null ? null : fixed(price);
  const isOption = secType === 'OPT';
  // IBKR says 0 where it knows no price. An option can really be worth that, and its delta still counts.
  if (quoted === null || quoted.isNegative() || (quoted.isZero() && !isOption)) {
    return { missing: `instruments: no price of contract ${conId}` };
  }
  if (!isOption) return quoted.times(unit);
  const moved = deltaPrice(instrument);
  return isWorth(moved) ? larger(quoted, moved).times(unit) : moved;
}

/**
 * The price that stands for the risk of an order in an instrument at a price of its own: that price, and of an option
 * the larger of it and |delta| × price of the underlying. Per unit of multiplier, unsigned.
 */
export function riskPrice(
  secType: SecType,
  conId: ConId,
  price: Fixed,
  facts: Pick<GateFacts, 'instruments'>,
): Worth {
  if (secType !== 'OPT') return price;
  const row = instrumentOf(conId, facts);
  const moved = 'missing' in row ? row : deltaPrice(row);
  return isWorth(moved) ? larger(price, moved) : moved;
}

/**
 * |delta| × price of the underlying: the price of as much of the underlying as moves like one option, per unit of
 * multiplier. A delta beyond -1..1 is none: IBKR says -2 for one that it has not worked out.
 */
export function deltaPrice(
  row: Pick<InstrumentFacts, 'conId' | 'delta' | 'underlyingPrice'>,
): Worth {
  const size = row.delta === null ? null : fixed(row.delta).abs();
  if (size === null || size.gt(one)) {
    return { missing: `instruments: no delta of contract ${row.conId}` };
  }
  const underlying = underlyingOf(row);
  return isWorth(underlying) ? size.times(underlying) : underlying;
}

/** Price of the underlying of an option, above zero. */
export function underlyingOf({
  conId,
  underlyingPrice,
}: Pick<InstrumentFacts, 'conId' | 'underlyingPrice'>): Worth {
  const price = underlyingPrice === null ? zero : fixed(underlyingPrice);
  if (price.isPositive()) return price;
  return { missing: `instruments: no price of the underlying of contract ${conId}` };
}

/**
 * What stands for the risk of a quantity, in base currency, with the sign of the quantity (a long put is positive:
 * this says how much, not which way). Nothing is worth nothing, whatever else is missing.
 */
export function riskValue(
  instrument: InstrumentFacts,
  quantity: Fixed,
  facts: Pick<GateFacts, 'exchangeRates' | 'portfolio'>,
): Worth {
  if (quantity.isZero()) return zero;
  const unit = riskPerUnit(instrument);
  if (!isWorth(unit)) return unit;
  const rate = rateOf(instrument.currency, facts);
  return isWorth(rate) ? quantity.times(unit).times(rate) : rate;
}
