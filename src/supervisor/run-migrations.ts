import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { SetupError, exitCodes } from '../../tools/setup/setup-error.mjs';
import type { LogFile } from './log-file.ts';

const answer = z.looseObject({ appDatabaseUrl: z.string() });

/**
 * Runs the migration program to its end and returns the application role's URL, which it prints in one
 * line of JSON. That line holds a password and is kept out of the log.
 */
export async function runMigrations(
  script: string,
  options: {
    readonly cwd: string;
    readonly env: NodeJS.ProcessEnv;
    readonly log: LogFile;
    readonly abort: AbortSignal;
  },
): Promise<string> {
  const { cwd, env, log, abort } = options;
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script], {
    cwd,
    env,
    signal: abort,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let url: string | undefined;
  createInterface({ input: child.stdout }).on('line', (line) => {
    const found = parseAnswer(line);
    if (found === undefined) log.write(line);
    else url = found;
  });
  createInterface({ input: child.stderr }).on('line', log.write);
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code === 0 && url !== undefined) return url;
  const why = log.gist() || 'it said nothing';
  throw new SetupError(
    `The database could not be migrated (exit code ${String(code)}): ${why}. See ${log.path}.`,
    exitCodes.unavailable,
  );
}

function parseAnswer(line: string): string | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const parsed = answer.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data.appDatabaseUrl : undefined;
  } catch {
    return undefined; // a line that only looks like JSON
  }
}
