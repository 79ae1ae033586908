// Contracts of every kind for tests of the engine: what the catalogue is to the real thing.
import type { Instrument } from '../../../src/simgateway/market/instrument.ts';

const base: Instrument = {
  conId: 1,
  symbol: 'AAA',
  secType: 'STK',
  stockType: 'COMMON',
  localSymbol: 'AAA',
  tradingClass: 'AAA',
  exchange: 'SMART',
  primaryExch: 'NASDAQ',
  validExchanges: ['SMART', 'NASDAQ'],
  calendar: 'US',
  currency: 'USD',
  multiplier: 1,
  multiplierText: '',
  priceMagnifier: 1,
  marketRuleId: 26,
  minSize: 1_000_000,
  sizeIncrement: 1_000_000,
  basePrice: 100_000_000,
  liquidity: 1,
  moves: [],
  longName: 'AAA CORP',
  industry: '',
  category: '',
  subcategory: '',
  secIds: [],
};

const option = (conId: number, right: 'C' | 'P', strike: number): Instrument => ({
  ...base,
  conId,
  secType: 'OPT',
  right,
  strike: strike * 1_000_000,
  expiry: '20260619',
  multiplier: 100,
  multiplierText: '100',
  underConId: 1,
  underSecType: 'STK',
  basePrice: 5_000_000,
});

export const AAA = base;
export const BBB: Instrument = { ...base, conId: 2, symbol: 'BBB', localSymbol: 'BBB' };
export const EURO: Instrument = {
  ...base,
  conId: 3,
  symbol: 'EEE',
  currency: 'EUR',
  primaryExch: 'IBIS',
};
export const CALL_100 = option(11, 'C', 100);
export const CALL_110 = option(12, 'C', 110);
export const PUT_100 = option(13, 'P', 100);
export const PUT_90 = option(14, 'P', 90);
export const ES: Instrument = {
  ...base,
  conId: 21,
  symbol: 'ES',
  secType: 'FUT',
  primaryExch: '',
  exchange: 'CME',
  expiry: '20260619',
  multiplier: 50,
  multiplierText: '50',
  basePrice: 5_000_000_000,
};
export const EURUSD: Instrument = {
  ...base,
  conId: 31,
  symbol: 'EUR',
  secType: 'CASH',
  exchange: 'IDEALPRO',
  primaryExch: '',
  basePrice: 1_100_000,
};
export const BTC: Instrument = {
  ...base,
  conId: 41,
  symbol: 'BTC',
  secType: 'CRYPTO',
  exchange: 'PAXOS',
  primaryExch: '',
  minSize: 100,
  sizeIncrement: 1,
  basePrice: 60_000_000_000,
};
export const BOND: Instrument = {
  ...base,
  conId: 51,
  symbol: 'CORP',
  secType: 'BOND',
  multiplier: 10,
  expiry: '20300101',
};

export const CONTRACTS: readonly Instrument[] = [
  ...[AAA, BBB, EURO, CALL_100, CALL_110, PUT_100, PUT_90, ES, EURUSD, BTC, BOND],
];
export const byConId = (conId: number) => CONTRACTS.find((i) => i.conId === conId);
