import type { IBApi } from '@stoqey/ib';
import { GatewayError } from '../../domain/errors.ts';
import { backoffMs, defaultBackoff, isBreakerOpen, type BackoffTiming } from './backoff.ts';
import type { Clock } from './clock.ts';
import { accountMismatch, type Environment, type SessionStatus } from './session-status.ts';
import type { TokenBucket } from './token-bucket.ts';
import { FIRST_REQUEST_ID, type IbEventName, type IbListeners } from './wire-events.ts';
import { openWire, type Wire } from './wire.ts';

/**
 * A client id's session with TWS that outlives its TCP connections: connects, waits for nextValidId and
 * managedAccounts, watches that TWS still answers, and starts anew with back-off when anything is wrong. Each
 * connection is a fresh `Wire`; nothing asked of the old one is ever sent on the next.
 */
export type SessionTiming = BackoffTiming & {
  /** From the connection attempt to ready. */
  readonly readyDeadlineMs: number;
  readonly pingEveryMs: number;
  /** No answer to a ping for so long = the socket is half-open, the session is destroyed. */
  readonly pingDeadlineMs: number;
};

export const defaultSessionTiming: SessionTiming = {
  ...defaultBackoff,
  readyDeadlineMs: 10_000,
  pingEveryMs: 5_000,
  pingDeadlineMs: 4_000,
};

export type SessionOptions = {
  readonly host: string;
  readonly port: number;
  readonly clientId: number;
  readonly environment: Environment;
  readonly clock: Clock;
  readonly bucket: TokenBucket;
  readonly timing: SessionTiming;
  readonly onStatus: (status: SessionStatus) => void;
  /** A listener threw or the library did: for the operator's log. */
  readonly onFault: (cause: unknown) => void;
};

/** The library's own code for a message that it could not decode. */
const UNDECODED = 505;

