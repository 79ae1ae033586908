import { expect, test } from 'vitest';
import { readSetupEnv } from '../../src/config/setup-env.ts';

test('nothing set: dev, the simulator, the usual ports', () => {
  const env = readSetupEnv({});
  expect(env).toMatchObject({ environment: 'dev', broker: 'sim', temporalNamespace: 'default' });
  expect(env.ports.api).toEqual({ port: 8000, variable: 'API_PORT', isExplicit: false });
});

test.each([
  [{ ENV: 'paper' }, { host: '127.0.0.1', port: 4002 }],
  [{ ENV: 'live' }, { host: '127.0.0.1', port: 4001 }],
  [{ IBKR_HOST: 'tws.example' }, { host: 'tws.example', port: 4002 }],
  [{ IBKR_PORT: '7497' }, { host: '127.0.0.1', port: 7497 }],
  [{ BROKER: 'ibkr' }, { host: '127.0.0.1', port: 4002 }],
])('%o means the real broker, never a silent substitute', (given, ibkr) => {
  expect(readSetupEnv(given)).toMatchObject({ broker: 'ibkr', ibkr });
});

test('a simulation never answers live orders', () => {
  expect(() => readSetupEnv({ ENV: 'live', BROKER: 'sim' })).toThrow('set BROKER=ibkr');
});

test('every wrong variable is named at once', () => {
  const read = (): unknown =>
    readSetupEnv({ ENV: 'prod', API_PORT: '99999', TEMPORAL_ADDRESS: 'nowhere' });
  expect(read).toThrow(/ENV=prod.*TEMPORAL_ADDRESS=nowhere.*API_PORT=99999/s);
  expect(read).toThrow(expect.objectContaining({ exitCode: 78 }));
});

test('an empty variable is an unset one', () => {
  expect(readSetupEnv({ DATABASE_URL: '', API_PORT: '' }).databaseUrl).toBeUndefined();
});
