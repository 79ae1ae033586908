// One client connection: bytes to frames, handshake, dispatch, and the outgoing buffer. Requests are
// handled strictly in order; a barrier stops the rest until it is released.
import type { Socket } from 'node:net';
import { OutboundPipeline } from '../faults/outbound-pipeline.ts';
import type { OutFrame } from '../faults/outgoing.ts';
import type { Simulation } from '../simulation.ts';
import * as events from '../wire/events.ts';
import type { Entry, Layout, ValuesOf } from '../wire/field-table.ts';
import { encodeFrame, FrameReader, FramingError, splitFields } from '../wire/framing.ts';
import { HELLO_PREFIX, negotiateVersion, parseVersionRange } from '../wire/handshake.ts';
import { hash } from '../market/price-path.ts';
import { formatWallTime, ZONE } from '../market/new-york-time.ts';
import { dispatch } from './dispatch.ts';
import { createSubscriptions } from './subscriptions.ts';
import type { Subscriptions } from './subscriptions.ts';

type Stage = 'prefix' | 'version' | 'requests';
/** Unsent bytes after which a client that does not read is dropped. */
const MAX_BACKLOG_BYTES = 64 * 1024 * 1024;
const MAX_HELLO_BYTES = 1024;
const LENGTH_BYTES = 4;

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
  private readonly reader = new FrameReader();
  private stage: Stage = 'prefix';
  private readonly outbound = new OutboundPipeline(this);
  private pending: OutFrame[] = [];
  private nextWriteAt = 0;
  private writes = 0;
  private isCorked = false;
  private isMuted = false;
  private isHeld = false;
  private isPaused = false;

  constructor(sim: Simulation, socket: Socket) {
    this.sim = sim;
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => {
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

  /** Sends a message to this client by way of the faults; it is buffered until the next flush. */
  send<T extends readonly Entry[]>(layout: Layout<T>, values: ValuesOf<T>): void {
    if (!this.isMuted) this.outbound.send(layout, values);
  }

  /** Buffers bytes until the next flush; false when nothing reaches this client any more. */
  enqueue(frame: OutFrame): boolean {
    if (!this.isMuted) this.pending.push(frame);
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
    this.sim.faults.connectionEnded(this);
    this.sim.journal.add('connection', this.clientId, 'closed', {});
  }

  private writeAll(frames: readonly OutFrame[]): void {
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
    if (this.socket.writableLength > MAX_BACKLOG_BYTES) this.close('now');
  }

  private pump(): void {
    try {
      while (!this.isHeld && this.sim.sessions.has(this) && this.step());
    } catch (cause) {
      if (!(cause instanceof FramingError)) throw cause;
      this.sim.journal.add('connection', this.clientId, 'garbage', { text: cause.message });
      this.close('now');
    }
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
    else dispatch(this, splitFields(body), body.length + LENGTH_BYTES);
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
    const time = `${formatWallTime(this.sim.clock.now())} ${ZONE}`;
    this.pending.push({ bytes: encodeFrame([String(version), time]) });
    this.sim.scheduleFlush();
  }
}
