// What an instrument is worth at a node: its long-run level moved by common forces and its own noise.
// Related instruments share forces, so funds follow their index and currencies stay consistent.
import { busyOf } from './busy-shape.ts';
import type { Busy } from './busy-shape.ts';
import { FACTOR_SCALES } from './factors.ts';
import { USD_PER_UNIT } from './currencies.ts';
import { instrumentByConId } from './contract-book.ts';
import { carryOf } from './futures.ts';
import type { Instrument } from './instrument.ts';
import { optionLevel, yearsLeft } from './option-model.ts';
import { NODE_MS, NoisePath } from './noise.ts';

type Mover = { path: NoisePath; weight: number; busy: Busy };

/** A level never falls below this part of its base, however the swings add up. */
const FLOOR = 0.1;
/** Ids of the forces lie below every contract id. */
const factorId = new Map(Object.keys(FACTOR_SCALES).map((name, n) => [name, -1000 - n]));
const AROUND_THE_CLOCK = new Set('COIN RATES GOLD OIL GAS GRAIN'.split(' '));

function factorCalendar(name: string): string {
  if (AROUND_THE_CLOCK.has(name)) return 'GLOBEX';
  if (name.length === 3 && name !== 'OWN') return 'FOREX';
  return name === 'EUROPE' ? 'IBIS' : name === 'ASIA' ? 'TSEJ' : 'US';
}

/** Model values of one seed, in micros of the instrument's currency, not yet rounded to ticks. */
export class PriceModel {
  private readonly seed: number;
  private readonly forces = new Map<string, Mover>();
  private readonly movers = new Map<number, Mover[]>();

  constructor(seed: number) {
    this.seed = seed;
  }

  /** The level at a node (`floor(UTC ms / NODE_MS)`). */
  level(i: Instrument, node: number): number {
    const instant = node * NODE_MS;
    switch (i.secType) {
      case 'OPT':
        return optionLevel(i, this.underLevel(i, node), instant);
      case 'FUT':
        return this.moved(i, node) * (1 + (carryOf(i) / 1_000_000) * yearsLeft(i, instant));
      case 'CASH':
        return (this.rate(i.symbol, instant) / this.rate(i.currency, instant)) * 1_000_000;
      default:
        return this.moved(i, node);
    }
  }

  /** Level of an option's underlying at a node. */
  underLevel(i: Instrument, node: number): number {
    const under = instrumentByConId(i.underConId ?? 0);
    return under === undefined ? (i.strike ?? i.basePrice) : this.level(under, node);
  }

  private rate(currency: string, instant: number): number {
    return this.usdPerUnit(currency, instant) ?? 1;
  }

  private moved(i: Instrument, node: number): number {
    let ppm = 0;
    for (const m of this.moversOf(i)) {
      ppm += m.path.at(node, m.busy(node * NODE_MS)) * m.weight;
    }
    return i.basePrice * Math.max(FLOOR, 1 + ppm / 1_000_000);
  }

  /** US dollars per unit of a currency at an instant; undefined for a currency it does not know. */
  usdPerUnit(currency: string, instant: number): number | undefined {
    const base = USD_PER_UNIT[currency];
    if (base === undefined || currency === 'USD') return base;
    const node = Math.floor(instant / NODE_MS);
    const { path, busy } = this.force(currency);
    return base * (1 + path.at(node, busy(node * NODE_MS)) / 1_000_000);
  }

  private moversOf(i: Instrument): Mover[] {
    let found = this.movers.get(i.conId);
    if (found === undefined) {
      found = i.moves.map(([name, weight]) =>
        name === 'own'
          ? { path: new NoisePath(this.seed, i.conId, 1), weight, busy: busyOf(i.calendar) }
          : { ...this.force(name), weight },
      );
      this.movers.set(i.conId, found);
    }
    return found;
  }

  private force(name: string): Mover {
    let found = this.forces.get(name);
    if (found === undefined) {
      const path = new NoisePath(this.seed, factorId.get(name) ?? 0, FACTOR_SCALES[name] ?? 1);
      found = { path, weight: 1, busy: busyOf(factorCalendar(name)) };
      this.forces.set(name, found);
    }
    return found;
  }
}
