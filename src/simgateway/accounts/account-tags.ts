// The account values a client can ask for, by tag, as the gateway prints them.
import { formatCents, formatMicros } from '../market/money.ts';
import type { Account } from './account.ts';
import type { Valuation } from './valuation.ts';

type TagValue = { tag: string; value: string; currency: string };

const money =
  (amount: number) =>
  (v: string): TagValue => ({
    tag: v,
    value: formatCents(amount),
    currency: 'USD',
  });
const plain =
  (value: string) =>
  (tag: string): TagValue => ({ tag, value, currency: '' });

function values(account: Account, v: Valuation): Record<string, (tag: string) => TagValue> {
  const gross = v.grossPositionValue;
  const leverage = v.netLiquidation > 0 ? Math.round((gross * 100) / v.netLiquidation) : 0;
  return {
    AccountType: plain('INDIVIDUAL'),
    AccountReady: plain('true'),
    Currency: plain('USD'),
    Cushion: plain(
      v.netLiquidation > 0
        ? formatMicros(Math.floor((v.excessLiquidity / v.netLiquidation) * 1_000_000))
        : '0',
    ),
    DayTradesRemaining: plain('-1'),
    Leverage: plain(formatMicros(leverage * 10_000, 2)),
    AccruedCash: money(0),
    AvailableFunds: money(v.availableFunds),
    BuyingPower: money(v.buyingPower),
    CashBalance: money(account.cash),
    EquityWithLoanValue: money(v.netLiquidation),
    ExcessLiquidity: money(v.excessLiquidity),
    FullAvailableFunds: money(v.availableFunds),
    FullExcessLiquidity: money(v.excessLiquidity),
    FullInitMarginReq: money(v.initMargin),
    FullMaintMarginReq: money(v.maintMargin),
    GrossPositionValue: money(gross),
    InitMarginReq: money(v.initMargin),
    LookAheadAvailableFunds: money(v.availableFunds),
    LookAheadExcessLiquidity: money(v.excessLiquidity),
    LookAheadInitMarginReq: money(v.initMargin),
    LookAheadMaintMarginReq: money(v.maintMargin),
    MaintMarginReq: money(v.maintMargin),
    NetLiquidation: money(v.netLiquidation),
    PreviousDayEquityWithLoanValue: money(account.openingValue),
    RealizedPnL: money(account.realized),
    SettledCash: money(account.cash),
    StockMarketValue: money(v.stockMarketValue),
    TotalCashBalance: money(account.cash),
    TotalCashValue: money(account.cash),
    UnrealizedPnL: money(v.unrealized),
  };
}

/** Every account value, in a fixed order. */
export const accountTags = (account: Account, v: Valuation): TagValue[] =>
  Object.entries(values(account, v)).map(([tag, make]) => make(tag));
