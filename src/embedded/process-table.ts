// Looks at processes that are not our children: the leftovers of a supervisor that was killed.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** The command line of a process; undefined when there is no such process (or only its zombie). */
export function commandLine(pid: number): string | undefined {
  try {
    const text =
      process.platform === 'linux'
        ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
        : execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
    return text.trim() === '' ? undefined : text.trim();
  } catch {
    return undefined; // the process is gone, which is the answer
  }
}

/**
 * Ends a process that is not our child: each signal in turn, SIGKILL last, until it is gone.
 * Resolves at once when it is gone already.
 */
export async function endForeignProcess(
  pid: number,
  signals: readonly NodeJS.Signals[],
  graceMs: number,
): Promise<void> {
  for (const signal of [...signals, 'SIGKILL' as const]) {
    if (commandLine(pid) === undefined) return;
    try {
      process.kill(pid, signal);
    } catch {
      // gone between the look and the signal, or not ours: the wait below tells which
    }
    if (await isGoneWithin(pid, graceMs)) return;
  }
  throw new Error(`process ${pid} does not end; it may belong to another user`);
}

/**
 * Waits until an ended process has left the process table, at most `ms`. A killed child whose parent was killed too
 * stays there until init has collected it, and programs that look at pids alone take it for a live one.
 */
export async function awaitCollected(pid: number, ms: number): Promise<void> {
  const deadline = performance.now() + ms;
  while (isInTable(pid) && performance.now() < deadline) await delay(20);
}

function isInTable(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

async function isGoneWithin(pid: number, ms: number): Promise<boolean> {
  const deadline = performance.now() + ms;
  while (performance.now() < deadline) {
    if (commandLine(pid) === undefined) return true;
    await delay(20);
  }
  return commandLine(pid) === undefined;
}
