import type { BrokerReads } from '../broker/port.ts';
import type { AccountId, LatchId } from '../domain/ids.ts';
import type { Portfolio } from '../domain/portfolio/portfolio.ts';
import type { EquityMarks } from '../domain/risk/facts.ts';
import type { LimitBreach, Limits } from '../store/port/limits.ts';

/**
 * Watches what each account is worth, order or no order: keeps the marks that drawdowns are measured from, and sets
 * the latch of a limit on losses that is broken, so that nothing has to be proposed before trading stops. It never
 * releases one. A value that cannot be had is left out; the gate refuses by itself where it has none.
 */
type Options = {
  readonly broker: Pick<BrokerReads, 'accounts' | 'portfolio' | 'marketTime'>;
  readonly limits: Pick<Limits, 'observeEquity' | 'setLatches'>;
  /** Pure: the limits on losses that are broken now. */
  readonly breachesOf: (portfolio: Portfolio, marks: EquityMarks) => readonly LimitBreach[];
  readonly onLatched: (account: AccountId, latches: readonly LatchId[]) => void;
  /** Called for the first failure of a row of them. */
  readonly onFailure: (failure: unknown) => void;
  /** Pause between two looks. */
  readonly everyMs?: number;
};

export type EquityMonitor = {
  /** Ends after the look that is under way. */
  readonly stop: () => Promise<void>;
};

const actor = { kind: 'system', id: 'gateway', channel: 'gateway' } as const;

/**
 * Starts watching. One account is looked at each time: TWS streams the values of one account per connection, so
 * several accounts take turns.
 */
export function startEquityMonitor(options: Options): EquityMonitor {
  const { everyMs = 2000 } = options;
  let turn = 0;
  let isFailing = false;
  let isStopped = false;
  let wake = (): void => undefined;
  const look = async (): Promise<void> => {
    try {
      const accounts = await options.broker.accounts();
      const account = accounts[turn % Math.max(1, accounts.length)];
      turn += 1;
      if (account !== undefined) await watch(options, account);
      isFailing = false;
    } catch (failure) {
      if (!isFailing) options.onFailure(failure);
      isFailing = true;
    }
  };
  const run = async (): Promise<void> => {
    while (!isStopped) {
      await look();
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, isStopped ? 0 : everyMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  };
  const running = run();
  return {
    async stop() {
      isStopped = true;
      wake();
      await running;
    },
  };
}

async function watch(options: Options, account: AccountId): Promise<void> {
  const { broker, limits } = options;
  const portfolio = await broker.portfolio(account);
  const marketTime = await broker.marketTime();
  const marks = await limits.observeEquity(account, portfolio.netLiquidation, marketTime);
  const breaches = options.breachesOf(portfolio, marks);
  if (breaches.length === 0) return;
  const set = await limits.setLatches(account, breaches, actor);
  if (set.length > 0) options.onLatched(account, set);
}
