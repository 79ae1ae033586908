import { z } from 'zod';
import type { ConId } from '../../domain/ids.ts';
import { InstrumentQuery } from '../../domain/instrument/instrument-query.ts';
import { barRequest, barSeries, optionChain, snapshot, statistics } from './market-shapes.ts';
import {
  account,
  branded,
  completedOrder,
  conId,
  contract,
  contractDetails,
  execution,
  facts,
  instant,
  linkState,
  portfolio,
  quote,
  terms,
  text,
  workingOrder,
} from './shapes.ts';

/**
 * What the gateway process answers to the other processes on loopback: one table of routes, each with the schema of
 * its question and of its answer. Server and client are both made from it.
 */
const nothing = z.strictObject({});
const ofAccount = z.strictObject({ account });
// Query strings are text; the client sends a number.
const ofConId = z.strictObject({
  conId: branded<ConId>(z.coerce.number().int().positive().max(2_147_483_647)),
});

/** Every route. GET takes its input from the query string, POST from a JSON body. */
export const readRoutes = {
  accounts: { method: 'GET', path: '/accounts', input: nothing, output: z.array(account) },
  link: { method: 'GET', path: '/link', input: nothing, output: linkState },
  marketTime: { method: 'GET', path: '/market-time', input: nothing, output: instant },
  portfolio: { method: 'GET', path: '/portfolio', input: ofAccount, output: portfolio },
  workingOrders: {
    method: 'GET',
    path: '/working-orders',
    input: ofAccount,
    output: z.array(workingOrder),
  },
  quote: { method: 'GET', path: '/quote', input: ofConId, output: quote },
  snapshot: {
    method: 'POST',
    path: '/snapshot',
    input: z.strictObject({ conId, fresh: z.boolean() }),
    output: snapshot,
  },
  bars: { method: 'POST', path: '/bars', input: barRequest, output: barSeries },
  optionChains: {
    method: 'GET',
    path: '/option-chains',
    input: ofConId,
    output: z.array(optionChain),
  },
  executions: {
    method: 'POST',
    path: '/executions',
    input: z.strictObject({ account, since: instant.nullable(), symbol: text.nullable() }),
    output: z.array(execution),
  },
  completedOrders: {
    method: 'GET',
    path: '/completed-orders',
    input: ofAccount,
    output: z.array(completedOrder),
  },
  statistics: { method: 'GET', path: '/statistics', input: nothing, output: statistics },
  resolve: {
    method: 'POST',
    path: '/resolve',
    input: z.strictObject({ query: InstrumentQuery }),
    output: z.array(contractDetails),
  },
  search: {
    method: 'POST',
    path: '/search',
    input: z.strictObject({ pattern: z.string().min(1).max(64) }),
    output: z.array(contract),
  },
  facts: { method: 'POST', path: '/facts', input: z.strictObject({ terms }), output: facts },
  reconnect: { method: 'POST', path: '/reconnect', input: nothing, output: linkState },
} as const satisfies Record<
  string,
  { method: 'GET' | 'POST'; path: string; input: z.ZodType; output: z.ZodType }
>;

export type ReadRouteName = keyof typeof readRoutes;
export type ReadInput<Name extends ReadRouteName> = z.output<(typeof readRoutes)[Name]['input']>;
export type ReadOutput<Name extends ReadRouteName> = z.output<(typeof readRoutes)[Name]['output']>;

/** The body of every answer that is not 200. */
export const readProblem = z.strictObject({ code: z.string(), message: z.string() });

/** Routes that may take longer than the usual deadline: paging through history keeps IBKR's pace. */
export const slowRoutesMs: { readonly [Name in ReadRouteName]?: number } = { bars: 55_000 };

/** Largest bodies: questions are small, answers can hold many positions. */
export const mostQuestionBytes = 64 * 1024;
export const mostAnswerBytes = 16 * 1024 * 1024;
