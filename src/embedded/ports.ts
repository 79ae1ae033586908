// Loopback ports: is one free, which one is, and does somebody answer there.
import { connect, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const loopback = '127.0.0.1';

/** Whether the port can be bound on loopback now. */
export async function isPortFree(port: number): Promise<boolean> {
  return (await tryListen(port)) !== undefined;
}

/** A loopback port that was free a moment ago. */
export async function findFreePort(): Promise<number> {
  const port = await tryListen(0);
  if (port === undefined) throw new Error('no loopback port is free');
  return port;
}

/** Whether a TCP connection to host and port opens within the time. */
export async function answers(host: string, port: number, timeoutMs = 1_000): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const finish = (isOpen: boolean): void => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.setTimeout(timeoutMs, () => {
      finish(false);
    });
    socket.once('connect', () => {
      finish(true);
    });
    socket.once('error', () => {
      finish(false);
    });
  });
}

/** Polls `isReady` until it holds; false when `timeoutMs` passed or `isOver` says that it is no use. */
export async function waitUntil(
  isReady: () => boolean | Promise<boolean>,
  timeoutMs: number,
  isOver: () => boolean = () => false,
): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (performance.now() < deadline && !isOver()) {
    if (await isReady()) return true;
    await delay(15);
  }
  return false;
}

async function tryListen(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(undefined);
    });
    server.listen({ host: loopback, port, exclusive: true }, () => {
      const address = server.address();
      const bound = typeof address === 'object' && address !== null ? address.port : undefined;
      server.close(() => {
        resolve(bound);
      });
    });
  });
}
