// Golden dialogues: text files that say what clients do and, frame by frame, what the gateway sends.
//
//   # words for the reader
//   version 193                       server version of every client from here on
//   connect 1                         client 1 greets and starts the API
//   1> 16|1                           client 1 sends these fields
//   1> order 5 BUY 7 LMT 100 whatIf   client 1 sends a placeOrder: id, side, shares, type, limit, flags
//   quote 265598 99.98 100.02 100     prices stand at bid, ask, last
//   clock 1000                        the exchange clock moves on by milliseconds
//   drop 1                            client 1 ends its connection
//   1< 53|1                           what client 1 then receives, one line a frame
//
// In a `<` line a backslash stands before `|`, `\` and `n` (a line feed).
import { instrumentByConId } from '../../../src/simgateway/market/contract-book.ts';
import { createSimulation } from '../../../src/simgateway/simulation.ts';
import type { Simulation } from '../../../src/simgateway/simulation.ts';
import { connectInProcess } from '../no-socket.ts';
import { frame, placeOrderFields } from '../raw-client.ts';
import type { NoSocket } from '../no-socket.ts';

const OPEN = Date.parse('2026-04-14T16:00:00Z');

type World = { sim: Simulation; clients: Map<string, NoSocket>; version: number };

const escape = (field: string) =>
  field.replaceAll('\\', '\\\\').replaceAll('|', '\\|').replaceAll('\n', '\\n');
const unescape = (text: string) =>
  text
    .split(/(?<!\\)\|/)
    .map((f) => f.replaceAll(/\\([\\|n])/g, (_, c: string) => (c === 'n' ? '\n' : c)));

/** The bytes that a `<` line stands for. */
const bytesOfLine = (line: string): Buffer => frame(...unescape(line.replace(/^\d+< /, '')));

/** One line per frame of what a client was sent. */
function linesOf(client: string, bytes: Buffer): string[] {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = bytes.readUInt32BE(at);
    const fields = bytes.toString('utf8', at + 4, at + 3 + length).split('\0');
    lines.push(`${client}< ${fields.map(escape).join('|')}`);
    at += 4 + length;
  }
  return lines;
}

function orderFrame(version: number, words: readonly string[]): Buffer {
  const [id = '', side = '', shares = '', type = '', limit = '', ...flags] = words;
  const contract = { 2: 265598, 4: 'STK', 9: 'SMART', 11: 'USD' };
  const terms = { 1: id, 16: side, 17: shares, 18: type, 19: limit === '-' ? '' : limit };
  const rest = { 21: 'GTC', 23: 'DU1234567', 26: `ref-${id}`, 27: 1, 89: 0 };
  const whatIf = { 84: flags.includes('whatIf') ? 1 : 0 };
  return frame(...placeOrderFields(version, { ...contract, ...terms, ...rest, ...whatIf }));
}

const COMMANDS: Record<string, (world: World, words: readonly string[]) => void> = {
  version: (world, [version]) => {
    world.version = Number(version);
  },
  connect: ({ sim, clients, version }, [client = '']) => {
    const options = { clientId: Number(client), version, keeps: true };
    clients.set(client, connectInProcess(sim, options).socket);
  },
  drop: ({ clients }, [client = '']) => {
    clients.get(client)?.emit('close');
    clients.delete(client);
  },
  clock: ({ sim }, [ms]) => {
    sim.clock.advance(Number(ms));
  },
  quote: ({ sim }, [conId, ...prices]) => {
    const [bid = 0, ask = 0, last = 0] = prices.map((p) => Math.round(Number(p) * 1_000_000));
    const instrument = instrumentByConId(Number(conId));
    if (instrument === undefined) throw new Error(`no contract ${conId ?? ''}`);
    sim.market.change(instrument, { bid, ask, last });
    sim.desk.evaluateAll();
  },
};

function execute(world: World, line: string): void {
  const said = /^(\d+)> (.*)$/.exec(line);
  if (said === null) {
    const [command = '', ...words] = line.split(' ');
    const run = COMMANDS[command];
    if (run === undefined) throw new Error(`not a line of a dialogue: ${line}`);
    run(world, words);
    return;
  }
  const [, client = '', text = ''] = said;
  const bytes = text.startsWith('order ')
    ? orderFrame(world.version, text.split(' ').slice(1))
    : frame(...unescape(text));
  world.clients.get(client)?.emit('data', bytes);
}

/** Lets everything leave that the last command caused. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

/** One step of a dialogue: the lines that say what is done, and the bytes that came of it. */
export type Step = { line: string; received: Map<string, Buffer> };

/** Plays the commands of a dialogue on a fresh gateway. */
export async function play(text: string): Promise<Step[]> {
  const sim = createSimulation({
    clock: 'virtual',
    clockStart: OPEN,
    fillPolicy: { mode: 'immediate' },
    pacing: false,
  });
  const world: World = { sim, clients: new Map(), version: 193 };
  const steps: Step[] = [];
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#') || /^\d+< /.test(line)) continue;
    execute(world, line);
    await settle();
    await settle();
    const received = new Map<string, Buffer>();
    for (const [client, socket] of world.clients) {
      if (socket.written.length > 0) received.set(client, Buffer.concat(socket.written));
      socket.written = [];
    }
    steps.push({ line, received });
  }
  sim.clock.stop();
  return steps;
}

/** The dialogue with what was received written after each line, as a file holds it. */
export function written(text: string, steps: readonly Step[]): string {
  let next = 0;
  const lines = text.split('\n').filter((line) => !/^\d+< /.test(line));
  return lines
    .flatMap((line) => {
      if (line === '' || line.startsWith('#')) return [line];
      const step = steps[next];
      next += 1;
      return [line, ...[...(step?.received ?? [])].flatMap(([c, b]) => linesOf(c, b))];
    })
    .join('\n');
}

/** What each step should have sent to each client, as bytes. */
export function expectedOf(text: string): Map<string, Buffer>[] {
  const steps: Map<string, Buffer[]>[] = [];
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const client = /^(\d+)< /.exec(line)?.[1];
    if (client === undefined) steps.push(new Map());
    else {
      const step = steps.at(-1) ?? new Map<string, Buffer[]>();
      step.set(client, [...(step.get(client) ?? []), bytesOfLine(line)]);
    }
  }
  return steps.map((s) => new Map([...s].map(([c, frames]) => [c, Buffer.concat(frames)])));
}
