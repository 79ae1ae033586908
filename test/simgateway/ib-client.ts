// A thin promise layer over the real client library, for contract tests of the simulated gateway.
import { EventName, IBApi, OrderAction, OrderType, SecType } from '@stoqey/ib';
import type { Contract, Order } from '@stoqey/ib';

export type Seen = { event: string; args: unknown[] };

/** Weekday noon in New York: the market is open. */
export const OPEN_INSTANT = Date.parse('2026-04-14T16:00:00Z');

export const AAPL = {
  conId: 265598,
  symbol: 'AAPL',
  secType: SecType.STK,
  exchange: 'SMART',
  currency: 'USD',
} satisfies Contract;

export const order = (fields: Record<string, unknown>): Order => ({
  action: OrderAction.BUY,
  totalQuantity: 10,
  orderType: OrderType.MKT,
  tif: 'DAY',
  transmit: true,
  ...fields,
});

export class IbClient {
  readonly api: IBApi;
  readonly seen: Seen[] = [];
  private waiters: (() => void)[] = [];

  constructor(port: number, clientId: number) {
    this.api = new IBApi({ host: '127.0.0.1', port, clientId });
    this.api.on(EventName.all, (event: string, args: unknown[]) => {
      if (event === 'all' || event === 'received' || event === 'sent' || event === 'result') return;
      this.seen.push({ event, args });
      const waiters = this.waiters;
      this.waiters = [];
      for (const wake of waiters) wake();
    });
  }

  /** Connects and waits for the first valid order id. */
  async connect(): Promise<number> {
    this.api.connect();
    return Number((await this.wait('nextValidId')).args[0]);
  }

  disconnect(): void {
    this.api.disconnect();
  }

  /** The first event with this name (after `from`) that satisfies the test. */
  async wait(
    event: string,
    test: (args: unknown[]) => boolean = () => true,
    from = 0,
  ): Promise<Seen> {
    const deadline = Date.now() + 5000;
    for (;;) {
      const found = this.seen.slice(from).find((s) => s.event === event && test(s.args));
      if (found !== undefined) return found;
      const left = deadline - Date.now();
      if (left <= 0) {
        const names = this.seen.map((s) => `${s.event}(${JSON.stringify(s.args).slice(0, 120)})`);
        throw new Error(`no ${event}; saw ${names.join('\n')}`);
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.waiters.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  waitStatus(orderId: number, status: string): Promise<Seen> {
    return this.wait('orderStatus', (a) => a[0] === orderId && a[1] === status);
  }

  waitError(id: number, code: number): Promise<Seen> {
    return this.wait('error', (a) => a[2] === id && a[1] === code);
  }

  count(event: string): number {
    return this.seen.filter((s) => s.event === event).length;
  }

  /** Texts of everything the library could not decode. */
  decodeErrors(): string[] {
    return this.seen
      .filter((s) => s.event === 'error')
      .map((s) => String(s.args[0]))
      .filter((text) => /decod|underrun|parser/i.test(text));
  }
}
