import type { IBApi } from '@stoqey/ib';
import { GatewayError } from '../../domain/errors.ts';
import type { LinkReason } from '../../domain/link-reason.ts';
import { backoffMs, isBreakerOpen } from './backoff.ts';
import type { Clock } from './clock.ts';
import { Heartbeat } from './heartbeat.ts';
import { Listeners } from './listeners.ts';
import { cutOff, noticeOf } from './notices.ts';
import {
  accountMismatch,
  notStarted,
  type Environment,
  type SessionStatus,
} from './session-status.ts';
import type { SessionTiming } from './session-timing.ts';
import type { TokenBucket } from './token-bucket.ts';
import { FIRST_REQUEST_ID, type IbEventName, type IbListeners } from './wire-events.ts';
import { openWire, type Wire } from './wire.ts';

/**
 * A client id's session with TWS that outlives its TCP connections: connects, waits for nextValidId and
 * managedAccounts, watches that TWS still answers, and starts anew with back-off when anything is wrong. Each
 * connection is a fresh `Wire`; nothing asked of the old one is ever sent on the next.
 */
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
  readonly #listeners: Listeners;
  readonly #heartbeat: Heartbeat;
  #wire: Wire | null = null;
  /** Connections that were tried since the process began. */
  attempts = 0;
  #epoch = 0;
  #status: SessionStatus = notStarted;
  #failures = 0;
  #readyAtMs: number | null = null;
  /** The broken link of the connection before this one still counts. */
  #isCarried = false;
  #offeredId: number | null = null;
  #offeredAccounts: readonly string[] | null = null;
  #nextRequestId = FIRST_REQUEST_ID;
  #timers: (() => void)[] = [];
  readonly #undecoded = new Set<string>();

  constructor(options: SessionOptions) {
    this.#options = options;
    this.clientId = options.clientId;
    this.#listeners = new Listeners(options.onFault);
    this.#heartbeat = new Heartbeat({
      clock: options.clock,
      everyMs: options.timing.pingEveryMs,
      deadlineMs: options.timing.pingDeadlineMs,
      beat: () => {
        this.#ping();
      },
      onSilence: () => {
        this.#fail(this.#epoch, 'no-answer', 'TWS no longer answers');
      },
    });
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
    return this.#listeners.add(listeners);
  }

  /** A request id that no other request of this process has. */
  takeRequestId(): number {
    if (this.#nextRequestId >= 2_000_000_000) this.#nextRequestId = FIRST_REQUEST_ID;
    return this.#nextRequestId++;
  }

  /** Writes now or not at all. Throws `BROKER_UNAVAILABLE` (not one byte) or `OUTCOME_UNKNOWN` (the session is destroyed). */
  write(send: (api: IBApi) => void): void {
    const outcome = this.isReady && this.#wire !== null ? this.#wire.write(send) : 'refused';
    if (outcome !== 'refused') this.#options.bucket.sent();
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
    this.#setStatus({
      ...this.#status,
      phase: 'waiting',
      isCaughtUp: false,
      reason: 'reconnect-requested',
      detail: 'a new connection was asked for',
    });
    this.#connect();
  }

  /** Whoever reads what was missed tells it here; news of an older connection are ignored. */
  caughtUp(epoch: number): void {
    const isCurrent = epoch === this.#epoch && this.isReady && this.#status.brokenBy === null;
    if (!isCurrent || this.#status.isCaughtUp) return;
    this.#setStatus({ ...this.#status, isCaughtUp: true, reason: 'connected', detail: 'ready' });
  }

  /** Ends for good. */
  close(): void {
    this.#drop('closed');
    this.#setStatus({
      ...notStarted,
      phase: 'closed',
      isDown: true,
      reason: 'closed',
      detail: 'closed',
    });
  }

  #connect(): void {
    this.#clearTimers();
    const epoch = ++this.#epoch;
    this.attempts += 1;
    const { host, port, clientId, clock, timing } = this.#options;
    this.#isCarried = this.#status.brokenBy !== null;
    this.#setStatus({ ...this.#status, phase: 'connecting', nextAttemptMs: null });
    this.#timers.push(
      clock.after(timing.readyDeadlineMs, () => {
        this.#fail(epoch, 'start-incomplete', 'TWS did not complete the start of the session');
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
        const detail = 'the session was destroyed after a fault of the connection';
        this.#fail(epoch, 'connection-fault', detail);
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
    if (name === 'currentTime') this.#heartbeat.answered();
    this.#listeners.tell(name, args);
    if (name === 'error' && args[1] === UNDECODED) this.#reportOnce(args[0] as Error);
    if (name === 'info') this.#hearNotice(epoch, args[1] as number);
    if (name === 'disconnected') this.#fail(epoch, 'unreachable', 'TWS is not reachable');
  }

  /** A message that the library could not decode may be news that is lost: once per kind, for the operator. */
  #reportOnce(error: Error): void {
    const kind = error.message.slice(0, 60);
    if (this.#undecoded.has(kind)) return;
    this.#undecoded.add(kind);
    this.#options.onFault(error);
  }

  #hearNotice(epoch: number, code: number): void {
    const notice = noticeOf(code);
    if (notice?.kind === 'refused') {
      const { reason, isBusy } = notice;
      const detail = isBusy
        ? `client id ${this.clientId} is used by another connection (${code})`
        : `TWS has moved its socket port (${code})`;
      const waitMs = isBusy ? this.#options.timing.clientIdBusyMs : undefined;
      this.#fail(epoch, reason, detail, waitMs);
    } else if (notice?.kind === 'link-lost') {
      this.#isCarried = false;
      this.#setStatus({ ...this.#status, brokenBy: code, isCaughtUp: false, ...cutOff(code) });
    } else if (notice?.kind === 'link-back') {
      this.#restore(notice.dataLost);
    } else if (notice?.kind === 'farm-up' && this.#isCarried) {
      this.#restore(false);
    }
  }

  /** TWS has its link again: what it missed to say is asked for before anything is called ready. */
  #restore(dataLost: boolean): void {
    this.#isCarried = false;
    const words = this.isReady ? catchingUp : {};
    this.#setStatus({ ...this.#status, brokenBy: null, isCaughtUp: false, ...words });
    if (this.isReady) this.#listeners.tell('restored', [dataLost]);
  }

  #becomeReady(epoch: number): void {
    const isAlive = epoch === this.#epoch && ['connecting', 'ready'].includes(this.#status.phase);
    if (!isAlive || this.#offeredId === null || this.#offeredAccounts === null) return;
    const mismatch = accountMismatch(this.#options.environment, this.#offeredAccounts);
    if (mismatch !== null) {
      this.#fail(epoch, 'accounts-refused', mismatch, this.#options.timing.longestMs);
      return;
    }
    this.accounts = this.#offeredAccounts;
    if (this.isReady) return;
    this.#clearTimers();
    this.nextValidId = this.#offeredId;
    this.firstValidId = this.#offeredId;
    this.#readyAtMs = this.#options.clock.monotonicMs();
    const { brokenBy } = this.#status;
    const words = brokenBy === null ? catchingUp : cutOff(brokenBy);
    this.#setStatus({ ...notStarted, phase: 'ready', brokenBy, ...words });
    if (this.#isCarried) this.#endCarry(epoch);
    this.#heartbeat.start();
    this.#listeners.tell('ready', []);
  }

  #endCarry(epoch: number): void {
    const { clock, timing } = this.#options;
    this.#timers.push(
      clock.after(timing.brokenForMs, () => {
        if (epoch === this.#epoch && this.#isCarried) this.#restore(true);
      }),
    );
  }

  #ping(): void {
    const epoch = this.#epoch;
    try {
      this.write((api) => api.reqCurrentTime());
    } catch (cause) {
      this.#options.onFault(cause);
      this.#fail(epoch, 'connection-fault', 'TWS takes no more messages');
    }
  }

  #fail(epoch: number, reason: LinkReason, detail: string, waitMs?: number): void {
    if (epoch !== this.#epoch || this.#status.phase === 'closed') return;
    const { clock, timing } = this.#options;
    const lived = this.#readyAtMs === null ? 0 : clock.monotonicMs() - this.#readyAtMs;
    this.#failures = lived >= timing.stableMs ? 1 : this.#failures + 1;
    const { brokenBy } = this.#status;
    this.#drop(detail);
    const isDown = waitMs !== undefined || isBreakerOpen(timing, this.#failures);
    const delay = waitMs ?? backoffMs(timing, this.#failures, clock.random());
    const nextAttemptMs = clock.wallMs() + delay;
    const fresh = { ...notStarted, phase: 'waiting', brokenBy } as const;
    this.#setStatus({ ...fresh, isDown, reason, detail, nextAttemptMs });
    this.#timers.push(
      clock.after(delay, () => {
        this.#connect();
      }),
    );
  }

  #drop(reason: string): void {
    this.#epoch += 1;
    this.#clearTimers();
    this.#heartbeat.stop();
    this.#wire?.destroy();
    this.#wire = null;
    this.#offeredId = null;
    this.#offeredAccounts = null;
    this.#readyAtMs = null;
    const wasReady = this.nextValidId !== null;
    this.nextValidId = null;
    this.firstValidId = null;
    if (this.isReady) this.#status = { ...this.#status, phase: 'waiting', detail: reason };
    if (wasReady) this.#listeners.tell('lost', [reason]);
  }

  #clearTimers(): void {
    for (const cancel of this.#timers) cancel();
    this.#timers = [];
  }

  #setStatus(status: SessionStatus): void {
    this.#status = status;
    this.#listeners.guarded(() => {
      this.#options.onStatus(status);
    });
  }
}

const catchingUp = {
  reason: 'catching-up',
  detail: 'what happened meanwhile is being read',
} as const;
