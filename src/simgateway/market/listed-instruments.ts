// The instruments that have a row of their own: stocks, funds, indices, currency pairs, coins, bonds.
// Each parser turns one table's rows into instruments; derivatives are made elsewhere.
import { hashedConId } from './contract-ids.ts';
import { USD_PER_UNIT } from './currencies.ts';
import { industryMoves, parseMoves } from './factors.ts';
import type { Move } from './factors.ts';
import type { Instrument, LiquidityClass } from './instrument.ts';
import { ruleFor, STOCK_INCREMENTS } from './market-rules.ts';
import { BOND_ROWS, CRYPTO_ROWS, FOREX_ROWS, INDEX_ROWS } from './rows/small-tables.ts';
import { US_ETF_ROWS } from './rows/us-etfs.ts';
import { US_STOCK_ROWS } from './rows/us-stocks.ts';
import { MORE_US_STOCK_ROWS } from './rows/us-stocks-more.ts';
import { WORLD_STOCK_ROWS } from './rows/world-stocks.ts';
import { cusipOf, isinCheck, usIsin } from './security-ids.ts';

const ONE = 1_000_000;
const US_EXCHANGES = 'SMART,AMEX,NYSE,CBOE,ARCA,NASDAQ,BATS,IEX,EDGEA,IBKRATS,OVERNIGHT'.split(',');
const micros = (text: string | undefined) => Math.round(Number(text) * ONE);
const grade = (text: string | undefined) => Number(text) as LiquidityClass;
const idOf = (given: string | undefined, text: string) =>
  given === undefined || given === '' ? hashedConId(text) : Number(given);

const BLANK: Instrument = {
  conId: 0,
  symbol: '',
  secType: 'STK',
  stockType: '',
  localSymbol: '',
  tradingClass: '',
  exchange: 'SMART',
  primaryExch: '',
  validExchanges: [],
  calendar: 'US',
  currency: 'USD',
  multiplier: 1,
  multiplierText: '',
  priceMagnifier: 1,
  marketRuleId: 26,
  minSize: ONE,
  sizeIncrement: ONE,
  basePrice: 0,
  liquidity: 1,
  moves: [],
  longName: '',
  industry: '',
  category: '',
  subcategory: '',
  secIds: [],
};

/** Rows under their `# heading` lines. */
function sections(rows: string): { heading: string[]; fields: string[] }[] {
  let heading: string[] = [];
  const found: { heading: string[]; fields: string[] }[] = [];
  for (const line of rows.trim().split('\n')) {
    if (line.startsWith('# ')) heading = line.slice(2).split('|');
    else found.push({ heading, fields: line.split('|') });
  }
  return found;
}
const lines = (rows: string) => sections(rows).map((s) => s.fields);

type UsListing = {
  id: string | undefined;
  symbol: string;
  primaryExch: string;
  price: string | undefined;
  liquidity: string | undefined;
  moves: readonly Move[];
  rest: Pick<Instrument, 'stockType' | 'industry' | 'category' | 'longName'>;
};

function usListing({
  id,
  symbol,
  primaryExch,
  price,
  liquidity,
  moves,
  rest,
}: UsListing): Instrument {
  const conId = idOf(id, `${symbol}@${primaryExch}`);
  return {
    ...BLANK,
    ...rest,
    conId,
    symbol,
    localSymbol: symbol,
    tradingClass: primaryExch === 'NASDAQ' ? 'NMS' : symbol,
    primaryExch,
    validExchanges: US_EXCHANGES,
    basePrice: micros(price),
    liquidity: grade(liquidity),
    moves,
    subcategory: rest.category,
    secIds: [['ISIN', usIsin(cusipOf(symbol, conId))]],
  };
}

function usStocks(): Instrument[] {
  return sections(US_STOCK_ROWS + MORE_US_STOCK_ROWS.trimStart()).map(
    ({ heading: [industry = '', category = ''], fields }) => {
      const [id, symbol = '', primaryExch = '', price, liquidity, longName = '', type] = fields;
      const rest = { stockType: type ?? 'COMMON', industry, category, longName };
      const moves = industryMoves(industry, 'US');
      return usListing({ id, symbol, primaryExch, price, liquidity, moves, rest });
    },
  );
}

function usFunds(): Instrument[] {
  return lines(US_ETF_ROWS).map(
    ([
      id,
      symbol = '',
      primaryExch = '',
      price,
      liquidity,
      forces = '',
      category = '',
      name = '',
    ]) => {
      const rest = { stockType: 'ETF', industry: 'Funds', category, longName: name };
      const moves = parseMoves(forces);
      return usListing({ id, symbol, primaryExch, price, liquidity, moves, rest });
    },
  );
}

/** Shares in a trading lot where orders must be whole lots. */
const LOTS: Readonly<Record<string, number>> = { TSEJ: 100, SEHK: 100 };
const REGIONS: Readonly<Record<string, 'US' | 'ASIA'>> = { TSE: 'US', TSEJ: 'ASIA', SEHK: 'ASIA' };

