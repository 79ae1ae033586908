// Starts a server program in a process group of its own, so that a Ctrl-C on the terminal reaches only
// the supervisor, which stops everything in order.
import { spawn } from 'node:child_process';
import type { ChildProcess, StdioOptions } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { Exit, LogLine, Running } from './running.ts';

type Command = {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env: NodeJS.ProcessEnv;
  readonly uid?: number;
  readonly gid?: number;
  readonly stdio?: StdioOptions;
};

type StopRule = {
  /** The signal that asks for a clean end. */
  readonly signal: NodeJS.Signals;
  /** After this time SIGKILL follows. */
  readonly graceMs: number;
};

export type Spawned = Running & { readonly child: ChildProcess };

/** Starts the program; rejects only when the operating system cannot start it. */
export async function spawnServer(
  { file, args, ...options }: Command,
  { signal, graceMs }: StopRule,
  log: LogLine,
): Promise<Spawned> {
  const child = spawn(file, args, {
    ...options,
    detached: true,
    stdio: options.stdio ?? ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    if (stream !== null) createInterface({ input: stream }).on('line', log);
  }
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signalName) => {
      resolve({ code, signal: signalName });
    });
  });
  const pid = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', () => {
      resolve(child.pid ?? 0);
    });
  });
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    const ended = await Promise.race([exited, delay(graceMs, undefined, { ref: false })]);
    if (ended === undefined) child.kill('SIGKILL');
    await exited;
  };
  return { child, pid, exited, stop };
}
