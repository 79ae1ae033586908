// Limits that need no socket: the end of a connection that will not slow down, a bounded journal.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Journal } from '../../src/simgateway/control/journal.ts';
import { createSimulation } from '../../src/simgateway/simulation.ts';
import { connectInProcess } from './no-socket.ts';
import { frame } from './raw-client.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

describe('a connection that keeps sending too fast', () => {
  it('is warned twice and ended at the third time', () => {
    let now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => now);
    const sim = createSimulation({ clock: 'virtual' });
    const { socket, session } = connectInProcess(sim, { clientId: 1, version: 193 });
    const burst = () => {
      for (let i = 0; i < 60; i += 1) socket.emit('data', frame(49, 1));
      now += 2000;
    };
    burst();
    burst();
    expect(sim.sessions.has(session)).toBe(true);
    burst();
    expect(sim.sessions.has(session)).toBe(false);
    const warnings = sim.journal
      .query({ direction: 'out', message: 'error' })
      .filter((e) => e.fields.code === 100);
    expect(warnings.map((e) => e.fields.id)).toEqual([-1, -1, -1]);
    // The message that was one too many for the third time is not handled any more.
    const answers = sim.journal.query({ direction: 'out', message: 'currentTime' });
    expect(answers).toHaveLength(60 + 60 + 50);
    sim.clock.stop();
  });
});

describe('the journal', () => {
  it('forgets the oldest when a client sends huge frames', () => {
    const journal = new Journal(() => 0);
    const huge = 1024 * 1024;
    for (let i = 1; i <= 600; i += 1) journal.add('in', i, 'unknown', {}, huge);
    const kept = journal.query({ limit: 1000 });
    expect(kept.length).toBeLessThanOrEqual(256);
    expect(kept.length).toBeGreaterThan(100);
    expect(kept.at(-1)?.clientId).toBe(600);
    expect(journal.lastSeq()).toBe(600);
  });
});
