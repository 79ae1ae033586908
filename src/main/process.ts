import { ConfigurationError } from '../config/env.ts';

/** A started process: what it tells its supervisor, and how it stops. */
export type Started = {
  readonly ready?: Readonly<Record<string, unknown>>;
  readonly stop: () => Promise<void>;
  /** Settles when the process can no longer do its work; it then exits, and the supervisor restarts it. */
  readonly failed?: Promise<unknown>;
};

/** Exit codes of every process of ours. */
const exitCodes = { ok: 0, failure: 1, unavailable: 69, configuration: 78 } as const;

/**
 * Runs one role as a process: announces readiness to the supervisor over IPC, stops cleanly on SIGTERM, SIGINT
 * and when the supervisor has gone, and says in one sentence why it cannot start.
 */
export async function runProcess(name: string, start: () => Promise<Started>): Promise<void> {
  let started: Started;
  try {
    started = await start();
  } catch (failure) {
    process.stderr.write(`${name}: ${sentence(failure)}\n`);
    process.exit(
      failure instanceof ConfigurationError ? exitCodes.configuration : exitCodes.unavailable,
    );
  }
  let stopping = false;
  const stop = (exitCode: number): void => {
    if (stopping) return;
    stopping = true;
    started
      .stop()
      .then(() => process.exit(exitCode))
      .catch((failure: unknown) => {
        process.stderr.write(`${name}: did not stop cleanly: ${sentence(failure)}\n`);
        process.exit(exitCodes.failure);
      });
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      stop(exitCodes.ok);
    });
  }
  process.on('disconnect', () => {
    stop(exitCodes.ok);
  });
  started.failed?.then(
    () => {
      stop(exitCodes.failure);
    },
    (failure: unknown) => {
      process.stderr.write(`${name}: ${sentence(failure)}\n`);
      stop(exitCodes.failure);
    },
  );
  process.send?.({ type: 'ready', ...started.ready });
}

function sentence(failure: unknown): string {
  return failure instanceof Error ? failure.message : String(failure);
}
