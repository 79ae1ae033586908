// The currencies of the market: the long-run dollar value of one unit. Each is a price factor too.

/** US dollars per unit, on average. */
export const USD_PER_UNIT: Readonly<Record<string, number>> = {
  USD: 1,
  EUR: 1.085,
  GBP: 1.27,
  JPY: 0.0066,
  CHF: 1.13,
  CAD: 0.725,
  AUD: 0.66,
  NZD: 0.605,
  HKD: 0.1283,
  CNH: 0.1385,
  SGD: 0.745,
  SEK: 0.095,
  NOK: 0.0925,
  DKK: 0.1455,
  MXN: 0.0505,
  ZAR: 0.055,
  PLN: 0.25,
  HUF: 0.00275,
  CZK: 0.0432,
  TRY: 0.029,
  ILS: 0.27,
};
