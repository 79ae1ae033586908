// Option values by Black and Scholes, in floating point: model prices, rounded to ticks by whoever quotes
// them. Exponential and logarithm are written out here because engines differ in theirs by a bit, and
// the simulation promises the same bytes everywhere.

const LN2 = 0.6931471805599453;

/** e to the x, by range reduction and a series. */
function exp(x: number): number {
  if (x < -700) return 0;
  const k = Math.round(x / LN2);
  const r = x - k * LN2;
  let [term, sum] = [1, 1];
  for (let n = 1; n <= 16; n += 1) {
    term *= r / n;
    sum += term;
  }
  let scale = 1;
  for (let n = 0; n < Math.abs(k); n += 1) scale *= k > 0 ? 2 : 0.5;
  return sum * scale;
}

/** Natural logarithm of a positive number. */
export function log(x: number): number {
  let [m, k] = [x, 0];
  while (m > 1.5) [m, k] = [m / 2, k + 1];
  while (m < 0.75) [m, k] = [m * 2, k - 1];
  const t = (m - 1) / (m + 1);
  const square = t * t;
  let [power, sum] = [t, 0];
  for (let n = 1; n <= 31; n += 2) {
    sum += power / n;
    power *= square;
  }
  return 2 * sum + k * LN2;
}

const density = (x: number) => exp((-x * x) / 2) * 0.3989422804014327;

/** Normal distribution, to seven digits (Abramowitz and Stegun 26.2.17). */
function normal(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const poly =
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = density(x) * poly;
  return x >= 0 ? 1 - tail : tail;
}

/** What an option is priced from: prices in one unit, time in years, rates per year. */
export type OptionInputs = {
  readonly right: 'C' | 'P';
  readonly spot: number;
  readonly strike: number;
  readonly years: number;
  readonly vol: number;
  readonly rate: number;
};
/** Value and sensitivities: vega per point of volatility, theta per day. */
export type OptionValue = {
  readonly price: number;
  readonly delta: number;
  readonly gamma: number;
  readonly vega: number;
  readonly theta: number;
};

/** Value of a European option; at or after expiry what it pays. */
export function blackScholes(o: OptionInputs): OptionValue {
  const sign = o.right === 'C' ? 1 : -1;
  const spread = o.vol * Math.sqrt(Math.max(0, o.years));
  if (spread <= 0) {
    const pays = Math.max(0, sign * (o.spot - o.strike));
    return { price: pays, delta: pays > 0 ? sign : 0, gamma: 0, vega: 0, theta: 0 };
  }
  const discount = exp(-o.rate * o.years);
  const d1 = (log(o.spot / o.strike) + o.rate * o.years) / spread + spread / 2;
  const d2 = d1 - spread;
  const [n1, n2] = [normal(sign * d1), normal(sign * d2)];
  const slope = density(d1);
  const decay = (-o.spot * slope * o.vol) / (2 * Math.sqrt(o.years));
  return {
    price: Math.max(0, sign * (o.spot * n1 - o.strike * discount * n2)),
    delta: sign * n1,
    gamma: slope / (o.spot * spread),
    vega: (o.spot * slope * Math.sqrt(o.years)) / 100,
    theta: (decay - sign * o.rate * o.strike * discount * n2) / 365,
  };
}

/** Volatility at which the option is worth `price`; undefined when none between 0.1 % and 1000 % is. */
export function impliedVol(o: Omit<OptionInputs, 'vol'>, price: number): number | undefined {
  let [low, high] = [0.001, 10];
  const at = (vol: number) => blackScholes({ ...o, vol }).price;
  if (o.years <= 0 || price <= at(low) || price >= at(high)) return undefined;
  for (let n = 0; n < 60; n += 1) {
    const middle = (low + high) / 2;
    if (at(middle) < price) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
