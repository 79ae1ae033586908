// The common forces behind prices. A row of an instrument names those that move it, with weights:
// `US:1 TECH:0.5 own:0.8`. `own` is the instrument's private noise.

/** A force by name with its weight; 1 is the force itself. */
export type Move = readonly [factor: string, weight: number];

/** Scale of each force's swings; 1 is the swing of a large stock by itself. */
export const FACTOR_SCALES: Readonly<Record<string, number>> = {
  US: 0.7,
  TECH: 0.6,
  SMALL: 0.5,
  ENERGY: 0.8,
  FINANCE: 0.5,
  HEALTH: 0.5,
  EUROPE: 0.6,
  ASIA: 0.7,
  RATES: 0.25,
  GOLD: 0.7,
  OIL: 1.3,
  GAS: 2,
  GRAIN: 0.9,
  COIN: 2.2,
  EUR: 0.3,
  GBP: 0.32,
  JPY: 0.38,
  CHF: 0.33,
  CAD: 0.25,
  AUD: 0.38,
  NZD: 0.38,
  HKD: 0.01,
  CNH: 0.12,
  SGD: 0.15,
  SEK: 0.4,
  NOK: 0.42,
  DKK: 0.3,
  MXN: 0.5,
  ZAR: 0.6,
  PLN: 0.4,
  HUF: 0.45,
  CZK: 0.35,
  TRY: 0.4,
  ILS: 0.35,
};

/** Parses `US:1 TECH:0.5 own:0.8`. Throws for a force that does not exist: a catalogue bug. */
export function parseMoves(text: string): Move[] {
  return text.split(' ').map((part) => {
    const [factor = '', weight = '1'] = part.split(':');
    if (factor !== 'own' && FACTOR_SCALES[factor] === undefined) {
      throw new Error(`no price factor '${factor}'`);
    }
    return [factor, Number(weight)];
  });
}

const BY_INDUSTRY: Readonly<Record<string, string>> = {
  Technology: 'US:1 TECH:0.8 own:0.9',
  Communications: 'US:1 TECH:0.5 own:0.8',
  'Consumer, Cyclical': 'US:1 own:0.9',
  'Consumer, Non-cyclical': 'US:0.6 HEALTH:0.6 own:0.7',
  Financial: 'US:0.9 FINANCE:0.9 own:0.6',
  Energy: 'US:0.6 ENERGY:1 OIL:0.3 own:0.5',
  Industrial: 'US:1 own:0.7',
  'Basic Materials': 'US:0.8 GOLD:0.3 own:0.9',
  Utilities: 'US:0.5 RATES:1 own:0.5',
};

/** What moves a stock of an industry, in the US or elsewhere. */
export function industryMoves(industry: string, region: 'US' | 'EUROPE' | 'ASIA'): Move[] {
  const text = BY_INDUSTRY[industry] ?? 'US:0.9 own:0.9';
  const moves = parseMoves(text);
  if (region === 'US') return moves;
  return moves.map(([f, w]) => (f === 'US' ? [region, w] : f === region ? [f, w] : [f, w * 0.6]));
}
