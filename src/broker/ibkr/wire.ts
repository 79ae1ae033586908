import type { Socket } from 'node:net';
import { EventName, IBApi } from '@stoqey/ib';
import { ibEventNames, type IbEventName } from './wire-events.ts';

/**
 * One TCP session of the library, contained. The library queues what it cannot send, loses what waits in its
 * limiter, and throws out of its socket handler on input that it cannot read (reference note 1.4 A, B, F, G). So:
 * a fresh `IBApi` per session that is discarded with it, a limiter that never holds anything back, every exception
 * of its socket handlers caught, and a write that proves that the kernel took the bytes in that very call.
 * This is the one file that knows the library's insides.
 */
export type Wire = {
  /**
   * Runs `send` (one call of the library) and says what became of its bytes: `written` = the operating system
   * has all of them; `refused` = not one byte went out, nor ever will; `uncertain` = a part may be out, the session
   * has been destroyed and no further byte leaves.
   */
  readonly write: (send: (api: IBApi) => void) => 'written' | 'refused' | 'uncertain';
  /** Ends the session at once; what the operating system has not taken yet is dropped. */
  readonly destroy: () => void;
};

export type WireOptions = {
  readonly host: string;
  readonly port: number;
  readonly clientId: number;
  /** Every event of the library in arrival order. */
  readonly onEvent: (name: IbEventName, args: unknown[]) => void;
  /** The library threw inside a socket handler: the session can no longer be trusted. */
  readonly onBroken: (cause: unknown) => void;
};

/** The private parts we need; the constructor below checks that they are there. */
type Insides = {
  readonly controller: {
    readonly socket: {
      readonly client?: Socket;
      onConnect: () => void;
      onData: (data: Buffer) => void;
      onEnd: () => void;
      onError: (error: Error) => void;
    };
    readonly commands: {
      readonly _paused: boolean;
      readonly _processing: boolean;
      readonly _commands: unknown[];
      readonly _commandsCurrent: unknown[];
    };
  };
};

function insidesOf(api: IBApi): Insides['controller'] {
  const { controller } = api as unknown as Insides;
  const { socket, commands } = controller;
  const asExpected =
    typeof socket.onData === 'function' &&
    typeof socket.onConnect === 'function' &&
    typeof socket.onEnd === 'function' &&
    typeof socket.onError === 'function' &&
    typeof commands._paused === 'boolean' &&
    Array.isArray(commands._commands) &&
    Array.isArray(commands._commandsCurrent);
  if (!asExpected) throw new Error('@stoqey/ib has changed inside: wire.ts must be read again');
  return controller;
}

/** Puts a net under the socket handlers: the library looks each of them up on the instance when it is called. */
function contain(socket: Insides['controller']['socket'], onBroken: (cause: unknown) => void) {
  const guarded =
    <Args extends unknown[]>(handler: (...args: Args) => void) =>
    (...args: Args): void => {
      try {
        handler.apply(socket, args);
      } catch (cause) {
        onBroken(cause);
      }
    };
  socket.onConnect = guarded(socket.onConnect);
  socket.onData = guarded(socket.onData);
  socket.onEnd = guarded(socket.onEnd);
  socket.onError = guarded(socket.onError);
}

/** Whether a write would reach the operating system in the same call. */
function isWritable(controller: Insides['controller']): boolean {
  const { socket, commands } = controller;
  const client = socket.client;
  return (
    client !== undefined &&
    !client.destroyed &&
    client.writable &&
    client.readyState === 'open' &&
    client.writableLength === 0 &&
    !commands._paused &&
    !commands._processing &&
    commands._commands.length === 0 &&
    commands._commandsCurrent.length === 0
  );
}

/** Opens one TCP session. Nothing is thrown for a connection that fails: that is the event `disconnected`. */
export function openWire(options: WireOptions): Wire {
  const { host, port, clientId } = options;
  // An unlimited rate makes the library's limiter call straight through, whatever the load.
  const api = new IBApi({ host, port, clientId, maxReqPerSec: Number.POSITIVE_INFINITY });
  const controller = insidesOf(api);
  contain(controller.socket, options.onBroken);
  let sent = 0;
  let alive = true;
  api.on(EventName.sent, () => {
    sent += 1;
  });
  for (const name of ibEventNames) {
    // The overloads of `on` cannot be called with a union; the argument types are those of IbEvents.
    (api as unknown as { on: (event: string, listener: (...args: unknown[]) => void) => void }).on(
      name,
      (...args) => {
        if (alive) options.onEvent(name, args);
      },
    );
  }
  const destroy = (): void => {
    alive = false;
    controller.socket.client?.destroy();
  };
  api.connect();
  controller.socket.client?.setNoDelay(true);
  return {
    destroy,
    write: (send) => {
      if (!alive || !isWritable(controller)) return 'refused';
      const before = sent;
      let thrown: unknown = null;
      try {
        send(api);
      } catch (cause) {
        thrown = cause;
      }
      const client = controller.socket.client;
      if (sent === before) {
        // Queued or dropped inside the library. Destroying the session makes sure that it stays unsent.
        destroy();
        options.onBroken(new Error('the library did not write in the call', { cause: thrown }));
        return 'refused';
      }
      const isOut = thrown === null && client?.errored === null && client.writableLength === 0;
      if (isOut && !client.destroyed) return 'written';
      destroy();
      options.onBroken(
        new Error('the operating system did not take the whole message', { cause: thrown }),
      );
      return 'uncertain';
    },
  };
}
