// What an account is worth and how much it may still buy, by Reg T: 50 % initial margin, 25 %
// maintenance (30 % short). Positions are marked at the last price.
import type { Micros } from '../market/money.ts';
import type { Account } from './account.ts';

/** Account values in micro-units of US dollars. */
export type Valuation = {
  netLiquidation: Micros;
  grossPositionValue: Micros;
  stockMarketValue: Micros;
  unrealized: Micros;
  initMargin: Micros;
  maintMargin: Micros;
  availableFunds: Micros;
  excessLiquidity: Micros;
  buyingPower: Micros;
};

/** A change of holdings that has not happened: for margin checks and what-if. */
type Hypothesis = { conId: number; shares: number; price: Micros; commission: Micros };

/** Values an account, optionally as if a trade had been made. */
export function valueAccount(
  account: Account,
  mark: (conId: number) => Micros,
  trade?: Hypothesis,
): Valuation {
  const shares = new Map([...account.positions.values()].map((p) => [p.conId, p.quantity]));
  let cash = account.cash;
  if (trade !== undefined) {
    shares.set(trade.conId, (shares.get(trade.conId) ?? 0) + trade.shares);
    cash -= trade.shares * trade.price + trade.commission;
  }
  let stock = 0;
  let gross = 0;
  let maint = 0;
  for (const [conId, quantity] of shares) {
    const value = quantity * mark(conId);
    stock += value;
    gross += Math.abs(value);
    maint += Math.floor((Math.abs(value) * (value < 0 ? 30 : 25)) / 100);
  }
  const net = cash + stock;
  const init = Math.floor(gross / 2);
  let cost = 0;
  for (const p of account.positions.values()) cost += p.cost;
  return {
    netLiquidation: net,
    grossPositionValue: gross,
    stockMarketValue: stock,
    unrealized: stock - cost,
    initMargin: init,
    maintMargin: maint,
    availableFunds: net - init,
    excessLiquidity: net - maint,
    buyingPower: Math.max(0, (net - init) * 2),
  };
}
