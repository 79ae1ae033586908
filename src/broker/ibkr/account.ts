import type { Contract } from '@stoqey/ib';
import { GatewayError } from '../../domain/errors.ts';
import type { AccountId, ConId } from '../../domain/ids.ts';
import { decimalText, type DecimalText } from '../../domain/money/decimal.ts';
import type { Currency, Money } from '../../domain/money/money.ts';
import type { Portfolio, Position } from '../../domain/portfolio/portfolio.ts';
import { ask, noAnswer, type Asking } from './ask.ts';
import { fromWire, fromWireText } from './numbers.ts';
import type { Session } from './session.ts';

/**
 * Portfolios from TWS's account updates, kept warm for the account that was asked for last: TWS streams one account
 * per connection. Asking for another one switches the subscription and waits for its first full download.
 */
export type Accounts = {
  readonly portfolio: (account: AccountId) => Promise<Portfolio>;
  /** Base currency per unit of `currency` as the account's ledger has it, or null. */
  readonly ledgerRate: (account: AccountId, currency: string) => DecimalText | null;
};

export type AccountTiming = {
  readonly downloadDeadlineMs: number;
  /** How long the first portfolio waits for the daily profit and loss; later ones take what is there. */
  readonly pnlDeadlineMs: number;
};

type Value = { readonly amount: DecimalText; readonly currency: string };

/** What TWS has said of one account. A value of null was announced but is not a number. */
class Ledger {
  readonly values = new Map<string, Value>();
  readonly positions = new Map<number, Position>();
  dailyPnl: DecimalText | null = null;

  /** Whether anything changed. */
  setValue(key: string, value: string, currency: string): boolean {
    const amount = fromWireText(value);
    const name = `${key}/${currency}`;
    if (amount === null) return this.values.delete(name);
    const isSame = this.values.get(name)?.amount === amount;
    this.values.set(name, { amount, currency });
    return !isSame;
  }

