// What an account is worth, what margin it has to hold, and how much it may still buy. Positions are
// marked at the last price; totals are in US dollars, the base currency of every account here.
import type { Micros } from '../market/money.ts';
import type { Account, Amounts, Position } from './account.ts';
import type { Holding } from './margin/margin-rule.ts';
import { marginOf } from './margin/registry.ts';
import type { Prices } from './prices.ts';
import { valueOf } from './value.ts';

/** Market value or profit of the positions of one kind, by currency. */
export type Class = 'stock' | 'option' | 'future' | 'bond' | 'crypto';
/** One currency of an account: what its ledger rows show, in that currency. */
export type LedgerRow = { cash: Micros; unrealized: Micros; realized: Micros } & Record<
  Class,
  Micros
>;
/** Account values in micro-units of US dollars. */
export type Valuation = {
  netLiquidation: Micros;
  grossPositionValue: Micros;
  stockMarketValue: Micros;
  optionMarketValue: Micros;
  cash: Micros;
  realized: Micros;
  unrealized: Micros;
  /** Net liquidation without options: they carry no loan value. */
  equityWithLoan: Micros;
  initMargin: Micros;
  maintMargin: Micros;
  availableFunds: Micros;
  excessLiquidity: Micros;
  buyingPower: Micros;
  ledger: ReadonlyMap<string, LedgerRow>;
};

const CLASSES: Readonly<Record<string, Class>> = {
  STK: 'stock',
  OPT: 'option',
  FUT: 'future',
  BOND: 'bond',
  CRYPTO: 'crypto',
};

const emptyRow = (): LedgerRow => ({
  cash: 0,
  unrealized: 0,
  realized: 0,
  stock: 0,
  option: 0,
  future: 0,
  bond: 0,
  crypto: 0,
});

/** Unrealised profit of a position at a value, commissions included. */
const unrealizedOf = (p: Position, value: Micros): Micros => value - p.cost;

class Ledger {
  readonly rows = new Map<string, LedgerRow>();

  constructor(cash: Amounts, realized: Amounts) {
    for (const [currency, amount] of Object.entries(cash)) this.row(currency).cash = amount;
    for (const [currency, amount] of Object.entries(realized)) {
      this.row(currency).realized = amount;
    }
  }

  row(currency: string): LedgerRow {
    let row = this.rows.get(currency);
    if (row === undefined) this.rows.set(currency, (row = emptyRow()));
    return row;
  }

  /** One field of all rows, in US dollars. */
  total(field: keyof LedgerRow, prices: Prices): Micros {
    let sum = 0;
    for (const [currency, row] of this.rows) sum += prices.usd(row[field], currency);
    return sum;
  }
}

function markPositions(account: Account, prices: Prices, ledger: Ledger): Holding[] {
  const holdings: Holding[] = [];
  for (const p of account.positions.values()) {
    const instrument = prices.instrument(p.conId);
    if (p.quantity === 0 || instrument === undefined) continue;
    const kind = CLASSES[instrument.secType];
    // A currency position is the trace of a trade; the money itself is in the cash balances.
    if (kind === undefined) continue;
    const price = prices.mark(instrument);
    const value = valueOf(instrument, price, p.quantity);
    const row = ledger.row(instrument.currency);
    row[kind] += kind === 'future' ? value - (p.cost - p.fees) : value;
    row.unrealized += unrealizedOf(p, value);
    const usd = prices.usd(value, instrument.currency);
    holdings.push({ instrument, quantity: p.quantity, price, value: usd });
  }
  return holdings;
}

/** Values an account. */
export function valueAccount(account: Account, prices: Prices): Valuation {
  const ledger = new Ledger(account.cash, account.realized);
  const holdings = markPositions(account, prices, ledger);
  const underlying = (i: Holding['instrument']) => {
    const found = i.underConId === undefined ? undefined : prices.instrument(i.underConId);
    return found === undefined ? undefined : prices.mark(found);
  };
  const { init, maint } = marginOf(holdings, account.cash, {
    underlying,
    usd: (amount, currency) => prices.usd(amount, currency),
  });
  const of = (field: keyof LedgerRow) => ledger.total(field, prices);
  const option = of('option');
  const cash = of('cash');
  const stock = of('stock');
  const loanable = cash + stock + of('future') + of('bond') + of('crypto');
  const gross = holdings
    .filter((h) => h.instrument.secType !== 'FUT')
    .reduce((sum, h) => sum + Math.abs(h.value), 0);
  return {
    netLiquidation: loanable + option,
    grossPositionValue: gross,
    stockMarketValue: stock,
    optionMarketValue: option,
    cash,
    realized: of('realized'),
    unrealized: of('unrealized'),
    equityWithLoan: loanable,
    initMargin: init,
    maintMargin: maint,
    availableFunds: loanable - init,
    excessLiquidity: loanable - maint,
    buyingPower: Math.max(0, (loanable - init) * 2),
    ledger: ledger.rows,
  };
}
