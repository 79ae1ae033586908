import { z } from 'zod';
import { CommandFailure, exitCodes } from './outcome.ts';
import { readSession } from './session-file.ts';
import { visible } from './visible.ts';

/** One of the contracts that an ambiguous name may mean. */
const Alternative = z.object({
  conId: z.int(),
  symbol: z.string(),
  localSymbol: z.string().optional(),
  secType: z.string(),
  primaryExchange: z.string(),
  currency: z.string(),
  name: z.string(),
});

const Problem = z.object({
  code: z.string(),
  detail: z.string(),
  hint: z.string().nullish(),
  errors: z.array(z.object({ pointer: z.string(), message: z.string() })).default([]),
  details: z.object({ alternatives: z.array(Alternative).default([]) }).prefault({}),
});

export type ApiAnswer = { readonly body: unknown; readonly headers: Headers };
export type ApiClient = {
  readonly get: (path: string) => Promise<unknown>;
  readonly post: (path: string, body: object) => Promise<unknown>;
};

/** The REST API as the logged-in operator of this state directory. */
export function apiClient(home: string, url: string | null): ApiClient {
  const session = readSession(home);
  const base = url ?? session?.url;
  const ask = async (method: 'GET' | 'POST', path: string, body?: object): Promise<unknown> => {
    if (base === undefined || session === null) {
      throw new CommandFailure(
        exitCodes.noPermission,
        'Nobody is logged in: countersign login <link> (countersign login-link makes one).',
      );
    }
    const headers = { cookie: session.cookie };
    const answer = await exchange(base, method, `/api/v1${path}`, headers, body);
    return answer.body;
  };
  return { get: (path) => ask('GET', path), post: (path, body) => ask('POST', path, body) };
}

/** One request to the API. Throws `CommandFailure` with the exit code for whatever is no success. */
export async function exchange(
  base: string,
  method: 'GET' | 'POST',
  path: string,
  headers: Record<string, string>,
  body?: object,
): Promise<ApiAnswer> {
  const url = new URL(path, base);
  const response = await fetch(url, {
    method,
    redirect: 'error',
    signal: AbortSignal.timeout(60_000),
    headers: {
      origin: url.origin,
      'x-countersign-client': 'cli',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    body: body === undefined ? null : JSON.stringify(body),
  }).catch((cause: unknown) => {
    const why =
      cause instanceof Error && cause.name === 'TimeoutError'
        ? 'does not answer'
        : 'is not reachable';
    throw new CommandFailure(
      exitCodes.unavailable,
      `${url.origin} ${why}: is Countersign running?`,
    );
  });
  const text = await response.text();
  const parsed: unknown =
    response.headers.get('content-type')?.includes('json') === true ? JSON.parse(text) : text;
  if (response.ok) return { body: parsed, headers: response.headers };
  throw failureOf(response.status, parsed);
}

function failureOf(status: number, body: unknown): CommandFailure {
  const problem = Problem.safeParse(body);
  if (!problem.success) {
    return new CommandFailure(exitCodes.unavailable, `The server answered ${status}.`);
  }
  const { code, detail, hint, errors, details } = problem.data;
  const fields = errors.map((one) => `  ${one.pointer || '(whole)'}: ${one.message}`);
  const others = details.alternatives.map((one) => {
    const { conId, symbol, localSymbol = symbol, secType, primaryExchange, currency, name } = one;
    return visible(`  ${conId}  ${localSymbol} ${secType} ${primaryExchange} ${currency}  ${name}`);
  });
  const advice = hint == null ? [] : [`→ ${hint}`];
  const text = [`${code}: ${detail}`, ...fields, ...others, ...advice];
  return new CommandFailure(exitCodeOf(status), text.join('\n'), body);
}

function exitCodeOf(status: number): number {
  if (status === 401 || status === 403) return exitCodes.noPermission;
  if (status === 400 || status === 415 || status === 422) return exitCodes.usage;
  return status >= 500 ? exitCodes.unavailable : exitCodes.refused;
}
