// `npm start`: everything under one supervisor, one screen that says what is ready, one Ctrl-C that
// stops it. With --headless-json the screen is one line of JSON, the content of run.json.
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { resolveCacheDir, resolveStateDir } from '../../tools/setup/dirs.mjs';
import { SetupError, exitCodes } from '../../tools/setup/setup-error.mjs';
import { readSetupEnv } from '../config/setup-env.ts';
import { renderBanner } from '../supervisor/banner.ts';
import { StoppedEarly, supervise } from '../supervisor/supervise.ts';

export type StartOptions = { readonly entriesDir: string; readonly args: readonly string[] };

/** Runs until a signal arrives; the result is the exit code. */
export async function start({ entriesDir, args }: StartOptions): Promise<number> {
  const isJson = args.includes('--headless-json');
  const program = process.argv[1] ?? 'start.ts';
  process.umask(0o077); // what we and our children write is ours alone
  try {
    const checkout = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
    const env = readSetupEnv();
    const cache = resolveCacheDir();
    const state = resolveStateDir(checkout);
    for (const { notice } of [cache, state]) if (notice !== undefined) announce(notice);
    await supervise({
      checkout,
      entriesDir,
      program,
      env,
      cacheDir: cache.dir,
      stateDir: state.dir,
      stopping: stopOnSignals(),
      announce,
      onReady: (info) => {
        const lines = isJson ? [JSON.stringify(info)] : renderBanner(info);
        process.stdout.write(`${lines.join('\n')}\n`);
      },
    });
    announce('stopped.');
    return exitCodes.ok;
  } catch (error) {
    if (error instanceof StoppedEarly) return exitCodes.ok;
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(`countersign: ${error.message}\n`);
    return error.exitCode;
  }
}

/**
 * Aborted by the first signal, or by the end of the bootstrap that started us (even by kill -9). Later
 * signals change nothing: on a terminal the same Ctrl-C arrives twice, and every stop has a time limit.
 */
function stopOnSignals(): AbortSignal {
  const stopping = new AbortController();
  const stop = (): void => {
    if (!stopping.signal.aborted) announce('stopping…');
    stopping.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  process.on('disconnect', stop);
  process.channel?.unref();
  return stopping.signal;
}

function announce(text: string): void {
  const time = new Date().toTimeString().slice(0, 8);
  process.stderr.write(`${time}  ${text}\n`);
}

if (import.meta.main) {
  const entriesDir = dirname(fileURLToPath(import.meta.url));
  process.exit(await start({ entriesDir, args: process.argv.slice(2) }));
}
