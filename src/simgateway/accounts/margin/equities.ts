// Reg T for stocks and their options, per underlying. Stocks: 50 % initial, 25 % maintenance, short 30 %
// and never below 2.50 a share (5.00 from a price of 5). Options: long pays its premium and needs none;
// short is covered by stock, then by a long option (maximum loss), else naked: 20 % of the underlying
// less what it is out of the money, at least 10 %. Naked calls and puts together ask the greater side
// plus the other's premium. Source: IBKR, "US Options Margin" and "US Stock Margin"; FINRA rule 4210.
import type { Instrument, Size } from '../../market/instrument.ts';
import { MICROS } from '../../market/money.ts';
import type { Micros } from '../../market/money.ts';
import { UNIT, valueOf } from '../value.ts';
import type { Holding, Margin, MarginFacts, MarginRule } from './margin-rule.ts';
import { percent, sumOf } from './margin-rule.ts';

/** One option line with what is left to pair. */
type Line = { instrument: Instrument; left: Size; price: Micros };

function stockMargin({ instrument, quantity, price, value }: Holding, facts: MarginFacts): Margin {
  if (value >= 0) return { init: percent(value, 50), maint: percent(value, 25) };
  const floorPrice = price < 5 * MICROS ? 2_500_000 : 5_000_000;
  const floor = facts.usd(valueOf(instrument, floorPrice, -quantity), instrument.currency);
  const maint = Math.max(percent(value, price < 5 * MICROS ? 100 : 30), floor);
  return { init: Math.max(percent(value, 50), maint), maint };
}

const inTheMoney = (i: Instrument, spot: Micros): Micros =>
  Math.max(0, i.right === 'C' ? spot - (i.strike ?? 0) : (i.strike ?? 0) - spot);
const outOfTheMoney = (i: Instrument, spot: Micros): Micros =>
  Math.max(0, i.right === 'C' ? (i.strike ?? 0) - spot : spot - (i.strike ?? 0));

/** Requirement per unit of price of a naked short option. */
function nakedPrice(i: Instrument, spot: Micros, premium: Micros): Micros {
  const least = percent(i.right === 'C' ? spot : (i.strike ?? spot), 10);
  return premium + Math.max(percent(spot, 20) - outOfTheMoney(i, spot), least);
}

/** What a short option can lose more than the long one that covers it, per unit of price. */
function spreadLoss(short: Instrument, long: Instrument): Micros {
  const width = (long.strike ?? 0) - (short.strike ?? 0);
  return Math.max(0, short.right === 'C' ? width : -width);
}

function isCover(long: Line, short: Line): boolean {
  const outlives = (long.instrument.expiry ?? '') >= (short.instrument.expiry ?? '');
  return long.instrument.right === short.instrument.right && long.left > 0 && outlives;
}

/** Pairs shorts with stock, then with longs; what stays is naked. */
function optionMargin(
  lines: readonly Line[],
  stock: Size,
  spot: Micros,
  facts: MarginFacts,
): Micros {
  const longs = lines.filter((l) => l.left > 0);
  let cover = stock;
  let paired = 0;
  const naked = { C: { required: 0, premium: 0 }, P: { required: 0, premium: 0 } };
  const money = (i: Instrument, price: Micros, size: Size) =>
    facts.usd(valueOf(i, price, size), i.currency);
  for (const short of lines.filter((l) => l.left < 0)) {
    const { instrument: i } = short;
    let open = -short.left;
    const direction = i.right === 'C' ? 1 : -1;
    const perContract = i.multiplier * direction;
    const covered = Math.min(open, Math.max(0, Math.floor(cover / perContract / UNIT) * UNIT));
    paired += money(i, inTheMoney(i, spot), covered);
    cover -= covered * perContract;
    open -= covered;
    const byLoss = longs
      .filter((long) => isCover(long, short))
      .sort((a, b) => spreadLoss(i, a.instrument) - spreadLoss(i, b.instrument));
    for (const long of byLoss) {
      const size = Math.min(open, long.left);
      paired += money(i, spreadLoss(i, long.instrument), size);
      long.left -= size;
      open -= size;
    }
    const side = naked[i.right ?? 'C'];
    side.required += money(i, nakedPrice(i, spot, short.price), open);
    side.premium += money(i, short.price, open);
  }
  const isCallSide = naked.C.required >= naked.P.required;
  const [greater, other] = isCallSide ? [naked.C, naked.P] : [naked.P, naked.C];
  return paired + greater.required + other.premium;
}

/** Margin of stocks, funds and their options. */
export const equities: MarginRule = {
  covers: (i) => i.secType === 'STK' || i.secType === 'OPT',
  of: (holdings, facts) => {
    const stocks = holdings.filter((h) => h.instrument.secType === 'STK');
    const margins = stocks.map((h) => stockMargin(h, facts));
    const byUnderlying = new Map<number, Holding[]>();
    for (const h of holdings) {
      if (h.instrument.secType !== 'OPT') continue;
      const key = h.instrument.underConId ?? h.instrument.conId;
      byUnderlying.set(key, [...(byUnderlying.get(key) ?? []), h]);
    }
    for (const [conId, options] of byUnderlying) {
      const first = options[0]?.instrument;
      if (first === undefined) continue;
      const held = stocks.find((h) => h.instrument.conId === conId);
      const spot = facts.underlying(first) ?? first.strike ?? 0;
      const lines = options.map((h) => ({
        instrument: h.instrument,
        left: h.quantity,
        price: h.price,
      }));
      const required = optionMargin(lines, held?.quantity ?? 0, spot, facts);
      margins.push({ init: required, maint: required });
    }
    return sumOf(margins);
  },
};
