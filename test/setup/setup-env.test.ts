import { expect, test } from 'vitest';
import { readSetupEnv } from '../../src/config/setup-env.ts';

test('nothing set: dev, the simulator, the usual ports', () => {
  const env = readSetupEnv({});
  expect(env).toMatchObject({ environment: 'dev', broker: 'sim', temporalNamespace: 'default' });
  expect(env.ports.api).toEqual({ port: 8000, variable: 'API_PORT', isExplicit: false });
});

test.each([
  [{ ENV: 'paper' }, undefined],
  [{ ENV: 'live' }, undefined],
  [{ BROKER: 'ibkr' }, undefined],
  [
    { IBKR_HOST: 'tws.example', IBKR_PORT: '7497' },
    { host: 'tws.example', port: 7497 },
  ],
])('%o means the real broker, never a silent substitute', (given, ibkr) => {
  expect(readSetupEnv(given)).toMatchObject({ broker: 'ibkr', ibkr });
});

test.each(['paper', 'live'])('a simulation never answers %s orders', (ENV) => {
  expect(() => readSetupEnv({ ENV, BROKER: 'sim' })).toThrow('set BROKER=ibkr');
});

test('half an address of the broker is refused', () => {
  expect(() => readSetupEnv({ IBKR_HOST: 'tws.example' })).toThrow('go together');
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

test('a wrong database URL is named without what it holds', () => {
  const read = () => readSetupEnv({ DATABASE_URL: 'postgres //me:hunter2@db' });
  expect(read).toThrow('DATABASE_URL');
  expect(read).not.toThrow('hunter2');
});
