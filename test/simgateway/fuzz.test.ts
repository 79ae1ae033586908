// Frames of every message, random and mutated, through the real reader, dispatch and engine, in process.
// Nothing may be thrown out of a session, and no handler may fail, whatever comes in.
// The long campaign: FUZZ_FRAMES=1000000 npx vitest run test/simgateway/fuzz.test.ts
import { describe, expect, it } from 'vitest';
import { beat } from '../../src/simgateway/session/market-stream.ts';
import { createSimulation } from '../../src/simgateway/simulation.ts';
import { requestLayouts } from '../../src/simgateway/wire/catalogue.ts';
import { encode } from '../../src/simgateway/wire/encode.ts';
import type { Layout, Values } from '../../src/simgateway/wire/field-table.ts';
import { encodeFrame } from '../../src/simgateway/wire/framing.ts';
import { anyBytes, anyFrame, SENSIBLE_REQUESTS } from './fuzz-frames.ts';
import { connectInProcess } from './no-socket.ts';
import { chanceFrom } from './wire-values.ts';
import type { Chance } from './wire-values.ts';

const FRAMES = Number(process.env.FUZZ_FRAMES ?? 3000);
const FIRST_SEED = Number(process.env.FUZZ_SEED ?? 1);
/** Frames to one gateway before a fresh one takes its place: its orders are kept for ever. */
const FRAMES_PER_GATEWAY = 10_000;
const VERSIONS = [100, 103, 144, 157, 163, 178, 187, 190, 193, 195, 200];

async function campaign(chance: Chance, frames: number) {
  const sim = createSimulation({ clock: 'virtual', pacing: false, accounts: ['DU1', 'DU1234567'] });
  const honest = connectInProcess(sim, { clientId: 900, version: 193 });
  let client: ReturnType<typeof connectInProcess> | undefined;
  const next = { orderId: 0 };
  let version = 200;
  for (let i = 0; i < frames; i += 1) {
    if (client === undefined || !sim.sessions.has(client.session)) {
      version = VERSIONS[chance(VERSIONS.length)] ?? 200;
      client = connectInProcess(sim, { clientId: chance(4), version });
    }
    const isNoise = chance(2000) === 0;
    client.socket.emit('data', isNoise ? anyBytes(chance) : anyFrame(chance, version, next));
    if (isNoise || chance(1000) === 0) client.socket.emit('close');
    if (i % 250 === 0) {
      sim.clock.advance(chance(30_000));
      beat(sim);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  expect(sim.sessions.has(honest.session)).toBe(true);
  const failed = sim.journal.query({ message: 'failed' });
  sim.clock.stop();
  return { orders: sim.store.orders.size, fills: sim.store.executions.length, failed };
}

describe('a hostile client', () => {
  it(
    `cannot make anything fail with ${FRAMES} frames`,
    async () => {
      const failures = new Map<string, number>();
      let orders = 0;
      let fills = 0;
      for (let done = 0, seed = FIRST_SEED; done < FRAMES; done += FRAMES_PER_GATEWAY, seed += 1) {
        const frames = Math.min(FRAMES_PER_GATEWAY, FRAMES - done);
        const seen = await campaign(chanceFrom(seed), frames);
        orders += seen.orders;
        fills += seen.fills;
        for (const { fields } of seen.failed) {
          const text = JSON.stringify(fields.text).slice(0, 600);
          failures.set(text, (failures.get(text) ?? 0) + 1);
        }
      }
      expect([...failures]).toEqual([]);
      // The frames are not all refused at the door.
      expect([orders > FRAMES / 100, fills > FRAMES / 1000]).toEqual([true, true]);
    },
    10_000 + FRAMES,
  );

  it('fails nothing with a word that every object has as a property', () => {
    const sim = createSimulation({ clock: 'virtual', pacing: false });
    const { socket, session } = connectInProcess(sim, { clientId: 1, version: 200 });
    let orderId = 0;
    const send = (layout: Layout, values: Values) => {
      orderId += 1;
      const ids = { orderId, reqId: orderId };
      socket.emit('data', encodeFrame(encode(layout, { ...values, ...ids } as never, 200)));
    };
    for (const layout of requestLayouts) {
      for (const { name, kind } of layout.entries) {
        if (kind !== 'text') continue;
        for (const word of ['constructor', '__proto__', 'toString']) {
          for (const sensible of SENSIBLE_REQUESTS) send(layout, { ...sensible, [name]: word });
        }
      }
    }
    const failed = sim.journal.query({ message: 'failed' });
    expect(failed.map((e) => e.fields.text)).toEqual([]);
    expect(sim.sessions.has(session)).toBe(true);
    sim.clock.stop();
  });
});
