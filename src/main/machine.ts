import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSettings } from '../config/env.ts';
import type { AuditEvent } from '../domain/audit/event.ts';

/**
 * What the command line can do on this machine itself. Each part is loaded only when asked for: most commands speak
 * to the running server and need neither the database nor Temporal.
 */

/** Everything under one supervisor; the result is the exit code. */
export async function startEverything(args: readonly string[]): Promise<number> {
  const { start } = await import('./start.ts');
  return start({ entriesDir: dirname(fileURLToPath(import.meta.url)), args: [...args] });
}

/** Looks at the machine. The program prints and sets the exit code itself. */
export async function examineMachine(): Promise<number> {
  await import('./doctor.ts');
  return Number(process.exitCode ?? 0);
}

/** MCP over stdin and stdout. The process ends itself when the host closes stdin. */
export async function serveMcp(): Promise<never> {
  const { runMcpStdio } = await import('./mcp-stdio.ts');
  await runMcpStdio();
  return new Promise<never>(() => undefined);
}

/** The simulated gateway alone; the result is the exit code once it runs or cannot. */
export async function simulateGateway(args: readonly string[]): Promise<number> {
  const { runSimGateway } = await import('./run-simgateway.ts');
  return runSimGateway(args);
}

/** A one-time operator link for what runs here. */
export async function loginLinkHere(): Promise<string> {
  const [{ newLoginLink }, { settingsHere }] = await Promise.all([
    import('./login-link.ts'),
    import('./run-info.ts'),
  ]);
  return newLoginLink(settingsHere(readSettings()));
}

/** Every audit event of the database of this machine, in order. */
export async function withAuditTrail<T>(
  use: (events: AsyncIterable<AuditEvent>) => Promise<T>,
): Promise<T> {
  const [{ openStore }, { settingsHere }] = await Promise.all([
    import('./parts.ts'),
    import('./run-info.ts'),
  ]);
  const store = await openStore(settingsHere(readSettings()));
  try {
    return await use(store.audit.stream());
  } finally {
    await store.close();
  }
}
