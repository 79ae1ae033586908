// Options, made from their underlyings: strikes by interval rules around the long-run level, expiries
// by the calendar, any single contract from its id or its terms without listing a chain.
import { optionConId, optionParts } from './contract-ids.ts';
import { isMonthlyExpiry, isOptionExpiry, optionExpiries } from './expiries.ts';
import { expiryDay } from './futures.ts';
import type { Instrument, LiquidityClass } from './instrument.ts';
import { ruleFor } from './market-rules.ts';
import type { Micros } from './money.ts';
import { formatDay } from './new-york-time.ts';
import type { Day } from './new-york-time.ts';
import { OPTION_UNDERLYING_ROWS } from './rows/option-underlyings.ts';

type Right = 'C' | 'P';
/** An underlying with what its options share. */
export type OptionClass = {
  readonly index: number;
  readonly under: Instrument;
  readonly step: Micros;
  readonly impliedVol: number;
  readonly ruleId: number;
  readonly tradingClass: string;
  readonly calendar: string;
  readonly exchanges: readonly string[];
};

const MULTIPLIER = 100;
/** Strikes reach this part of the level to either side for monthly expiries, less for weekly ones. */
const MONTHLY_REACH = 0.5;
const WEEKLY_REACH = 0.25;
/** Near the level every step is a strike, further out every second. */
const DENSE_REACH = 0.15;
const KEPT = 50_000;

/** The options market over a catalogue of underlyings. */
export class OptionBook {
  readonly classes: readonly OptionClass[];
  private readonly bySymbol: ReadonlyMap<string, OptionClass>;
  private readonly byUnder: ReadonlyMap<number, OptionClass>;
  private readonly made = new Map<number, Instrument>();

  /** `byConId` finds the underlyings. Throws when a row names one that does not exist. */
  constructor(byConId: (conId: number) => Instrument | undefined) {
    this.classes = OPTION_UNDERLYING_ROWS.trim()
      .split('\n')
      .map((row, index) => {
        const [id, step, vol, rule, tradingClass, calendar, exchanges] = row.split('|');
        const under = byConId(Number(id));
        if (under === undefined) throw new Error(`no underlying ${id ?? ''}`);
        return {
          index,
          under,
          step: Math.round(Number(step) * 1_000_000),
          impliedVol: Number(vol),
          ruleId: ruleFor(rule ?? ''),
          tradingClass: tradingClass ?? '',
          calendar: calendar ?? '',
          exchanges: (exchanges ?? '').split(','),
        };
      });
    this.bySymbol = new Map(this.classes.map((c) => [c.under.symbol, c]));
    this.byUnder = new Map(this.classes.map((c) => [c.under.conId, c]));
  }

  /** Options on a symbol (SPY) or on a contract id. */
  classOf(under: string | number): OptionClass | undefined {
    return typeof under === 'string' ? this.bySymbol.get(under) : this.byUnder.get(under);
  }

  /** The option with this id, listed now or long expired. */
  byConId(conId: number): Instrument | undefined {
    const parts = optionParts(conId);
    const c = parts === undefined ? undefined : this.classes[parts.under];
    if (parts === undefined || c === undefined) return undefined;
    return this.option(c, parts.day, parts.strike * c.step, parts.right);
  }

  /** One option by its terms; undefined when there is no such strike or expiry. */
  option(c: OptionClass, day: Day, strike: Micros, right: Right): Instrument | undefined {
    const steps = strike / c.step;
    if (!Number.isInteger(steps) || steps <= 0 || steps >= 2048) return undefined;
    const conId = optionConId({ under: c.index, day, strike: steps, right });
    const known = this.made.get(conId);
    if (known !== undefined) return known;
    if (!isOptionExpiry(day) || !isStrike(c, day, steps)) return undefined;
    if (this.made.size >= KEPT) this.made.clear();
    const option = make(c, conId, day, strike, right);
    this.made.set(conId, option);
    return option;
  }

  /** Strikes of an expiry, ascending. */
  strikes(c: OptionClass, day: Day): Micros[] {
    const reach = isMonthlyExpiry(day) ? MONTHLY_REACH : WEEKLY_REACH;
    const found: Micros[] = [];
    const last = Math.ceil((c.under.basePrice * (1 + reach)) / c.step);
    for (let k = 1; k <= last; k += 1) if (isStrike(c, day, k)) found.push(k * c.step);
    return found;
  }

  /** Every option that some of the terms leave open, by expiry, strike and right. */
  matching(
    c: OptionClass,
    terms: { days: readonly Day[]; strike?: Micros | undefined; right?: Right | undefined },
  ): Instrument[] {
    const found: Instrument[] = [];
    const rights: Right[] = terms.right === undefined ? ['C', 'P'] : [terms.right];
    for (const day of terms.days) {
      const strikes = terms.strike === undefined ? this.strikes(c, day) : [terms.strike];
      for (const strike of strikes) {
        for (const right of rights) {
          const option = this.option(c, day, strike, right);
          if (option !== undefined) found.push(option);
        }
      }
    }
    return found;
  }

  /** The option of a 21-character symbol such as `AAPL  261218C00230000`. */
  byLocalSymbol(text: string): Instrument | undefined {
    const match = /^(.{6})(\d{6})([CP])(\d{8})$/.exec(text);
    if (match === null) return undefined;
    const [, root = '', date = '', right, strike] = match;
    const c = this.classes.find((k) => k.tradingClass === root.trimEnd());
    if (c === undefined) return undefined;
    return this.option(c, expiryDay(`20${date}`), Number(strike) * 1000, right as Right);
  }

  /** Expiries listed on a day, ascending. */
  expiries(today: Day): Day[] {
    return optionExpiries(today);
  }
}

function isStrike(c: OptionClass, day: Day, steps: number): boolean {
  const away = Math.abs((steps * c.step) / c.under.basePrice - 1);
  if (away > (isMonthlyExpiry(day) ? MONTHLY_REACH : WEEKLY_REACH)) return false;
  return away <= DENSE_REACH || steps % 2 === 0;
}

function make(c: OptionClass, conId: number, day: Day, strike: Micros, right: Right): Instrument {
  const away = Math.abs(strike / c.under.basePrice - 1);
  const expiry = formatDay(day);
  const digits = String(strike / 1000).padStart(8, '0');
  const liquidity: LiquidityClass = away < 0.05 ? 2 : away < 0.2 ? 3 : 4;
  return {
    conId,
    symbol: c.under.symbol,
    secType: 'OPT',
    stockType: '',
    localSymbol: `${c.tradingClass.padEnd(6)}${expiry.slice(2)}${right}${digits}`,
    tradingClass: c.tradingClass,
    exchange: 'SMART',
    primaryExch: '',
    validExchanges: c.exchanges,
    calendar: c.calendar,
    currency: c.under.currency,
    multiplier: MULTIPLIER,
    multiplierText: String(MULTIPLIER),
    priceMagnifier: 1,
    expiry,
    contractMonth: expiry.slice(0, 6),
    strike,
    right,
    underConId: c.under.conId,
    underSecType: c.under.secType,
    marketRuleId: c.ruleId,
    minSize: 1_000_000,
    sizeIncrement: 1_000_000,
    basePrice: Math.max(
      50_000,
      c.under.basePrice * (right === 'C' ? 1 : -1) - strike * (right === 'C' ? 1 : -1),
    ),
    liquidity,
    moves: [],
    longName: c.under.longName,
    industry: c.under.industry,
    category: c.under.category,
    subcategory: c.under.subcategory,
    secIds: [],
  };
}
