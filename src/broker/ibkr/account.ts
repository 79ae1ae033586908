import { GatewayError } from '../../domain/errors.ts';
import type { AccountId, ConId } from '../../domain/ids.ts';
import type { DecimalText } from '../../domain/money/decimal.ts';
import type { Portfolio } from '../../domain/portfolio/portfolio.ts';
import { ask, noAnswer, type Asking } from './ask.ts';
import { DailyPnl, type Pnl } from './daily-pnl.ts';
import { isValued, Ledger, portfolioOf, positionOf } from './ledger.ts';

export type AccountTiming = {
  readonly downloadDeadlineMs: number;
  /** How long the first portfolio waits for the daily profit and loss; later ones take what is there. */
  readonly pnlDeadlineMs: number;
};

/**
 * Portfolios from TWS's account updates, kept warm for the account that was asked for last: TWS streams one account
 * per connection. Asking for another one switches the subscription and waits for its first full download; what was
 * known of it before is not served, because a fill may have gone by. Profit and loss streams for every account at once.
 */
export class Accounts {
  readonly #asking: Asking;
  readonly #timing: AccountTiming;
  readonly #pnl = new Map<string, { readonly stream: DailyPnl; value: Pnl | null }>();
  #account = '';
  /** Whether the first full download of `#account` has ended. */
  #isComplete = false;
  #ledger = new Ledger();
  #generation = 0;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(asking: Asking, timing: AccountTiming) {
    this.#asking = asking;
    this.#timing = timing;
    asking.session.listen({
      lost: () => {
        this.#forgetAll();
      },
      restored: (dataLost) => {
        if (dataLost) this.#forgetAll();
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
    const { stream } = this.#pnlOf(account);
    const isWarm = this.#account === account && this.#isComplete && stream.isSettled;
    if (isWarm) return this.#portfolio(account);
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

  /** What the account that TWS streams now holds, without asking anything. */
  held(): readonly ConId[] {
    return [...this.#ledger.positions.values()].map(({ conId }) => conId);
  }

  async #read(account: AccountId): Promise<Portfolio> {
    await this.#subscribe(account);
    await this.#pnlOf(account).stream.first(account);
    if (this.#account !== account)
      throw noAnswer('account values', this.#timing.downloadDeadlineMs);
    return this.#portfolio(account);
  }

  #portfolio(account: AccountId): Portfolio {
    return portfolioOf(account, this.#ledger, this.#pnlOf(account).value, this.#generation);
  }

  #pnlOf(account: string) {
    const known = this.#pnl.get(account);
    if (known !== undefined) return known;
    const stream = new DailyPnl(this.#asking, this.#timing.pnlDeadlineMs, (value) => {
      const isSame = JSON.stringify(entry.value) === JSON.stringify(value);
      if (!isSame && account === this.#account) this.#generation += 1;
      entry.value = value;
    });
    const entry: { readonly stream: DailyPnl; value: Pnl | null } = { stream, value: null };
    this.#pnl.set(account, entry);
    return entry;
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
  }

  #forgetAll(): void {
    this.#reset('');
    for (const entry of this.#pnl.values()) {
      entry.stream.stop();
      entry.value = null;
    }
  }
}
