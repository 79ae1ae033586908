import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandLine } from '../embedded/process-table.ts';
import { SetupError, exitCodes } from '../../tools/setup/setup-error.mjs';

/**
 * Makes sure that one supervisor runs on a state directory; the returned function gives it up.
 * A lock of a process that is gone, or whose pid another program has now, is taken over.
 */
export function takeRunLock(stateDir: string, program: string): () => void {
  const file = join(stateDir, 'start.lock');
  for (let attempt = 0; ; attempt += 1) {
    try {
      writeFileSync(file, `${process.pid}\n`, { flag: 'wx', mode: 0o600 });
      break;
    } catch (error) {
      if (!isExisting(error)) throw cannotWrite(stateDir, error);
    }
    const pid = Number(readFileSync(file, 'utf8'));
    if (attempt > 0 || commandLine(pid)?.includes(program) === true) {
      throw new SetupError(
        `Countersign is already running here (pid ${pid}): use it, or stop it first (kill ${pid}).`,
        exitCodes.tryAgain,
      );
    }
    rmSync(file, { force: true });
  }
  return () => {
    rmSync(file, { force: true });
  };
}

function isExisting(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST';
}

function cannotWrite(stateDir: string, error: unknown): SetupError {
  return new SetupError(
    `${stateDir} cannot be written (${String(error)}): set COUNTERSIGN_HOME to a directory of yours.`,
    exitCodes.cannotCreate,
  );
}
