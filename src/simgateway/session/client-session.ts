// One client connection: bytes to frames, handshake, dispatch, and the outgoing buffer. Requests are
// handled strictly in order; a barrier stops the rest until it is released.
import type { Socket } from 'node:net';
import { OutboundPipeline } from '../faults/outbound-pipeline.ts';
import type { OutFrame } from '../faults/outgoing.ts';
import type { Simulation } from '../simulation.ts';
import * as events from '../wire/events.ts';
import type { Entry, Layout, Values, ValuesOf } from '../wire/field-table.ts';
import { encodeFrame, FrameReader, FramingError, splitFields } from '../wire/framing.ts';
import { HELLO_PREFIX, negotiateVersion, parseVersionRange } from '../wire/handshake.ts';
import { hash } from '../market/hash.ts';
import { formatWallTime, ZONE } from '../market/new-york-time.ts';
import { dispatch } from './dispatch.ts';
import { MessagePacer } from './pacing.ts';
import { createSubscriptions } from './subscriptions.ts';
import type { Subscriptions } from './subscriptions.ts';

type Stage = 'prefix' | 'version' | 'requests';
const MAX_HELLO_BYTES = 1024;
/** Connect option by which a client asks to be paced instead of warned. */
const PACES_API = /(?:^|\s)\+PACEAPI(?:\s|$)/;
const LENGTH_BYTES = 4;
/** How long a client may take to end its side of a connection that was ended. */
const LINGER_MS = 5000;

const sizeOf = (frames: readonly OutFrame[]) =>
  frames.reduce((sum, { bytes }) => sum + bytes.length, 0);
const describe = (cause: unknown) =>
  cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);

/** A connection from its first byte to its last. */
export class ClientSession {
  readonly sim: Simulation;
  readonly subscriptions: Subscriptions = createSubscriptions();
  version = 0;
  /** −1 until the client has started the API. */
  clientId = -1;
  isReady = false;
  /** How everything to this client is slowed: milliseconds, and bytes per TCP write (0: whole). */
  pace = { delayMs: 0, jitterMs: 0, splitBytes: 0 };
  private readonly socket: Socket;
  private readonly reader: FrameReader;
  private readonly pacer = new MessagePacer();
  private readonly handshakeTimer: NodeJS.Timeout;
  private stage: Stage = 'prefix';
  private readonly outbound = new OutboundPipeline(this);
  private pending: OutFrame[] = [];
  /** Bytes that are buffered here: pending, or waiting for a delay to pass. */
  private unsent = 0;
  private isPaced: boolean;
  private nextWriteAt = 0;
  private writes = 0;
  private isCorked = false;
  private isMuted = false;
  private isHeld = false;
  private isPaused = false;

