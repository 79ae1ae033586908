import { describe, expect, it } from 'vitest';
import { brokerPorts, portMismatch } from '../../src/config/broker-guard.ts';
import type { ConfigurationError } from '../../src/config/env.ts';
import { readSettings } from '../../src/config/env.ts';
import { restartWindow } from '../../src/config/restart-window.ts';

const broker = { IBKR_HOST: 'tws.example' };

function problemsOf(env: Readonly<Record<string, string>>): readonly string[] {
  try {
    readSettings(env);
    return [];
  } catch (error) {
    return (error as ConfigurationError).problems;
  }
}

describe('the port of the broker and the environment', () => {
  it.each(['dev', 'paper', 'live'] as const)('%s takes its own usual ports alone', (ENV) => {
    const kind = ENV === 'live' ? 'live' : 'paper';
    for (const port of brokerPorts[kind]) expect(portMismatch(ENV, port, [])).toBeNull();
    for (const port of brokerPorts[kind === 'live' ? 'paper' : 'live']) {
      // Also when it was named twice: an order to the wrong kind of account cannot be taken back.
      expect(portMismatch(ENV, port, [port])).toContain('accounts');
    }
    expect(portMismatch(ENV, 5000, [])).toContain('IBKR_ALLOWED_PORTS');
    expect(portMismatch(ENV, 5000, [5000])).toBeNull();
  });

  it('stops every process with a sentence', () => {
    expect(problemsOf({ ...broker, ENV: 'paper', IBKR_PORT: '4001' })).toEqual([
      'IBKR_PORT: IBKR_PORT=4001 is a port of live accounts, and ENV=paper is for paper accounts',
    ]);
    expect(problemsOf({ ...broker, ENV: 'live', IBKR_PORT: '7497' })).toHaveLength(1);
    expect(problemsOf({ ...broker, ENV: 'paper', IBKR_PORT: '4002' })).toEqual([]);
    const named = { ...broker, ENV: 'live', IBKR_PORT: '5000', IBKR_ALLOWED_PORTS: '5000, 5001' };
    expect(problemsOf(named)).toEqual([]);
    expect(problemsOf({ ...named, IBKR_ALLOWED_PORTS: '5000;5001' })).toHaveLength(1);
  });

  it('does not speak of the simulated gateway', () => {
    expect(problemsOf({ SIM_PORT: '4001' })).toEqual([]);
    expect(problemsOf({ ...broker, IBKR_PORT: '4001', BROKER: 'sim' })).toEqual([]);
  });
});

describe('the restart window', () => {
  it('is off until a time is set', () => {
    expect(restartWindow(readSettings({}))).toBeNull();
    const set = { IBKR_RESTART_AT: '23:45', IBKR_RESTART_MINUTES: '30' };
    expect(restartWindow(readSettings(set))).toEqual({
      ...{ startMinute: 23 * 60 + 45, lengthMinutes: 30, timeZone: 'America/New_York' },
    });
  });

  it.each([
    { IBKR_RESTART_AT: '24:00' },
    { IBKR_RESTART_AT: '9:30' },
    { IBKR_RESTART_ZONE: 'Mars/Olympus' },
    { IBKR_RESTART_MINUTES: '0' },
    { IBKR_WATCHDOG_SECONDS: '1' },
  ])('refuses %j', (env) => {
    expect(problemsOf(env)).toHaveLength(1);
  });
});
