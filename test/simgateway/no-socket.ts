// A socket that is none: what a session writes is kept, what a client would send is emitted.
import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { ClientSession } from '../../src/simgateway/session/client-session.ts';
import type { Simulation } from '../../src/simgateway/simulation.ts';
import { frame, greeting } from './raw-client.ts';

export class NoSocket extends EventEmitter {
  writable = true;
  destroyed = false;
  writableLength = 0;
  /** Everything written so far; kept only when asked for. */
  written: Buffer[] = [];
  private readonly keeps: boolean;
  constructor(keeps = false) {
    super();
    this.keeps = keeps;
  }
  setNoDelay = () => this;
  pause = () => this;
  resume = () => this;
  end = () => this;
  resetAndDestroy = () => this.destroy();
  write = (bytes: Buffer) => {
    if (this.keeps) this.written.push(bytes);
    return true;
  };
  destroy = () => {
    this.destroyed = true;
    return this;
  };
}

/** A client that has greeted and started the API, without any socket. */
export function connectInProcess(
  sim: Simulation,
  { clientId, version, keeps = false }: { clientId: number; version: number; keeps?: boolean },
) {
  const socket = new NoSocket(keeps);
  const session = new ClientSession(sim, socket as unknown as Socket);
  sim.sessions.add(session);
  socket.emit('data', greeting(`v100..${version}`));
  socket.emit('data', frame(71, 2, clientId, ''));
  return { socket, session };
}
