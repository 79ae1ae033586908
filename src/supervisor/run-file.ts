import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What other commands need to find the running product; `run.json` in the state directory, 0600. */
export type RunInfo = {
  readonly pid: number;
  readonly readyAt: string;
  readonly readyInMs: number;
  readonly environment: string;
  readonly broker: string;
  readonly apiUrl: string;
  readonly mcpUrl: string;
  readonly gatewayUrl: string;
  readonly gatewaySecretFile: string;
  /** Where other clients reach the simulated gateway, on 127.0.0.1. */
  readonly simPort: number | null;
  readonly simControlUrl: string | null;
  readonly temporalAddress: string;
  readonly temporalNamespace: string;
  readonly temporalUiUrl: string | null;
  /** The application role's URL: it holds a password. */
  readonly databaseUrl: string;
  /** Works once; null when api did not make one. */
  readonly operatorLink: string | null;
  readonly agentKeyFile: string | null;
  readonly stateDir: string;
  readonly logsDir: string;
};

/** Replaces the file in one step. */
export function writeRunFile(stateDir: string, info: RunInfo): void {
  const partial = `${runFilePath(stateDir)}.${process.pid}`;
  writeFileSync(partial, `${JSON.stringify(info)}\n`, { mode: 0o600 });
  renameSync(partial, runFilePath(stateDir));
}

/** Removes the file: nothing runs any more. */
export function removeRunFile(stateDir: string): void {
  rmSync(runFilePath(stateDir), { force: true });
}

function runFilePath(stateDir: string): string {
  return join(stateDir, 'run.json');
}
