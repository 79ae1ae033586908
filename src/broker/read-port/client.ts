import { errorCodes, GatewayError, type ErrorCode } from '../../domain/errors.ts';
import type { LinkState } from '../../domain/risk/facts.ts';
import type { BrokerReads } from '../port.ts';
import {
  mostAnswerBytes,
  readProblem,
  readRoutes,
  slowRoutesMs,
  type ReadInput,
  type ReadOutput,
  type ReadRouteName,
} from './contract.ts';

/**
 * The broker's reads for every process that is not the gateway. Connections are kept alive by Node's fetch. Every
 * failure is a `GatewayError`: the gateway's own code where it gave one, `BROKER_NO_ANSWER` at the deadline,
 * `BROKER_UNAVAILABLE` for everything else.
 */
export type ReadPortClient = BrokerReads & { readonly reconnect: () => Promise<LinkState> };

export type ReadPortClientOptions = {
  /** e.g. `http://127.0.0.1:8010` */
  readonly baseUrl: string;
  readonly secret: string;
  /** Above the gateway's own deadlines, so that its words arrive. Default 15 000. */
  readonly deadlineMs?: number;
};

export function createReadPortClient(options: ReadPortClientOptions): ReadPortClient {
  const ask = <Name extends ReadRouteName>(
    name: Name,
    input: ReadInput<Name>,
  ): Promise<ReadOutput<Name>> => call(options, name, input);
  return {
    accounts: () => ask('accounts', {}),
    link: () => ask('link', {}),
    marketTime: () => ask('marketTime', {}),
    portfolio: (account) => ask('portfolio', { account }),
    workingOrders: (account) => ask('workingOrders', { account }),
    quote: (conId) => ask('quote', { conId }),
    snapshot: (conId, { fresh }) => ask('snapshot', { conId, fresh }),
    bars: (request) => ask('bars', request),
    optionChains: (conId) => ask('optionChains', { conId }),
    executions: (query) => ask('executions', query),
    completedOrders: (account) => ask('completedOrders', { account }),
    statistics: () => ask('statistics', {}),
    resolve: (query) => ask('resolve', { query }),
    search: (pattern) => ask('search', { pattern }),
    facts: (terms) => ask('facts', { terms }),
    reconnect: () => ask('reconnect', {}),
  };
}

async function call<Name extends ReadRouteName>(
  options: ReadPortClientOptions,
  name: Name,
  input: ReadInput<Name>,
): Promise<ReadOutput<Name>> {
  const { method, path, output } = readRoutes[name];
  const url = new URL(path, options.baseUrl);
  const deadlineMs = slowRoutesMs[name] ?? options.deadlineMs ?? 15_000;
  if (method === 'GET') {
    for (const [key, value] of Object.entries(input)) url.searchParams.set(key, String(value));
  }
  const { status, text } = await exchange(url, deadlineMs, {
    method,
    headers: {
      authorization: `Bearer ${options.secret}`,
      ...(method === 'POST' ? { 'content-type': 'application/json' } : {}),
    },
    ...(method === 'POST' ? { body: JSON.stringify(input) } : {}),
  });
  const body = parseJson(text);
  if (status !== 200) throw problemOf(body);
  const parsed = output.safeParse(body);
  if (!parsed.success) {
    const message = `the gateway's answer to ${path} does not fit the contract`;
    throw new GatewayError('BROKER_UNAVAILABLE', message, { cause: parsed.error });
  }
  return parsed.data as ReadOutput<Name>;
}

async function exchange(
  url: URL,
  deadlineMs: number,
  init: RequestInit,
): Promise<{ readonly status: number; readonly text: string }> {
  try {
    const response = await fetch(url, {
      ...init,
      redirect: 'error',
      signal: AbortSignal.timeout(deadlineMs),
    });
    const length = Number(response.headers.get('content-length') ?? Number.NaN);
    if (!(length <= mostAnswerBytes)) throw new RangeError('the answer is larger than allowed');
    return { status: response.status, text: await response.text() };
  } catch (cause) {
    const isLate = cause instanceof Error && cause.name === 'TimeoutError';
    throw isLate
      ? new GatewayError('BROKER_NO_ANSWER', `no answer within ${deadlineMs} ms`, { cause })
      : new GatewayError('BROKER_UNAVAILABLE', 'the gateway process is not reachable', { cause });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new GatewayError('BROKER_UNAVAILABLE', 'the gateway did not answer in JSON', { cause });
  }
}

function problemOf(body: unknown): GatewayError {
  const parsed = readProblem.safeParse(body);
  const code = parsed.success ? parsed.data.code : '';
  return Object.hasOwn(errorCodes, code) && parsed.success
    ? new GatewayError(code as ErrorCode, parsed.data.message)
    : new GatewayError('BROKER_UNAVAILABLE', 'the gateway refused without a known reason');
}
