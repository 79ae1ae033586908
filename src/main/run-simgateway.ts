// The simulated gateway as a process of its own. It says in one line when it is ready for clients;
// SIGINT and SIGTERM end it after its state is written. Exit codes: 0 ended, 1 cannot run, 2 usage.
import { helpText, readCommandLine, UsageError } from '../simgateway/command-line.ts';
import { startSimGateway } from '../simgateway/sim-gateway.ts';
import type { SimGatewayOptions } from '../simgateway/sim-gateway.ts';

/** Why it cannot run, in a sentence; undefined for a bug, which keeps its stack. */
function reason(cause: unknown): string | undefined {
  if (cause instanceof UsageError) return `${cause.message}. See --help.`;
  if (!(cause instanceof Error)) return undefined;
  if (cause.name === 'StateFileError') return cause.message;
  if (!('code' in cause)) return undefined;
  const at =
    'port' in cause
      ? `port ${String(cause.port)}`
      : `'${'path' in cause ? String(cause.path) : ''}'`;
  if (cause.code === 'EADDRINUSE')
    return `${at} is taken. Another gateway may be running; --port and --control-port choose others.`;
  return `${at} cannot be opened (${String(cause.code)}).`;
}

async function serve(options: SimGatewayOptions, isJson: boolean): Promise<void> {
  const gateway = await startSimGateway(options);
  const stop = () => {
    void gateway.close().then(() => {
      process.exitCode = 0;
    });
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const { host, port, controlPort } = gateway;
  const isRead = process.stdout.isTTY && !isJson;
  process.stdout.write(
    isRead
      ? `Simulated gateway: clients connect to ${host}:${port}, control is http://127.0.0.1:${controlPort}\n`
      : `${JSON.stringify({ ready: true, host, port, controlPort })}\n`,
  );
}

/** Runs the simulated gateway as this process; resolves with the exit code once it runs or cannot. */
export async function runSimGateway(args: readonly string[]): Promise<number> {
  try {
    const { options, isHelp, isJson } = readCommandLine(args);
    if (isHelp) process.stdout.write(helpText());
    else await serve(options, isJson);
    return 0;
  } catch (cause) {
    const text = reason(cause);
    if (text === undefined) throw cause;
    process.stderr.write(`simgateway: ${text}\n`);
    return cause instanceof UsageError ? 2 : 1;
  }
}