function worldStocks(): Instrument[] {
  return sections(WORLD_STOCK_ROWS).map(({ heading: [exchange = ''], fields }) => {
    const [id, symbol = '', currency = '', price, liquidity, industry = '', isin = '', name = ''] =
      fields;
    const conId = idOf(id, `${symbol}@${exchange}`);
    const inPence = exchange === 'LSE';
    const lot = (LOTS[exchange] ?? 1) * ONE;
    const country = `${currency.slice(0, 2)}${conId.toString(36).toUpperCase().padStart(9, '0')}`;
    return {
      ...BLANK,
      conId,
      symbol,
      stockType: 'COMMON',
      localSymbol: symbol,
      tradingClass: symbol,
      primaryExch: exchange,
      validExchanges: ['SMART', exchange],
      calendar: exchange,
      currency,
      multiplier: inPence ? 0.01 : 1,
      priceMagnifier: inPence ? 100 : 1,
      marketRuleId: ruleFor(STOCK_INCREMENTS[exchange] ?? ''),
      minSize: lot,
      sizeIncrement: lot,
      basePrice: micros(price),
      liquidity: grade(liquidity),
      moves: industryMoves(industry, REGIONS[exchange] ?? (exchange === 'ASX' ? 'ASIA' : 'EUROPE')),
      longName: name,
      industry,
      category: industry,
      subcategory: industry,
      secIds: [['ISIN', isin === '' ? country + isinCheck(country) : isin]],
    };
  });
}

function indices(): Instrument[] {
  return lines(INDEX_ROWS).map(
    ([id, symbol = '', exchange = '', currency = '', level, forces = '', longName = '']) => ({
      ...BLANK,
      conId: idOf(id, `${symbol}@IND`),
      symbol,
      secType: 'IND',
      localSymbol: symbol,
      tradingClass: symbol,
      exchange,
      validExchanges: [exchange],
      currency,
      basePrice: micros(level),
      moves: parseMoves(forces),
      longName,
      industry: 'Indices',
      category: 'Broad Range Equity Index',
      subcategory: '*',
    }),
  );
}

function pairs(): Instrument[] {
  return lines(FOREX_ROWS).map(([id, symbol = '', currency = '', tick = '', liquidity]) => ({
    ...BLANK,
    conId: idOf(id, `${symbol}.${currency}`),
    symbol,
    secType: 'CASH',
    localSymbol: `${symbol}.${currency}`,
    tradingClass: `${symbol}.${currency}`,
    exchange: 'IDEALPRO',
    validExchanges: ['IDEALPRO'],
    calendar: 'FOREX',
    currency,
    marketRuleId: ruleFor(tick),
    basePrice: Math.round(((USD_PER_UNIT[symbol] ?? 1) / (USD_PER_UNIT[currency] ?? 1)) * ONE),
    liquidity: grade(liquidity),
    longName: `${symbol}.${currency} forex pair`,
  }));
}

function coins(): Instrument[] {
  return lines(CRYPTO_ROWS).map(
    ([
      id,
      symbol = '',
      exchange = '',
      price,
      tick = '',
      least,
      ,
      liquidity,
      forces = '',
      name,
    ]) => ({
      ...BLANK,
      conId: idOf(id, `${symbol}@${exchange}`),
      symbol,
      secType: 'CRYPTO',
      localSymbol: `${symbol}.USD`,
      tradingClass: symbol,
      exchange,
      validExchanges: [exchange],
      calendar: 'CRYPTO',
      marketRuleId: ruleFor(tick),
      minSize: micros(least),
      // IBKR allows eight decimals of a coin; sizes here are held to a millionth.
      sizeIncrement: 1,
      basePrice: micros(price),
      liquidity: grade(liquidity),
      moves: parseMoves(forces),
      longName: name ?? '',
    }),
  );
}

/** What only a bond has. */
export type BondTerms = {
  readonly cusip: string;
  readonly coupon: string;
  readonly maturity: string;
  readonly issued: string;
  readonly rating: string;
  readonly kind: string;
};
const terms = new Map<number, BondTerms>();

function bonds(): Instrument[] {
  return lines(BOND_ROWS).map(
    ([
      cusip = '',
      symbol = '',
      coupon = '',
      maturity = '',
      issued = '',
      price,
      liquidity,
      ...rest
    ]) => {
      const [rating = '', kind = '', longName = ''] = rest;
      const conId = hashedConId(`${cusip}@BOND`);
      terms.set(conId, { cusip, coupon, maturity, issued, rating, kind });
      const years = Math.max(0.5, Number(maturity.slice(0, 4)) - 2026);
      return {
        ...BLANK,
        conId,
        symbol,
        secType: 'BOND',
        localSymbol: `IBCID${conId}`,
        tradingClass: symbol,
        validExchanges: ['SMART'],
        calendar: 'US-BOND',
        multiplier: 10,
        expiry: maturity,
        marketRuleId: ruleFor('0.001'),
        basePrice: micros(price),
        liquidity: grade(liquidity),
        // Longer bonds move more with rates.
        moves: [['RATES', Math.min(2.4, years / 8)]],
        longName,
        industry: kind === 'GOVT' ? 'Government' : 'Corporate',
        secIds: [
          ['CUSIP', cusip],
          ['ISIN', usIsin(cusip)],
        ],
      };
    },
  );
}

/** Terms of a bond of the catalogue. */
export const bondTerms = (conId: number): BondTerms | undefined => terms.get(conId);

/** Every instrument with a row, in the order of the tables. */
export const LISTED: readonly Instrument[] = [
  ...usStocks(),
  ...usFunds(),
  ...worldStocks(),
  ...indices(),
  ...pairs(),
  ...coins(),
  ...bonds(),
];
