import type { Contract } from '@stoqey/ib';
import { GatewayError } from '../../domain/errors.ts';
import type { AccountId, ConId } from '../../domain/ids.ts';
import { decimalText, type DecimalText } from '../../domain/money/decimal.ts';
import type { Currency, Money } from '../../domain/money/money.ts';
import type { Portfolio, Position } from '../../domain/portfolio/portfolio.ts';
import type { Pnl } from './daily-pnl.ts';
import { fromWire, fromWireText } from './numbers.ts';

type Value = { readonly amount: DecimalText; readonly currency: string };

/** What TWS has said of one account. A value of null was announced but is not a number. */
export class Ledger {
  readonly values = new Map<string, Value>();
  readonly positions = new Map<number, Position>();
  /** Open positions whose size or value TWS left unset: a portfolio with one of them would be wrong. */
  readonly unvalued = new Set<number>();

  /** Whether anything changed. */
  setValue(key: string, value: string, currency: string): boolean {
    const amount = fromWireText(value);
    const name = `${key}/${currency}`;
    if (amount === null) return this.values.delete(name);
    const isSame = this.values.get(name)?.amount === amount;
    this.values.set(name, { amount, currency });
    return !isSame;
  }

  setPosition(position: Position, isValued: boolean): boolean {
    if (isValued) this.unvalued.delete(position.conId);
    else this.unvalued.add(position.conId);
    if (!isValued) return true;
    if (position.quantity === '0') return this.positions.delete(position.conId);
    const before = this.positions.get(position.conId);
    this.positions.set(position.conId, position);
    return JSON.stringify(before) !== JSON.stringify(position);
  }

  /** The value of a key in the base currency: the one row that is not of a single ledger currency. */
  total(key: string): Value | undefined {
    for (const [name, value] of this.values) {
      if (name.startsWith(`${key}/`) && value.currency !== 'BASE') return value;
    }
    return undefined;
  }

  /** The rows of a key that are of one currency each, sorted by it. */
  perCurrency(key: string): readonly Money[] {
    const rows: Money[] = [];
    for (const [name, { amount, currency }] of this.values) {
      if (name.startsWith(`${key}/`) && /^[A-Z]{3}$/.test(currency)) {
        rows.push({ amount, currency: currency as Currency });
      }
    }
    return rows.sort((a, b) => (a.currency < b.currency ? -1 : 1));
  }
}

type Num = number | undefined;

/** Whether size, price and value of a portfolio row are set (the first three of `numbers`); a closed one has no price. */
export function isValued(numbers: readonly Num[]): boolean {
  return numbers[0] === 0 || numbers.slice(0, 3).every((value) => fromWire(value) !== null);
}

/**
 * A portfolio row of TWS: size, price, value, cost, unrealised and realised result. Size, price and value of an open
 * position are there where `isValued` said so; what else is unset is null.
 */
export function positionOf(contract: Contract, numbers: readonly Num[]): Position {
  const at = (index: number): DecimalText => fromWire(numbers[index]) ?? decimalText('0');
  const orNull = (index: number): DecimalText | null => fromWire(numbers[index]);
  return {
    conId: (contract.conId ?? 0) as ConId,
    symbol: contract.symbol ?? '',
    secType: contract.secType ?? '',
    currency: (contract.currency ?? '') as Currency,
    quantity: at(0),
    marketPrice: at(1),
    marketValue: at(2),
    averageCost: orNull(3),
    unrealizedPnl: orNull(4),
    realizedPnl: orNull(5),
  };
}

/** Throws `BROKER_NO_ANSWER` where a value that a portfolio must have did not come. */
export function portfolioOf(
  account: AccountId,
  ledger: Ledger,
  pnl: Pnl | null,
  generation: number,
): Portfolio {
  const money = (key: string): Money => {
    const value = ledger.total(key);
    if (value === undefined) {
      throw new GatewayError('BROKER_NO_ANSWER', `the account values came without ${key}`);
    }
    return { amount: value.amount, currency: value.currency as Currency };
  };
  if (ledger.unvalued.size > 0) {
    throw new GatewayError('BROKER_NO_ANSWER', 'a position came without its size or market value');
  }
  const netLiquidation = money('NetLiquidation');
  const baseCurrency = netLiquidation.currency;
  const inBase = (amount: DecimalText | null | undefined): Money | null =>
    amount === null || amount === undefined ? null : { amount, currency: baseCurrency };
  return {
    account,
    baseCurrency,
    netLiquidation,
    availableFunds: money('AvailableFunds'),
    buyingPower: money('BuyingPower'),
    initialMargin: money('InitMarginReq'),
    maintenanceMargin: money('MaintMarginReq'),
    dailyPnl: inBase(pnl?.daily),
    unrealizedPnl: inBase(pnl?.unrealized),
    realizedPnl: inBase(pnl?.realized),
    cash: ledger.perCurrency('CashBalance'),
    exchangeRates: ledger
      .perCurrency('ExchangeRate')
      .map(({ currency, amount }) => ({ currency, rate: amount })),
    positions: [...ledger.positions.values()].sort((a, b) => a.conId - b.conId),
    generation,
  };
}