  constructor(sim: Simulation, socket: Socket) {
    this.sim = sim;
    this.socket = socket;
    this.reader = new FrameReader(sim.rules.maxFrameBytes);
    this.isPaced = sim.rules.pacing;
    this.handshakeTimer = setTimeout(() => {
      if (!this.isReady) this.end('idle', { text: 'the API was not started in time' });
    }, sim.rules.handshakeMs).unref();
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => {
      if (!sim.sessions.has(this)) return;
      this.reader.push(chunk);
      this.pump();
    });
    socket.on('error', () => {
      this.forget();
    });
    socket.on('close', () => {
      this.forget();
    });
  }

  /**
   * Sends a message to this client by way of the faults; it is buffered until the next flush. Never
   * throws: a message that cannot be written ends this connection and no other.
   */
  send<T extends readonly Entry[]>(layout: Layout<T>, values: ValuesOf<T>): void {
    if (this.isMuted) return;
    try {
      this.outbound.send(layout, values);
    } catch (cause) {
      this.end('failed', { text: describe(cause), message: layout.name });
    }
  }

  /** Buffers bytes until the next flush; false when nothing reaches this client any more. */
  enqueue(frame: OutFrame): boolean {
    if (this.isMuted) return false;
    this.pending.push(frame);
    this.unsent += frame.bytes.length;
    this.limitBacklog();
    return !this.isMuted;
  }

  /** An error message; id −1 concerns no request. */
  sendError(id: number, code: number, text: string): void {
    this.send(events.error, { id, code, text, timeMs: this.sim.clock.now() });
  }

  /** Writes buffered bytes unless something holds them back. */
  flush(): void {
    if (this.pending.length === 0 || this.isCorked || this.isPaused) return;
    const frames = this.pending;
    this.pending = [];
    const { clock } = this.sim;
    const at = Math.max(clock.now() + this.waitMs(), this.nextWriteAt);
    if (at <= clock.now()) {
      this.writeAll(frames);
      return;
    }
    // A stream keeps its order however much each part of it is delayed.
    this.nextWriteAt = at;
    clock.after(at - clock.now(), () => {
      this.writeAll(frames);
    });
  }

  private waitMs(): number {
    const { delayMs, jitterMs } = this.pace;
    if (jitterMs === 0) return delayMs;
    this.writes += 1;
    return delayMs + (hash(this.sim.seed, this.clientId, this.writes) % (jitterMs + 1));
  }

  /** Slows everything to this client from now on; what is not given stays. */
  slow(by: { delayMs?: number; jitterMs?: number; bytes?: number }): void {
    this.pace = {
      delayMs: by.delayMs ?? this.pace.delayMs,
      jitterMs: by.jitterMs ?? this.pace.jitterMs,
      splitBytes: by.bytes ?? this.pace.splitBytes,
    };
  }

  cork(corked: boolean): void {
    this.isCorked = corked;
    if (!corked) this.flush();
  }

  /** Nothing more reaches the client, though the connection stays. */
  mute(): void {
    this.isMuted = true;
    this.unsent -= sizeOf(this.pending);
    this.pending = [];
  }

  /** Half-open: neither reads nor writes while paused. */
  pause(paused: boolean): void {
    this.isPaused = paused;
    if (paused) {
      this.socket.pause();
    } else {
      this.socket.resume();
      this.flush();
    }
  }

  /** Stops handling requests; false lets the waiting ones through. */
  hold(held: boolean): void {
    this.isHeld = held;
    if (!held) this.pump();
  }

  /** Ends the connection: after what was buffered, at once, or with a reset. */
  close(how: 'flush' | 'now' | 'reset'): void {
    this.sim.persistence.commit();
    if (how === 'flush') {
      this.flush();
      this.socket.end();
      // A client that does not end its own side must not keep the socket.
      setTimeout(() => this.socket.destroy(), LINGER_MS).unref();
    } else if (how === 'reset') {
      this.socket.resetAndDestroy();
    } else {
      this.socket.destroy();
    }
    this.forget();
  }

  private forget(): void {
    if (!this.sim.sessions.delete(this)) return;
    this.isMuted = true;
    this.isReady = false;
    clearTimeout(this.handshakeTimer);
    this.pending = [];
    this.sim.faults.connectionEnded(this);
    this.sim.journal.add('connection', this.clientId, 'closed', {});
  }

  /** Ends the connection at once and says why in the journal. */
  private end(why: 'garbage' | 'failed' | 'idle' | 'backlog', details: Values): void {
    if (!this.sim.sessions.has(this)) return;
    this.sim.journal.add('connection', this.clientId, why, details);
    this.close('now');
  }

  /** Drops a client that does not read what it is sent. */
  private limitBacklog(): void {
    const bytes = this.unsent + this.socket.writableLength;
    if (bytes > this.sim.rules.maxBacklogBytes) this.end('backlog', { bytes });
  }

  private writeAll(frames: readonly OutFrame[]): void {
    this.unsent -= sizeOf(frames);
    const { splitBytes } = this.pace;
    const cuts = frames.some((f) => f.splitBytes !== undefined);
    if (splitBytes === 0 && !cuts) {
      this.write(Buffer.concat(frames.map((f) => f.bytes)), 0);
      return;
    }
    for (const f of frames) this.write(f.bytes, f.splitBytes ?? splitBytes);
  }

  private write(bytes: Buffer, splitBytes: number): void {
    if (this.socket.destroyed || !this.socket.writable) return;
    const step = splitBytes > 0 ? splitBytes : bytes.length;
    for (let at = 0; at < bytes.length; at += step) {
      this.socket.write(bytes.subarray(at, at + step));
    }
    this.limitBacklog();
  }

  private pump(): void {
    try {
      while (!this.isHeld && this.sim.sessions.has(this) && this.step());
    } catch (cause) {
      if (cause instanceof FramingError) this.end('garbage', { text: cause.message });
      else this.fail(cause);
    }
  }

  /** A request that could not be handled ends its own connection and no other. */
  private fail(cause: unknown): void {
    if (!this.sim.sessions.has(this)) return;
    this.sim.journal.add('connection', this.clientId, 'failed', { text: describe(cause) });
    this.sendError(-1, 507, 'Internal error while handling a message; the connection is closed.');
    this.close('flush');
  }

  /** False when this message was one too many and has ended the connection. */
  private isInPace(): boolean {
    const verdict = this.isPaced ? this.pacer.count(performance.now()) : undefined;
    if (verdict === undefined || verdict.kind === 'ok') return true;
    this.sim.journal.add('connection', this.clientId, 'pacing', { text: verdict.text });
    this.sendError(-1, 100, verdict.text);
    if (verdict.kind === 'warn') return true;
    this.close('flush');
    return false;
  }

  /** Handles one unit of input; false when more bytes are needed. */
  private step(): boolean {
    if (this.stage === 'prefix') {
      const prefix = this.reader.takeRaw(HELLO_PREFIX.length);
      if (prefix === undefined) return false;
      if (prefix.toString('latin1') !== HELLO_PREFIX) throw new FramingError('no API greeting');
      this.stage = 'version';
      return true;
    }
    const body = this.reader.next();
    if (body === undefined) return false;
    if (this.stage === 'version') this.greet(body);
    else if (this.isInPace()) dispatch(this, splitFields(body), body.length + LENGTH_BYTES);
    return true;
  }

  private greet(body: Buffer): void {
    const range =
      body.length > MAX_HELLO_BYTES ? undefined : parseVersionRange(body.toString('latin1'));
    const version =
      range === undefined ? undefined : negotiateVersion(range, this.sim.maxServerVersion);
    if (version === undefined) throw new FramingError('no common server version');
    this.version = version;
    this.stage = 'requests';
    if (PACES_API.test(range?.options ?? '')) this.isPaced = false;
    const time = `${formatWallTime(this.sim.clock.now())} ${ZONE}`;
    this.enqueue({ bytes: encodeFrame([String(version), time]) });
    this.sim.scheduleFlush();
  }
}
