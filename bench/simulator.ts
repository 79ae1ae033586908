// How many orders the simulated gateway takes from the frame to the fill: once within this process, without
// a socket, on one core; once as a process of its own, over a real one.
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { ClientSession } from '../src/simgateway/session/client-session.ts';
import { createSimulation, type Simulation } from '../src/simgateway/simulation.ts';
import { startGatewayProcess } from '../test/compat/gateway-process.ts';
import { frame, greeting, placeOrderFields } from '../test/simgateway/raw-client.ts';
import { simControl } from '../test/support/sim-control.ts';

const serverVersion = 193;
/** A trading moment; the clock stands in process, so that both sides see one market. */
const noon = '2026-11-24T17:00:00Z';
const apple = { 2: 265598, 3: 'AAPL', 4: 'STK', 9: 'SMART', 11: 'USD' };
const ordersAtOnce = 50;
const lostAfterMs = 60_000;

/** What one run came to. Bytes are those that the gateway wrote. */
export type SimulatorRun = {
  readonly orders: number;
  readonly perSecond: number;
  /** Orders per second of processor time, which other work on the machine does not change much. */
  readonly perCpuSecond: number | null;
  readonly megabytesPerSecond: number;
};

/** Orders that all fill, bought and sold in turn so that no position grows, in batches. */
function batches(orders: number): Buffer[] {
  const placed = Array.from({ length: orders }, (_, i) => {
    const terms = { 16: i % 2 === 0 ? 'BUY' : 'SELL', 17: 1, 18: 'MKT', 21: 'DAY' };
    const whose = { 1: i + 1, 23: 'DU1234567', 26: `bench-${i}`, 27: 1 };
    return frame(...placeOrderFields(serverVersion, { ...apple, ...terms, ...whose }));
  });
  const starts = Array.from(
    { length: Math.ceil(orders / ordersAtOnce) },
    (_, i) => i * ordersAtOnce,
  );
  return starts.map((at) => Buffer.concat(placed.slice(at, at + ordersAtOnce)));
}

/** The far end of a connection that goes nowhere: what the session writes is counted and forgotten. */
class Wire extends Duplex {
  bytes = 0;

  override _read(): void {
    // Input comes by `push`.
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.bytes += chunk.length;
    done();
  }

  setNoDelay(): this {
    return this;
  }
}

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Decode, match and encode on one core, in this process. Throws when an order did not fill. */
export async function inProcess(orders: number): Promise<SimulatorRun> {
  const sim = createSimulation({
    clockStart: Date.parse(noon),
    fillPolicy: { mode: 'immediate' },
    pacing: false,
  });
  const wire = new Wire();
  // Of a socket the session uses a stream and setNoDelay.
  sim.sessions.add(new ClientSession(sim, wire as unknown as Socket));
  wire.push(greeting(`v100..${serverVersion}`));
  wire.push(frame(71, 2, 1, ''));
  await nextTurn();
  const frames = batches(orders);
  const cpuAtStart = process.cpuUsage();
  const startedAt = performance.now();
  for (const batch of frames) {
    wire.push(batch);
    await nextTurn();
  }
  while (filled(sim) < orders) {
    if (performance.now() - startedAt > lostAfterMs)
      throw new Error(`${filled(sim)} orders filled`);
    await nextTurn();
  }
  const ms = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpuAtStart);
  return {
    ...summary(orders, wire.bytes, ms),
    perCpuSecond: Math.round((orders * 1_000_000) / (user + system)),
  };
}

function filled({ store }: Simulation): number {
  return store.executions.length;
}

/** The same through TCP: the gateway is a process of its own, this one writes and counts. */
export async function overSocket(orders: number): Promise<SimulatorRun> {
  const gateway = await startGatewayProcess('--no-pacing');
  try {
    const control = simControl(gateway.controlPort);
    await control.setClock({ instant: noon, running: true });
    await control.setFillPolicy({ mode: 'immediate' });
    const socket = connect(gateway.port, '127.0.0.1');
    const counter = new FillCounter(socket);
    socket.write(greeting(`v100..${serverVersion}`));
    socket.write(frame(71, 2, 1, ''));
    await counter.hasRead('9');
    counter.bytes = 0;
    const startedAt = performance.now();
    for (const batch of batches(orders)) {
      if (!socket.write(batch)) await new Promise((resolve) => socket.once('drain', resolve));
    }
    await counter.hasFilled(orders);
    const run = summary(orders, counter.bytes, performance.now() - startedAt);
    socket.destroy();
    return run;
  } finally {
    await gateway.stop();
  }
}

/** Reads frames as fast as they come: it looks at the message id and, of orderStatus, at the word. */
class FillCounter {
  bytes = 0;
  #filled = 0;
  #rest: Buffer = Buffer.alloc(0);
  readonly #ids = new Set<string>();

  constructor(socket: Socket) {
    socket.on('data', (chunk: Buffer) => {
      this.bytes += chunk.length;
      let data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
      for (let end = frameEnd(data); end !== null; end = frameEnd(data)) {
        const [id = '', , word] = data.toString('latin1', 4, Math.min(end, 40)).split('\0');
        this.#ids.add(id);
        if (id === '3' && word === 'Filled') this.#filled += 1;
        data = data.subarray(end);
      }
      this.#rest = data;
    });
  }

  hasRead(id: string): Promise<void> {
    return this.#until(() => this.#ids.has(id));
  }

  hasFilled(orders: number): Promise<void> {
    return this.#until(() => this.#filled >= orders);
  }

  async #until(isSo: () => boolean): Promise<void> {
    const lostAt = performance.now() + lostAfterMs;
    while (!isSo()) {
      if (performance.now() > lostAt) throw new Error(`${this.#filled} orders filled`);
      await nextTurn();
    }
  }
}

function frameEnd(data: Buffer): number | null {
  if (data.length < 4) return null;
  const end = 4 + data.readUInt32BE(0);
  return data.length < end ? null : end;
}

function summary(orders: number, bytes: number, ms: number): SimulatorRun {
  return {
    orders,
    perSecond: Math.round((orders * 1000) / ms),
    perCpuSecond: null,
    megabytesPerSecond: Math.round(bytes / ms / 10) / 100,
  };
}
