// The simulated gateway as a running thing: the client port, the control port and the market's beat.
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import type { Server as HttpServer } from 'node:http';
import { createControlServer } from './control/control-server.ts';
import { ClientSession } from './session/client-session.ts';
import { beat } from './session/market-stream.ts';
import { createSimulation } from './simulation.ts';
import type { Simulation, SimulationOptions } from './simulation.ts';

/** Simulation options plus where to listen. */
export type SimGatewayOptions = SimulationOptions & {
  /** Client port; 0 picks a free one. */
  port?: number;
  /** Control port; 0 picks a free one. Always on the loopback address. */
  controlPort?: number;
  host?: string;
};
/** A gateway that is listening. */
export type SimGateway = {
  port: number;
  controlPort: number;
  host: string;
  /** The same things the control port reaches, for tests in the same process. */
  sim: Simulation;
  /** Commits state and ends every connection. */
  close(): Promise<void>;
};

const BEAT_MS = 1000;
const LOOPBACK = '127.0.0.1';

function listen(server: Server | HttpServer, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function stop(server: Server | HttpServer): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
  });
}

/** Starts a gateway. Rejects when a port is taken. Ready for clients when it resolves. */
export async function startSimGateway(options: SimGatewayOptions = {}): Promise<SimGateway> {
  const host = options.host ?? LOOPBACK;
  const sim = createSimulation(options);
  const server = createServer((socket) => {
    const hasRoom = sim.sessions.size < sim.rules.maxConnections;
    if (sim.isUp && hasRoom) sim.sessions.add(new ClientSession(sim, socket));
    else socket.destroy();
  });
  const control = createControlServer(sim);
  const port = await listen(server, options.port ?? 0, host);
  const controlPort = await listen(control, options.controlPort ?? 0, LOOPBACK);
  const timer = setInterval(() => {
    beat(sim);
  }, BEAT_MS);
  timer.unref();
  return {
    port,
    controlPort,
    host,
    sim,
    close: async () => {
      clearInterval(timer);
      sim.flushNow();
      for (const session of [...sim.sessions]) session.close('now');
      control.closeAllConnections();
      await Promise.all([stop(server), stop(control)]);
      sim.persistence.close();
    },
  };
}
