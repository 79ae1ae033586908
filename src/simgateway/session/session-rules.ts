// How strict a gateway is with its clients, and how much of the machine one of them may use.
import { HistoryPacer } from './pacing.ts';

/** The settings of a gateway that concern its connections. */
export type SessionOptions = {
  /** Error 100 above 50 messages a second, and the end of the connection at the third time (true). */
  pacing?: boolean;
  /** Error 162 for historical requests above IBKR's limits (false). */
  historicalPacing?: boolean;
  /** Refuses every order and cancel with error 321 (false). */
  readOnly?: boolean;
  /** Connections at a time, the not yet started ones included; further ones are refused (32). */
  maxConnections?: number;
  /** Unsent bytes after which a client that does not read is dropped (64 MiB). */
  maxBacklogBytes?: number;
  /** Bytes of the largest frame a client may send (1 MiB). */
  maxFrameBytes?: number;
  /** Machine milliseconds within which a connection has to have started the API (30,000). */
  handshakeMs?: number;
};

/** The same, decided. */
export type SessionRules = Required<Omit<SessionOptions, 'historicalPacing'>> & {
  /** Counts historical requests; undefined when they are not paced. */
  history: HistoryPacer | undefined;
};

const MIB = 1024 * 1024;

/** Fills in the defaults. */
export const sessionRules = (o: SessionOptions): SessionRules => ({
  pacing: o.pacing ?? true,
  history: o.historicalPacing === true ? new HistoryPacer() : undefined,
  readOnly: o.readOnly ?? false,
  maxConnections: o.maxConnections ?? 32,
  maxBacklogBytes: o.maxBacklogBytes ?? 64 * MIB,
  maxFrameBytes: o.maxFrameBytes ?? MIB,
  handshakeMs: o.handshakeMs ?? 30_000,
});
