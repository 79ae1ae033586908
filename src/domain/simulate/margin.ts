import type { Contract, OrderableSecType } from '../instrument/contract.ts';
import { fixed, Fixed, larger } from '../money/fixed.ts';
import { isWorth, type Worth } from '../risk/notional.ts';

/**
 * What margin a position asks for: our own estimate by Regulation T and IBKR's published figures for a position that
 * stands alone. The broker's own what-if is shown beside it. It knows no spreads, no cover by stock and no portfolio
 * margin: a hedged position asks for more here than at the broker.
 */

/** Of a position, unsigned, in one currency. */
export type Requirement = { readonly initial: Fixed; readonly maintenance: Fixed };
export const nothing: Requirement = { initial: new Fixed(0, 0), maintenance: new Fixed(0, 0) };

type Shares = {
  readonly initial: Fixed;
  readonly maintenanceLong: Fixed;
  readonly maintenanceShort: Fixed;
};

const zero = new Fixed(0, 0);
const one = new Fixed(1, 0);
const tenth = new Fixed(1, 1);
const fifth = new Fixed(2, 1);
const full: Shares = { initial: one, maintenanceLong: one, maintenanceShort: one };
const futureMaintenance = new Fixed(8, 2);

/** Shares of the value of a position. */
const sharesOf: Readonly<Record<Exclude<OrderableSecType, 'OPT' | 'CASH'>, Shares>> = {
  STK: {
    initial: new Fixed(5, 1),
    maintenanceLong: new Fixed(25, 2),
    maintenanceShort: new Fixed(3, 1),
  },
  FUT: {
    initial: tenth,
    maintenanceLong: futureMaintenance,
    maintenanceShort: futureMaintenance,
  },
  CRYPTO: full,
  BOND: full,
};

/** Of each balance in a foreign currency, both margins. */
export const currencyShare = new Fixed(3, 2);

/** What prices a position: per unit of multiplier, in the contract's currency. */
export type Pricing = {
  readonly contract: Contract;
  readonly secType: Exclude<OrderableSecType, 'CASH'>;
  readonly price: Fixed;
  /** Value of one unit per 1.00 of price. */
  readonly unit: Fixed;
  /** Price of the underlying of an option. */
  readonly underlying: Worth;
};

/** What a signed position asks for, in the contract's currency; missing where a short option lacks what it takes. */
export function requirementOf(
  position: Fixed,
  pricing: Pricing,
): Requirement | { readonly missing: string } {
  const { secType, price, unit } = pricing;
  if (position.isZero()) return nothing;
  const size = position.abs().times(unit);
  if (secType !== 'OPT') {
    const value = size.times(price);
    const shares = sharesOf[secType];
    return {
      initial: value.times(shares.initial),
      maintenance: value.times(
        position.isNegative() ? shares.maintenanceShort : shares.maintenanceLong,
      ),
    };
  }
  const each = position.isNegative() ? nakedPrice(pricing) : price;
  if (!isWorth(each)) return each;
  const required = size.times(each);
  return { initial: required, maintenance: required };
}

/**
 * Per unit of multiplier of a short option: the premium plus the larger of 20 % of the underlying less what the
 * option is out of the money, and 10 % of the underlying (call) or of the strike (put).
 */
function nakedPrice({ contract, price, underlying }: Pricing): Worth {
  const { strike, right } = contract;
  if (strike === undefined || right === undefined) {
    return { missing: 'contract: the strike and right of the option' };
  }
  if (!isWorth(underlying)) return underlying;
  const struck = fixed(strike);
  const isCall = right === 'C';
  const outOfTheMoney = larger(zero, isCall ? struck.minus(underlying) : underlying.minus(struck));
  const least = (isCall ? underlying : struck).times(tenth);
  return price.plus(larger(underlying.times(fifth).minus(outOfTheMoney), least));
}
