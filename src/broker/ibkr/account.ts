import { GatewayError } from '../../domain/errors.ts';
import type { AccountId } from '../../domain/ids.ts';
import type { DecimalText } from '../../domain/money/decimal.ts';
import type { Portfolio } from '../../domain/portfolio/portfolio.ts';
import { ask, noAnswer, type Asking } from './ask.ts';
import { DailyPnl } from './daily-pnl.ts';
import { isValued, Ledger, portfolioOf, positionOf } from './ledger.ts';

export type AccountTiming = {
  readonly downloadDeadlineMs: number;
  /** How long the first portfolio waits for the daily profit and loss; later ones take what is there. */
  readonly pnlDeadlineMs: number;
};

/**
 * Portfolios from TWS's account updates, kept warm for the account that was asked for last: TWS streams one account
 * per connection. Asking for another one switches the subscription and waits for its first full download.
 */
export class Accounts {
  readonly #asking: Asking;
  readonly #timing: AccountTiming;
  readonly #pnl: DailyPnl;
  #account = '';
  /** Whether the first full download of `#account` has ended. */
  #isComplete = false;
  #ledger = new Ledger();
  #generation = 0;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(asking: Asking, timing: AccountTiming) {
    this.#asking = asking;
    this.#timing = timing;
    this.#pnl = new DailyPnl(asking, timing.pnlDeadlineMs, (daily) => {
      if (this.#ledger.dailyPnl !== daily) this.#generation += 1;
      this.#ledger.dailyPnl = daily;
    });
    asking.session.listen({
      lost: () => {
        this.#reset('');
      },
      restored: (dataLost) => {
        if (dataLost) this.#reset('');
      },
      updateAccountValue: (key, value, currency, account) => {
        this.#change(account, () => this.#ledger.setValue(key, value, currency));
      },
      updatePortfolio: (contract, size, price, value, cost, unrealized, realized, account) => {
        const numbers = [size, price, value, cost, unrealized, realized];
        const position = positionOf(contract, numbers);
        this.#change(account, () => this.#ledger.setPosition(position, isValued(numbers)));
      },
    });
  }

  /** Throws `ACCOUNT_UNKNOWN`, `BROKER_NO_ANSWER` or `BROKER_UNAVAILABLE`. */
  async portfolio(account: AccountId): Promise<Portfolio> {
    const isWarm = this.#account === account && this.#isComplete && this.#pnl.isSettled;
    if (isWarm) return portfolioOf(account, this.#ledger, this.#generation);
    const read = (): Promise<Portfolio> => this.#read(account);
    const mine = this.#turn.then(read, read);
    this.#turn = mine;
    return await mine;
  }

  /** Base currency per unit of `currency` as the account's ledger has it, or null. */
  ledgerRate(account: AccountId, currency: string): DecimalText | null {
    if (this.#account !== account) return null;
    return this.#ledger.values.get(`ExchangeRate/${currency}`)?.amount ?? null;
  }

  async #read(account: AccountId): Promise<Portfolio> {
    await this.#subscribe(account);
    await this.#pnl.first(account);
    if (this.#account !== account)
      throw noAnswer('account values', this.#timing.downloadDeadlineMs);
    return portfolioOf(account, this.#ledger, this.#generation);
  }

  async #subscribe(account: AccountId): Promise<void> {
    const { session } = this.#asking;
    if (session.isReady && !session.accounts.includes(account)) {
      throw new GatewayError('ACCOUNT_UNKNOWN', 'TWS does not serve that account');
    }
    if (this.#account === account && this.#isComplete) return;
    if (this.#account !== account) {
      const old = this.#account;
      if (old !== '') session.request((api) => api.reqAccountUpdates(false, old));
      this.#reset(account);
    }
    await ask<undefined>(this.#asking, {
      what: 'account values',
      deadlineMs: this.#timing.downloadDeadlineMs,
      send: (api) => api.reqAccountUpdates(true, account),
      listen: (reply) => ({
        accountDownloadEnd: (name) => {
          if (name === account) reply.resolve(undefined);
        },
      }),
    });
    this.#isComplete = this.#account === account;
  }

  #change(account: string, apply: () => boolean): void {
    if (account === this.#account && apply()) this.#generation += 1;
  }

  #reset(account: string): void {
    this.#account = account;
    this.#isComplete = false;
    this.#generation += 1;
    this.#ledger = new Ledger();
    this.#pnl.stop();
  }
}