export class Session {
  readonly clientId: number;
  /** Accounts of the last ready session, sorted; empty before the first. */
  accounts: readonly string[] = [];
  /** The newest of the current session; null when it is not ready. May be lower than that of the session before. */
  nextValidId: number | null = null;
  /** The one that the current session began with: no order may have a lower id. Null when it is not ready. */
  firstValidId: number | null = null;
  readonly #options: SessionOptions;
  readonly #listeners = new Set<IbListeners>();
  #wire: Wire | null = null;
  #epoch = 0;
  #status: SessionStatus;
  #failures = 0;
  #readyAtMs: number | null = null;
  #offeredId: number | null = null;
  #offeredAccounts: readonly string[] | null = null;
  #nextRequestId = FIRST_REQUEST_ID;
  #timers: (() => void)[] = [];
  readonly #undecoded = new Set<string>();
  #pongDeadline: (() => void) | null = null;
  #nextPing: (() => void) | null = null;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.clientId = options.clientId;
    this.#status = { phase: 'connecting', isDown: false, brokenBy: null, detail: 'connecting' };
  }

  get status(): SessionStatus {
    return this.#status;
  }

  get isReady(): boolean {
    return this.#status.phase === 'ready';
  }

  /** Rises with every TCP connection. */
  get epoch(): number {
    return this.#epoch;
  }

  /** Hears every event of this and all later connections until the returned function is called. */
  listen(listeners: IbListeners): () => void {
    this.#listeners.add(listeners);
    return () => {
      this.#listeners.delete(listeners);
    };
  }

  /** A request id that no other request of this process has. */
  takeRequestId(): number {
    if (this.#nextRequestId >= 2_000_000_000) this.#nextRequestId = FIRST_REQUEST_ID;
    return this.#nextRequestId++;
  }

  /** Writes now or not at all. Throws `BROKER_UNAVAILABLE` (not one byte) or `OUTCOME_UNKNOWN` (the session is destroyed). */
  write(send: (api: IBApi) => void): void {
    const outcome = this.isReady && this.#wire !== null ? this.#wire.write(send) : 'refused';
    if (outcome === 'written') return;
    throw outcome === 'refused'
      ? new GatewayError('BROKER_UNAVAILABLE', 'the session with TWS cannot take a message now')
      : new GatewayError('OUTCOME_UNKNOWN', 'the connection broke while the message was written');
  }

  /** As `write`, for what may be asked again: any failure is `BROKER_UNAVAILABLE`. */
  request(send: (api: IBApi) => void): void {
    try {
      this.write(send);
    } catch (cause) {
      const message = 'the session with TWS cannot take a question now';
      throw new GatewayError('BROKER_UNAVAILABLE', message, { cause });
    }
  }

  /** Opens the first connection. */
  start(): void {
    this.#connect();
  }

  /** Drops the connection, forgets the failures and connects at once. */
  reconnect(): void {
    if (this.#status.phase === 'closed') return;
    this.#drop('reconnect was asked for');
    this.#failures = 0;
    this.#connect();
  }

  /** Ends for good. */
  close(): void {
    this.#drop('closed');
    this.#setStatus({ phase: 'closed', isDown: true, brokenBy: null, detail: 'closed' });
  }

  #connect(): void {
    this.#clearTimers();
    const epoch = ++this.#epoch;
    const { host, port, clientId, clock, timing } = this.#options;
    this.#setStatus({ ...this.#status, phase: 'connecting', brokenBy: null });
    this.#timers.push(
      clock.after(timing.readyDeadlineMs, () => {
        this.#fail(epoch, 'TWS did not complete the start of the session');
      }),
    );
    this.#wire = openWire({
      host,
      port,
      clientId,
      onEvent: (name, args) => {
        if (epoch === this.#epoch) this.#hear(epoch, name, args);
      },
      onBroken: (cause) => {
        this.#options.onFault(cause);
        this.#fail(epoch, 'the session was destroyed after a fault of the connection');
      },
    });
  }

  #hear(epoch: number, name: IbEventName, args: unknown[]): void {
    if (name === 'nextValidId') {
      this.#offeredId = args[0] as number;
      if (this.isReady) this.nextValidId = this.#offeredId;
    }
    if (name === 'managedAccounts') {
      const names = (args[0] as string).split(',').map((text) => text.trim());
      this.#offeredAccounts = names.filter((text) => text !== '').sort();
    }
    if (name === 'nextValidId' || name === 'managedAccounts') {
      // The library opens its command buffer only after the listeners of nextValidId have run.
      queueMicrotask(() => {
        this.#becomeReady(epoch);
      });
    }
    if (name === 'currentTime') this.#pong(epoch);
    this.#tell(name, args);
    if (name === 'error' && args[1] === UNDECODED) this.#reportOnce(args[0] as Error);
    if (name === 'info') this.#hearNotice(epoch, args[1] as number);
    if (name === 'disconnected') this.#fail(epoch, 'TWS is not reachable');
  }

  /** A message that the library could not decode may be news that is lost: once per kind, for the operator. */
  #reportOnce(error: Error): void {
    const kind = error.message.slice(0, 60);
    if (this.#undecoded.has(kind)) return;
    this.#undecoded.add(kind);
    this.#options.onFault(error);
  }

  #hearNotice(epoch: number, code: number): void {
    if (code === 326) {
      const text = `client id ${this.clientId} is used by another connection (326)`;
      this.#fail(epoch, text, this.#options.timing.clientIdBusyMs);
    } else if (code === 1300) {
      this.#fail(epoch, 'TWS has moved its socket port (1300)');
    } else if (code === 1100 || code === 2110) {
      const detail = `TWS has lost its link to IBKR (${code})`;
      this.#setStatus({ ...this.#status, brokenBy: code, detail });
    } else if (code === 1101 || code === 1102) {
      if (this.#status.brokenBy !== null) {
        this.#setStatus({ ...this.#status, brokenBy: null, detail: 'ready' });
      }
      this.#tell('restored', [code === 1101]);
    }
  }

  #becomeReady(epoch: number): void {
    const isOpen = epoch === this.#epoch && this.#status.phase === 'connecting';
    if (!isOpen || this.#offeredId === null || this.#offeredAccounts === null) return;
    const mismatch = accountMismatch(this.#options.environment, this.#offeredAccounts);
    if (mismatch !== null) {
      this.#fail(epoch, mismatch, this.#options.timing.longestMs);
      return;
    }
    this.#clearTimers();
    this.nextValidId = this.#offeredId;
    this.firstValidId = this.#offeredId;
    this.accounts = this.#offeredAccounts;
    this.#readyAtMs = this.#options.clock.monotonicMs();
    const { brokenBy } = this.#status;
    const detail = brokenBy === null ? 'ready' : `TWS has lost its link to IBKR (${brokenBy})`;
    this.#setStatus({ phase: 'ready', isDown: false, brokenBy, detail });
    this.#ping(epoch);
    this.#tell('ready', []);
  }

  /** Liveness of our own: a half-open socket never says that it is dead. */
  #ping(epoch: number): void {
    if (epoch !== this.#epoch || !this.isReady) return;
    const { clock, timing, bucket } = this.#options;
    this.#pongDeadline = clock.after(timing.pingDeadlineMs, () => {
      this.#fail(epoch, 'TWS no longer answers');
    });
    this.#nextPing = null;
    bucket.force();
    try {
      this.write((api) => api.reqCurrentTime());
    } catch (cause) {
      this.#options.onFault(cause);
      this.#fail(epoch, 'TWS takes no more messages');
    }
  }

  #pong(epoch: number): void {
    this.#pongDeadline?.();
    this.#pongDeadline = null;
    const { clock, timing } = this.#options;
    this.#nextPing ??= clock.after(timing.pingEveryMs, () => {
      this.#ping(epoch);
    });
  }

  #fail(epoch: number, reason: string, waitMs?: number): void {
    if (epoch !== this.#epoch || this.#status.phase === 'closed') return;
    const { clock, timing } = this.#options;
    const lived = this.#readyAtMs === null ? 0 : clock.monotonicMs() - this.#readyAtMs;
    this.#failures = lived >= timing.stableMs ? 1 : this.#failures + 1;
    this.#drop(reason);
    const isDown = waitMs !== undefined || isBreakerOpen(timing, this.#failures);
    this.#setStatus({ phase: 'waiting', isDown, brokenBy: null, detail: reason });
    const delay = waitMs ?? backoffMs(timing, this.#failures, clock.random());
    this.#timers.push(
      clock.after(delay, () => {
        this.#connect();
      }),
    );
  }

  #drop(reason: string): void {
    this.#epoch += 1;
    this.#clearTimers();
    this.#wire?.destroy();
    this.#wire = null;
    this.#offeredId = null;
    this.#offeredAccounts = null;
    this.#readyAtMs = null;
    const wasReady = this.nextValidId !== null;
    this.nextValidId = null;
    this.firstValidId = null;
    if (this.isReady) this.#status = { ...this.#status, phase: 'waiting', detail: reason };
    if (wasReady) this.#tell('lost', [reason]);
  }

  #clearTimers(): void {
    for (const cancel of this.#timers) cancel();
    this.#timers = [];
    this.#pongDeadline?.();
    this.#pongDeadline = null;
    this.#nextPing?.();
    this.#nextPing = null;
  }

  #setStatus(status: SessionStatus): void {
    this.#status = status;
    this.#guarded(() => {
      this.#options.onStatus(status);
    });
  }

  #tell(name: keyof IbListeners, args: readonly unknown[]): void {
    for (const listeners of [...this.#listeners]) {
      const listener = listeners[name] as ((...args: readonly unknown[]) => void) | undefined;
      if (listener !== undefined) {
        this.#guarded(() => {
          listener(...args);
        });
      }
    }
  }

  /** A listener that throws must not take the next message with it. */
  #guarded(action: () => void): void {
    try {
      action();
    } catch (cause) {
      this.#options.onFault(cause);
    }
  }
}
