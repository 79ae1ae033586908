type ResolvedDir = { readonly dir: string; readonly notice?: string };

export function resolveCacheDir(env?: NodeJS.ProcessEnv): ResolvedDir;
export function resolveStateDir(checkout: string, env?: NodeJS.ProcessEnv): ResolvedDir;
export function checkoutName(checkout: string): string;
