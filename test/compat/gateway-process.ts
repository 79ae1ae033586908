// The simulated gateway as users start it, for clients in other languages.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const entry = new URL('../../src/main/simgateway.ts', import.meta.url).pathname;

/** A running gateway process. */
export type GatewayProcess = {
  readonly port: number;
  readonly controlPort: number;
  readonly stop: () => Promise<void>;
};

/** Starts a gateway on free ports. Rejects with what it said when it ends before it is ready. */
export async function startGatewayProcess(...options: string[]): Promise<GatewayProcess> {
  const ports = ['--port', '0', '--control-port', '0'];
  const child = spawn(process.execPath, [entry, ...ports, ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = new Promise<void>((resolve) =>
    child.once('exit', () => {
      resolve();
    }),
  );
  const lines = createInterface({ input: child.stdout });
  const ready = await Promise.race([
    new Promise<string>((resolve) => lines.once('line', resolve)),
    ended.then(() => {
      throw new Error(`the gateway ended before it was ready: ${said}`);
    }),
  ]);
  const { port, controlPort } = JSON.parse(ready) as GatewayProcess;
  return {
    port,
    controlPort,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
