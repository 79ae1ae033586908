// Keeps one program running: announces its end, waits with back-off, starts it again.
import { setTimeout as delay } from 'node:timers/promises';
import type { Running } from '../embedded/running.ts';
import { SetupError, exitCodes } from '../../tools/setup/setup-error.mjs';
import { restartDelayMs, steadyAfterMs } from './back-off.ts';
import { ChildNotReady, describeExit } from './node-child.ts';

export type KeepAliveOptions<T extends Running> = {
  readonly name: string;
  readonly start: (abort: AbortSignal) => Promise<T>;
  readonly announce: (text: string) => void;
  /** Hears of every later start, the first one excepted. */
  readonly onRestarted?: (running: T) => void;
};

export type Kept<T extends Running> = {
  /** The first start's result. */
  readonly first: T;
  readonly stop: () => Promise<void>;
};

const firstAttempts = 3;

/** Resolves when the program is ready for the first time; rejects when three attempts failed. */
export async function keepAlive<T extends Running>(
  options: KeepAliveOptions<T>,
  stopping: AbortSignal,
): Promise<Kept<T>> {
  const abort = new AbortController();
  const onStopping = (): void => {
    abort.abort();
  };
  stopping.addEventListener('abort', onStopping);
  if (stopping.aborted) abort.abort();
  const state = { current: await startFirst(options, abort.signal) };
  const first = state.current;
  const watching = watch(options, state, abort.signal);
  return {
    first,
    stop: async () => {
      stopping.removeEventListener('abort', onStopping);
      abort.abort();
      await state.current.stop();
      await watching; // a start that was under way is ended by the signal
      await state.current.stop();
    },
  };
}

async function startFirst<T extends Running>(
  { name, start, announce }: KeepAliveOptions<T>,
  abort: AbortSignal,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start(abort);
    } catch (error) {
      if (isBug(error)) throw error;
      const problem = `${name} ${messageOf(error)}`;
      if (attempt === firstAttempts || abort.aborted || isHopeless(error)) {
        if (error instanceof SetupError) throw error;
        throw new SetupError(problem, exitCodeOf(error));
      }
      announce(`${problem}; trying again`);
      await pause(restartDelayMs(attempt), abort);
    }
  }
}

async function watch<T extends Running>(
  { name, start, announce, onRestarted }: KeepAliveOptions<T>,
  state: { current: T },
  abort: AbortSignal,
): Promise<void> {
  const isOver = (): boolean => abort.aborted;
  let failures = 0;
  let startedAt = performance.now();
  while (!isOver()) {
    const exit = await state.current.exited;
    if (isOver()) return;
    failures = performance.now() - startedAt > steadyAfterMs ? 1 : failures + 1;
    let problem = `ended with ${describeExit(exit)}`;
    for (let isDown = true; isDown;) {
      const delayMs = restartDelayMs(failures);
      announce(`${name} ${problem}; restarting in ${delayMs / 1000} s`);
      await pause(delayMs, abort);
      if (isOver()) return;
      try {
        startedAt = performance.now();
        state.current = await start(abort);
        isDown = false;
      } catch (error) {
        if (isOver()) return;
        failures += 1;
        problem = messageOf(error);
      }
    }
    announce(`${name} is back (pid ${state.current.pid})`);
    onRestarted?.(state.current);
  }
}

async function pause(ms: number, abort: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal: abort });
  } catch (error) {
    if (!abort.aborted) throw error;
  }
}

/** Neither a sentence of ours nor an error of the operating system. */
function isBug(error: unknown): boolean {
  if (error instanceof SetupError || error instanceof ChildNotReady) return false;
  return !(error instanceof Error && 'code' in error);
}

/** A configuration error does not go away by trying again. */
function isHopeless(error: unknown): boolean {
  return exitCodeOf(error) === exitCodes.configuration || error instanceof SetupError;
}

function exitCodeOf(error: unknown): number {
  if (error instanceof SetupError) return error.exitCode;
  if (error instanceof ChildNotReady && error.exit?.code === exitCodes.configuration) {
    return exitCodes.configuration;
  }
  return exitCodes.unavailable;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
