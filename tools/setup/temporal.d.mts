export function findTemporalCli(cacheDir: string, env?: NodeJS.ProcessEnv): string | undefined;
export function ensureTemporalCli(cacheDir: string, env?: NodeJS.ProcessEnv): Promise<string>;
