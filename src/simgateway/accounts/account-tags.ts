// The account values a client can ask for, by tag, as the gateway prints them: totals in the base
// currency, and a ledger of every currency with a row BASE that sums them.
import { formatCents, formatMicros } from '../market/money.ts';
import type { Micros } from '../market/money.ts';
import type { Account } from './account.ts';
import { BASE_CURRENCY } from './account.ts';
import type { Prices } from './prices.ts';
import type { LedgerRow, Valuation } from './valuation.ts';
import { mulDiv } from './value.ts';

/** One account value. */
export type TagValue = { tag: string; value: string; currency: string };

type Printed = { text: string; currency: string };
const money = (amount: Micros): Printed => ({ text: formatCents(amount), currency: BASE_CURRENCY });
const plain = (text: string): Printed => ({ text, currency: '' });

function ratio(part: Micros, whole: Micros, minDecimals = 0): Printed {
  return plain(whole > 0 ? formatMicros(mulDiv(part, 1_000_000, whole), minDecimals) : '0');
}

function totals(account: Account, v: Valuation): Record<string, Printed> {
  return {
    AccountCode: plain(account.id),
    AccountType: plain('INDIVIDUAL'),
    AccountReady: plain('true'),
    Currency: plain(BASE_CURRENCY),
    Cushion: ratio(v.excessLiquidity, v.netLiquidation),
    DayTradesRemaining: plain('-1'),
    Leverage: plain(
      v.netLiquidation > 0
        ? formatMicros(Math.round(mulDiv(v.grossPositionValue, 100, v.netLiquidation)) * 10_000, 2)
        : '0.00',
    ),
    AccruedCash: money(0),
    AvailableFunds: money(v.availableFunds),
    BuyingPower: money(v.buyingPower),
    EquityWithLoanValue: money(v.equityWithLoan),
    ExcessLiquidity: money(v.excessLiquidity),
    FullAvailableFunds: money(v.availableFunds),
    FullExcessLiquidity: money(v.excessLiquidity),
    FullInitMarginReq: money(v.initMargin),
    FullMaintMarginReq: money(v.maintMargin),
    GrossPositionValue: money(v.grossPositionValue),
    InitMarginReq: money(v.initMargin),
    LookAheadAvailableFunds: money(v.availableFunds),
    LookAheadExcessLiquidity: money(v.excessLiquidity),
    LookAheadInitMarginReq: money(v.initMargin),
    LookAheadMaintMarginReq: money(v.maintMargin),
    MaintMarginReq: money(v.maintMargin),
    NetLiquidation: money(v.netLiquidation),
    PreviousDayEquityWithLoanValue: money(account.openingValue),
    SettledCash: money(v.cash),
    TotalCashValue: money(v.cash),
  };
}

/** Tags of one ledger row; `rate` is US dollars per unit. */
function ledgerTags(row: LedgerRow, net: Micros, rate: string): Record<string, string> {
  return {
    CashBalance: formatCents(row.cash),
    TotalCashBalance: formatCents(row.cash),
    AccruedCash: '0.00',
    StockMarketValue: formatCents(row.stock),
    OptionMarketValue: formatCents(row.option),
    FutureOptionValue: '0.00',
    FuturesPNL: formatCents(row.future),
    NetLiquidationByCurrency: formatCents(net),
    UnrealizedPnL: formatCents(row.unrealized),
    RealizedPnL: formatCents(row.realized),
    ExchangeRate: rate,
    FundValue: '0.00',
    NetDividend: '0.00',
    MutualFundValue: '0.00',
    MoneyMarketFundValue: '0.00',
    CorporateBondValue: formatCents(row.bond),
    TBondValue: '0.00',
    TBillValue: '0.00',
    WarrantValue: '0.00',
    FxCashBalance: '0.00',
    IssuerOptionValue: '0.00',
    Cryptocurrency: formatCents(row.crypto),
  };
}

const netOf = (row: LedgerRow): Micros =>
  row.cash + row.stock + row.option + row.future + row.bond + row.crypto;

function summed(v: Valuation, prices: Prices): LedgerRow {
  const base = { cash: 0, unrealized: 0, realized: 0, stock: 0, option: 0 };
  const sum: LedgerRow = { ...base, future: 0, bond: 0, crypto: 0 };
  for (const [currency, row] of v.ledger) {
    for (const field of Object.keys(sum) as (keyof LedgerRow)[]) {
      sum[field] += prices.usd(row[field], currency);
    }
  }
  return sum;
}

/** The ledger: rows of each currency the account has touched, then of BASE, which sums them. */
export function ledgerValues(account: Account, v: Valuation, prices: Prices): TagValue[] {
  const rows: [string, LedgerRow, string][] = [];
  for (const [currency, row] of v.ledger) {
    rows.push([currency, row, formatMicros(prices.usd(1_000_000, currency), 2)]);
  }
  rows.push(['BASE', summed(v, prices), '1.00']);
  return rows.flatMap(([currency, row, rate]) => [
    { tag: 'Currency', value: currency, currency },
    { tag: 'RealCurrency', value: currency, currency },
    { tag: 'AccountOrGroup', value: account.id, currency },
    ...Object.entries(ledgerTags(row, netOf(row), rate)).map(([tag, value]) => ({
      tag,
      value,
      currency,
    })),
  ]);
}

/** Every account value that is a total, in a fixed order. */
export const accountTags = (account: Account, v: Valuation): TagValue[] =>
  Object.entries(totals(account, v)).map(([tag, { text, currency }]) => ({
    tag,
    value: text,
    currency,
  }));
