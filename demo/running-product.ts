// The product that runs here, found as every other command finds it: by run.json in the state directory.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { resolveStateDir } from '../tools/setup/dirs.mjs';
import { SetupError, exitCodes } from '../tools/setup/setup-error.mjs';

export const checkout = dirname(dirname(fileURLToPath(import.meta.url)));

const RunInfo = z.object({
  environment: z.string(),
  broker: z.string(),
  apiUrl: z.string(),
  mcpUrl: z.string(),
  simPort: z.number().nullable(),
  simControlUrl: z.string().nullable(),
  temporalAddress: z.string(),
  temporalNamespace: z.string(),
  agentKeyFile: z.string().nullable(),
});

/** Where the doors of the running product are. The broker is the simulated gateway. */
export type RunningProduct = {
  readonly environment: string;
  readonly apiUrl: string;
  readonly mcpUrl: string;
  readonly simPort: number;
  readonly simControlUrl: string;
  readonly temporalAddress: string;
  readonly temporalNamespace: string;
  readonly agentKey: string;
};

/** Finds the running product. Throws `SetupError` with one sentence where none can be used. */
export async function findRunningProduct(): Promise<RunningProduct> {
  const path = join(resolveStateDir(checkout).dir, 'run.json');
  const run = existsSync(path) ? RunInfo.parse(JSON.parse(readFileSync(path, 'utf8'))) : null;
  if (run === null || !(await answers(run.apiUrl))) {
    throw unusable('Countersign is not running here: run npm start in another terminal first.');
  }
  const { simPort, simControlUrl, agentKeyFile } = run;
  if (run.environment !== 'dev' || simPort === null || simControlUrl === null) {
    throw unusable(
      `The demo trades at the simulated gateway only, and this product runs with ENV=${run.environment} and broker ${run.broker}: run npm start with ENV=dev.`,
    );
  }
  if (agentKeyFile === null) {
    throw unusable('The running product has no agent key file: restart npm start.');
  }
  return { ...run, simPort, simControlUrl, agentKey: readFileSync(agentKeyFile, 'utf8').trim() };
}

async function answers(apiUrl: string): Promise<boolean> {
  try {
    const response = await fetch(`${apiUrl}/healthz`, { signal: AbortSignal.timeout(3000) });
    return response.ok;
  } catch {
    return false; // nobody listens there any more
  }
}

function unusable(sentence: string): SetupError {
  return new SetupError(sentence, exitCodes.unavailable);
}