  setPosition(position: Position): boolean {
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

  cash(): readonly Money[] {
    const rows: Money[] = [];
    for (const [name, { amount, currency }] of this.values) {
      if (name.startsWith('CashBalance/') && /^[A-Z]{3}$/.test(currency)) {
        rows.push({ amount, currency: currency as Currency });
      }
    }
    return rows.sort((a, b) => (a.currency < b.currency ? -1 : 1));
  }
}

export function createAccounts(asking: Asking, timing: AccountTiming): Accounts {
  const { session } = asking;
  const state = { account: '', isComplete: false, generation: 0 };
  let ledger = new Ledger();
  let turn: Promise<unknown> = Promise.resolve();
  const pnl = createPnl(asking, timing.pnlDeadlineMs, (daily) => {
    if (ledger.dailyPnl !== daily) state.generation += 1;
    ledger.dailyPnl = daily;
  });

  const touch = (account: string, change: () => boolean): void => {
    if (account === state.account && change()) state.generation += 1;
  };
  session.listen({
    lost: () => {
      reset('');
    },
    restored: (dataLost) => {
      if (dataLost) reset('');
    },
    updateAccountValue: (key, value, currency, account) => {
      touch(account, () => ledger.setValue(key, value, currency));
    },
    updatePortfolio: (contract, size, price, value, cost, unrealized, realized, account) => {
      const position = positionOf(contract, [size, price, value, cost, unrealized, realized]);
      touch(account, () => ledger.setPosition(position));
    },
  });
  function reset(account: string): void {
    state.account = account;
    state.isComplete = false;
    state.generation += 1;
    ledger = new Ledger();
    pnl.stop();
  }

  const subscribe = async (account: AccountId): Promise<void> => {
    requireServed(session, account);
    if (state.account === account && state.isComplete) return;
    if (state.account !== account) {
      if (state.account !== '')
        session.request((api) => api.reqAccountUpdates(false, state.account));
      reset(account);
    }
    await ask<undefined>(asking, {
      what: 'account values',
      deadlineMs: timing.downloadDeadlineMs,
      send: (api) => api.reqAccountUpdates(true, account),
      listen: (reply) => ({
        accountDownloadEnd: (name) => {
          if (name === account) reply.resolve(undefined);
        },
      }),
    });
    if (state.account === account) state.isComplete = true;
  };
  return {
    ledgerRate: (account, currency) =>
      state.account === account
        ? (ledger.values.get(`ExchangeRate/${currency}`)?.amount ?? null)
        : null,
    portfolio: (account) => {
      const read = async (): Promise<Portfolio> => {
        await subscribe(account);
        await pnl.first(account);
        if (state.account !== account) throw noAnswer('account values', timing.downloadDeadlineMs);
        return portfolioOf(account, ledger, state.generation);
      };
      if (state.account === account && state.isComplete && pnl.isSettled()) return read();
      const mine = turn.then(read, read);
      turn = mine.catch(() => undefined);
      return mine;
    },
  };
}

function requireServed(session: Session, account: string): void {
  if (session.isReady && !session.accounts.includes(account)) {
    throw new GatewayError('ACCOUNT_UNKNOWN', 'TWS does not serve that account');
  }
}

type Pnl = {
  readonly first: (account: string) => Promise<void>;
  readonly isSettled: () => boolean;
  readonly stop: () => void;
};

/** The stream of daily profit and loss. A broker that never delivers it is no failure: the value stays null. */
function createPnl(
  asking: Asking,
  deadlineMs: number,
  onDaily: (daily: DecimalText | null) => void,
): Pnl {
  const { session, clock } = asking;
  let id: number | null = null;
  let isSettled = false;
  let settle = (): void => undefined;
  session.listen({
    pnl: (pnlId, daily) => {
      if (pnlId !== id) return;
      onDaily(fromWire(daily));
      settle();
    },
    error: (_error, _code, errorId) => {
      if (errorId === id) settle();
    },
  });
  return {
    isSettled: () => isSettled,
    stop: () => {
      // On a session that is gone there is nothing to cancel.
      if (id !== null && session.isReady) {
        const old = id;
        session.request((api) => api.cancelPnL(old));
      }
      id = null;
      isSettled = false;
      settle();
    },
    first: async (account) => {
      if (isSettled) return;
      await new Promise<void>((resolve) => {
        const cancel = clock.after(deadlineMs, () => {
          settle();
        });
        settle = () => {
          cancel();
          isSettled = id !== null;
          settle = () => undefined;
          resolve();
        };
        const mine = session.takeRequestId();
        id = mine;
        session.request((api) => api.reqPnL(mine, account, ''));
      });
    },
  };
}

type Num = number | undefined;

function positionOf(contract: Contract, numbers: readonly Num[]): Position {
  const at = (index: number): DecimalText => fromWire(numbers[index]) ?? decimalText('0');
  return {
    conId: (contract.conId ?? 0) as ConId,
    symbol: contract.symbol ?? '',
    secType: contract.secType ?? '',
    currency: (contract.currency ?? '') as Currency,
    quantity: at(0),
    marketPrice: at(1),
    marketValue: at(2),
    averageCost: at(3),
    unrealizedPnl: at(4),
    realizedPnl: at(5),
  };
}

/** Throws `BROKER_NO_ANSWER` where a value that a portfolio must have did not come. */
function portfolioOf(account: AccountId, ledger: Ledger, generation: number): Portfolio {
  const money = (key: string): Money => {
    const value = ledger.total(key);
    if (value === undefined) {
      throw new GatewayError('BROKER_NO_ANSWER', `the account values came without ${key}`);
    }
    return { amount: value.amount, currency: value.currency as Currency };
  };
  const netLiquidation = money('NetLiquidation');
  const { dailyPnl } = ledger;
  return {
    account,
    baseCurrency: netLiquidation.currency,
    netLiquidation,
    availableFunds: money('AvailableFunds'),
    buyingPower: money('BuyingPower'),
    initialMargin: money('InitMarginReq'),
    maintenanceMargin: money('MaintMarginReq'),
    dailyPnl: dailyPnl === null ? null : { amount: dailyPnl, currency: netLiquidation.currency },
    cash: ledger.cash(),
    positions: [...ledger.positions.values()].sort((a, b) => a.conId - b.conId),
    generation,
  };
}
