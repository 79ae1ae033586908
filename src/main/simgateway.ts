// The simulated gateway as a process of its own. Prints one JSON line when it is ready for clients;
// SIGINT and SIGTERM end it after its state is written.
import { parseArgs } from 'node:util';
import { startSimGateway } from '../simgateway/sim-gateway.ts';
import type { SimGatewayOptions } from '../simgateway/sim-gateway.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4002' },
    'control-port': { type: 'string', default: '4012' },
    host: { type: 'string', default: '127.0.0.1' },
    seed: { type: 'string', default: '7' },
    state: { type: 'string' },
    clock: { type: 'string', default: 'real' },
    'server-version': { type: 'string', default: '200' },
    accounts: { type: 'string', default: 'DU1234567' },
    'fill-policy': { type: 'string', default: 'market' },
    pricing: { type: 'string', default: 'fixed' },
  },
});

function integer(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new Error(`--${name} must be a whole number from ${min} to ${max}, not '${text}'`);
}

const FILL_POLICIES = ['market', 'immediate', 'manual'] as const;
const PLANS = ['fixed', 'tiered'] as const;

function oneOf<T extends string>(name: string, text: string, known: readonly T[]): T {
  const found = known.find((value) => value === text);
  if (found !== undefined) return found;
  throw new Error(`--${name} must be one of ${known.join(', ')}, not '${text}'`);
}

function options(): SimGatewayOptions {
  const clockStart = values.clock === 'real' ? undefined : Date.parse(values.clock);
  if (Number.isNaN(clockStart)) throw new Error(`--clock must be 'real' or an ISO instant`);
  return {
    port: integer('port', values.port, 0, 65_535),
    controlPort: integer('control-port', values['control-port'], 0, 65_535),
    host: values.host,
    seed: integer('seed', values.seed, 0, 2 ** 31 - 1),
    serverVersion: integer('server-version', values['server-version'], 100, 200),
    accounts: values.accounts.split(','),
    fillPolicy: { mode: oneOf('fill-policy', values['fill-policy'], FILL_POLICIES) },
    pricing: oneOf('pricing', values.pricing, PLANS),
    ...(values.state === undefined ? {} : { stateFile: values.state }),
    ...(clockStart === undefined ? {} : { clockStart }),
  };
}

const gateway = await startSimGateway(options());
const { host, port, controlPort } = gateway;

const stop = () => {
  void gateway.close().then(() => {
    process.exitCode = 0;
  });
};
process.once('SIGINT', stop);
process.once('SIGTERM', stop);
process.stdout.write(`${JSON.stringify({ ready: true, host, port, controlPort })}\n`);
