// The simulated gateway as a running thing: the client port, the control port, the market's beat, and
// what a reset does. The library entry for tests.
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import type { Server as HttpServer } from 'node:http';
import { createControl } from './control/control.ts';
import type { Control } from './control/control.ts';
import { createControlServer } from './control/control-server.ts';
import type { ControlHost } from './control/route.ts';
import { checkScript, runScript } from './faults/fault-script.ts';
import type { ScriptStep } from './faults/fault-script.ts';
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
  /** How fast the exchange clock runs; 1 unless given. */
  rate?: number;
  /** Faults and other control calls, from the start and again after each reset. */
  script?: readonly ScriptStep[];
};
/** A gateway that is listening. */
export type SimGateway = {
  port: number;
  controlPort: number;
  host: string;
  /** Everything the control port can do, typed, in the same process. */
  control: Control;
  /** The parts themselves, for what no route reaches; a reset replaces them. */
  readonly sim: Simulation;
  /** Commits state and ends every connection. */
  close(): Promise<void>;
};

/** The market beats once in a second of exchange time, looked at this often. */
const BEAT_MS = 1000;
const LOOK_MS = 50;
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

/** Ends a simulation: what is buffered leaves, connections end, timers are forgotten. */
function end(sim: Simulation): void {
  sim.flushNow();
  for (const session of [...sim.sessions]) session.close('now');
  sim.clock.stop();
}

/** A simulation that can be replaced by a fresh one. */
function createHost(options: SimGatewayOptions): ControlHost & { control: Control } {
  const script = options.script ?? [];
  checkScript(script);
  const begin = () => {
    if (options.rate !== undefined) sim.clock.set({ rate: options.rate });
    runScript(sim, host.control, script);
  };
  let sim = createSimulation(options);
  const host = {
    get sim() {
      return sim;
    },
    reset: () => {
      end(sim);
      sim.persistence.erase();
      sim = createSimulation(options);
      begin();
    },
  } as ControlHost & { control: Control };
  host.control = createControl(host);
  begin();
  return host;
}

/** Starts a gateway. Rejects when a port is taken. Ready for clients when it resolves. */
export async function startSimGateway(options: SimGatewayOptions = {}): Promise<SimGateway> {
  const host = options.host ?? LOOPBACK;
  const simulated = createHost(options);
  const server = createServer((socket) => {
    const { sim } = simulated;
    const hasRoom = sim.sessions.size < sim.rules.maxConnections;
    if (sim.isUp && hasRoom) sim.sessions.add(new ClientSession(sim, socket));
    else socket.destroy();
  });
  const http = createControlServer(simulated);
  const close = async () => {
    clearInterval(timer);
    end(simulated.sim);
    http.closeAllConnections();
    await Promise.all([stop(server), stop(http)]);
    simulated.sim.persistence.close();
  };
  let beatAt = simulated.sim.clock.now();
  const timer = setInterval(() => {
    const { clock } = simulated.sim;
    // A virtual clock moves by command, and the market with it.
    if (clock.mode === 'virtual' || Math.abs(clock.now() - beatAt) < BEAT_MS) return;
    beatAt = clock.now();
    beat(simulated.sim);
  }, LOOK_MS);
  timer.unref();
  try {
    const port = await listen(server, options.port ?? 0, host);
    const controlPort = await listen(http, options.controlPort ?? 0, LOOPBACK);
    return {
      port,
      controlPort,
      host,
      control: simulated.control,
      get sim() {
        return simulated.sim;
      },
      close,
    };
  } catch (cause) {
    await close();
    throw cause;
  }
}
