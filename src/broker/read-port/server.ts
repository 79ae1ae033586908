import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errorCodes, GatewayError, type ErrorCode } from '../../domain/errors.ts';
import type { LinkState } from '../../domain/risk/facts.ts';
import type { BrokerReads } from '../port.ts';
import {
  mostQuestionBytes,
  readRoutes,
  type ReadInput,
  type ReadOutput,
  type ReadRouteName,
} from './contract.ts';

/**
 * The gateway process's internal read port: loopback only, bearer secret, no writes. Errors leave as our code and
 * our words; text of third parties never does.
 */
export type ReadPortOptions = {
  readonly broker: BrokerReads & { readonly reconnect: () => Promise<LinkState> };
  readonly secret: string;
  /** 0 = any free port. */
  readonly port: number;
  /** The text of `GET /metrics` (Prometheus); left out, there is no such route. */
  readonly metrics?: () => string;
  /** A bug of ours that a request met: for the operator's log. */
  readonly onFault?: (cause: unknown) => void;
};

export type ReadPort = {
  readonly port: number;
  /** Stops listening and ends open connections. */
  readonly close: () => Promise<void>;
};

type Answer<Name extends ReadRouteName> = (input: ReadInput<Name>) => Promise<ReadOutput<Name>>;
type Answers = { readonly [Name in ReadRouteName]: Answer<Name> };

/** Listens on 127.0.0.1. Throws when the port is taken or the secret is too short to be one. */
export async function startReadPort(options: ReadPortOptions): Promise<ReadPort> {
  if (options.secret.length < 16) throw new Error('the read port needs a secret of 16 or more');
  const answers = answersOf(options.broker);
  const server = createServer((request, response) => {
    void handle(request, response, answers, options);
  });
  server.keepAliveTimeout = 60_000;
  server.requestTimeout = 30_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      });
    },
  };
}

function answersOf(broker: ReadPortOptions['broker']): Answers {
  return {
    accounts: async () => [...(await broker.accounts())],
    link: () => broker.link(),
    portfolio: ({ account }) => broker.portfolio(account),
    workingOrders: async ({ account }) => [...(await broker.workingOrders(account))],
    quote: ({ conId }) => broker.quote(conId),
    snapshot: ({ conId, fresh }) => broker.snapshot(conId, { fresh }),
    bars: (request) => broker.bars(request),
    marketTime: () => broker.marketTime(),
    optionChains: async ({ conId }) => [...(await broker.optionChains(conId))],
    executions: async (query) => [...(await broker.executions(query))],
    completedOrders: async ({ account }) => [...(await broker.completedOrders(account))],
    statistics: () => broker.statistics(),
    resolve: async ({ query }) => [...(await broker.resolve(query))],
    search: async ({ pattern }) => [...(await broker.search(pattern))],
    facts: ({ terms }) => broker.facts(terms),
    reconnect: () => broker.reconnect(),
  };
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  answers: Answers,
  options: ReadPortOptions,
): Promise<void> {
  try {
    requireSecret(request.headers.authorization, options.secret);
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (url.pathname === '/metrics' && options.metrics !== undefined) {
      sendText(response, 200, metricsType, options.metrics());
      return;
    }
    const name = routeOf(request.method ?? 'GET', url.pathname);
    const { method, input } = readRoutes[name];
    const question =
      method === 'GET' ? Object.fromEntries(url.searchParams) : await jsonBody(request);
    const parsed = input.safeParse(question);
    if (!parsed.success) {
      throw new GatewayError('VALIDATION', 'the question does not fit the contract of the route');
    }
    // The table pairs each name with its own input and output; a union of functions cannot say so.
    const answer = answers[name] as (input: unknown) => Promise<unknown>;
    send(response, 200, await answer(parsed.data));
  } catch (error) {
    const isOurs = error instanceof GatewayError;
    if (!isOurs) options.onFault?.(error);
    const code: ErrorCode = isOurs ? error.code : 'INTERNAL';
    const message = isOurs ? error.message : 'the gateway met a bug of its own';
    send(response, errorCodes[code].status, { code, message });
  }
}

/** Compared as digests, so that neither length nor content shows in the time it takes. */
function requireSecret(header: string | undefined, secret: string): void {
  const digest = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();
  if (!timingSafeEqual(digest(header ?? ''), digest(`Bearer ${secret}`))) {
    throw new GatewayError('UNAUTHENTICATED', 'the bearer secret is missing or wrong');
  }
}

function routeOf(method: string, path: string): ReadRouteName {
  const names = Object.keys(readRoutes) as ReadRouteName[];
  const name = names.find((candidate) => readRoutes[candidate].path === path);
  if (name === undefined) throw new GatewayError('NOT_FOUND', 'there is no such route');
  if (readRoutes[name].method !== method) {
    throw new GatewayError('METHOD_NOT_ALLOWED', 'the route does not take that method');
  }
  return name;
}

async function jsonBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = chunk as Buffer;
    size += bytes.length;
    if (size > mostQuestionBytes) throw new GatewayError('BODY_TOO_LARGE', 'the body is too large');
    chunks.push(bytes);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (cause) {
    throw new GatewayError('MALFORMED_BODY', 'the body is not valid JSON', { cause });
  }
}

/** The text format of Prometheus. */
const metricsType = 'text/plain; version=0.0.4; charset=utf-8';

function send(response: ServerResponse, status: number, body: unknown): void {
  sendText(response, status, 'application/json', JSON.stringify(body));
}

function sendText(response: ServerResponse, status: number, type: string, text: string): void {
  const bytes = Buffer.from(text, 'utf8');
  response.writeHead(status, {
    'content-type': type,
    'content-length': bytes.length,
    'cache-control': 'no-store',
    // The rest of a body that was not read must not be taken for the next request.
    ...(status === 413 ? { connection: 'close' } : {}),
  });
  response.end(bytes);
}
