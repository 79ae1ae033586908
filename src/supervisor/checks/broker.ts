// The link to TWS or IB Gateway: one greeting of the TWS protocol, which needs no client id and leaves
// no session behind. It tells a closed port from a program that is not TWS.
import { connect } from 'node:net';
import type { Finding } from '../finding.ts';
import type { SetupEnv } from '../../config/setup-env.ts';
import { exitCodes } from '../../../tools/setup/setup-error.mjs';

type Greeting = { readonly serverVersion: number } | { readonly problem: 'closed' | 'silent' };

const timeoutMs = 3_000;
const versions = 'v100..200';

/** Whether the broker that a start would use answers. */
export async function checkBroker(env: SetupEnv): Promise<Finding> {
  const name = 'broker link';
  if (env.broker === 'sim') {
    return { name, state: 'ok', text: 'the simulated gateway, started with the rest' };
  }
  if (env.ibkr === undefined) {
    return {
      name,
      state: 'missing',
      text: `nobody said where TWS or IB Gateway is, and ENV=${env.environment} has no other broker`,
      fix: 'set IBKR_HOST and IBKR_PORT (Gateway 4001 live, 4002 paper; TWS 7496 live, 7497 paper)',
      exitCode: exitCodes.configuration,
    };
  }
  const { host, port } = env.ibkr;
  const greeting = await greet(host, port);
  if ('serverVersion' in greeting) {
    const text = `TWS protocol at ${host}:${port}, server version ${greeting.serverVersion}`;
    return { name, state: 'ok', text };
  }
  const isClosed = greeting.problem === 'closed';
  return {
    name,
    state: 'missing',
    text: isClosed ? `nothing listens on ${host}:${port}` : `${host}:${port} does not greet back`,
    fix: isClosed
      ? 'start TWS or IB Gateway, enable its API for socket clients, and compare the port ' +
        '(Gateway 4001 live, 4002 paper; TWS 7496 live, 7497 paper)'
      : "allow this machine in the API settings' trusted addresses and close a waiting dialog",
    exitCode: exitCodes.unavailable,
  };
}

/** Says hello as a client would and waits for the server's version. */
async function greet(host: string, port: number): Promise<Greeting> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    let received = Buffer.alloc(0);
    let isOpen = false;
    const finish = (greeting: Greeting): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(greeting);
    };
    const timer = setTimeout(() => {
      finish({ problem: isOpen ? 'silent' : 'closed' });
    }, timeoutMs);
    socket.once('connect', () => {
      isOpen = true;
      const length = Buffer.alloc(4);
      length.writeUInt32BE(versions.length);
      socket.write(Buffer.concat([Buffer.from('API\0'), length, Buffer.from(versions)]));
    });
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      const version = /^(\d+)\0/.exec(received.subarray(4).toString('latin1'))?.[1];
      if (version !== undefined) finish({ serverVersion: Number(version) });
    });
    socket.once('error', () => {
      finish({ problem: isOpen ? 'silent' : 'closed' });
    });
    socket.once('close', () => {
      finish({ problem: isOpen ? 'silent' : 'closed' });
    });
  });
}
