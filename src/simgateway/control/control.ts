// Every control route in one table, and the TypeScript API that is made from it. A call of the API
// checks its fields, acts, and lets the resulting bytes leave, exactly as the HTTP port does.
import { accountRoutes } from './account-routes.ts';
import { clockRoutes } from './clock-routes.ts';
import { connectionRoutes } from './connection-routes.ts';
import { readInput } from './field.ts';
import type { InputOf } from './field.ts';
import { faultRoutes } from './fault-routes.ts';
import { journalRoutes } from './journal-routes.ts';
import { marketRoutes } from './market-routes.ts';
import { openApiDocument } from './open-api.ts';
import type { OpenApiDocument } from './open-api.ts';
import { orderRoutes } from './order-routes.ts';
import { route } from './route.ts';
import type { AnyRoute, ControlHost, ParamsOf, Route } from './route.ts';

const gatewayRoutes = {
  health: route(
    'GET',
    '/health',
    'Ready or restarting, exchange time, number of connections and orders',
    {},
    (sim) => ({
      ready: sim.isUp,
      now: new Date(sim.clock.now()).toISOString(),
      connections: sim.sessions.size,
      orders: sim.store.orders.size,
    }),
  ),
  reset: route(
    'POST',
    '/reset',
    'Back to how the gateway started: clock, prices, accounts, orders, faults; connections end',
    {},
    (_sim, _input, host) => {
      host.reset();
      return {};
    },
  ),
  openApi: route('GET', '/openapi.json', 'This table as OpenAPI 3.1', {}, () => describe()),
};

/** Every route by its name in the TypeScript API, in the order of the product page. */
export const controlRoutes = {
  ...gatewayRoutes,
  ...clockRoutes,
  ...marketRoutes,
  ...accountRoutes,
  ...orderRoutes,
  ...faultRoutes,
  ...connectionRoutes,
  ...journalRoutes,
};

function describe(): OpenApiDocument {
  return openApiDocument(controlRoutes);
}

/** Parameters of a path may be given as numbers, as ids are. */
type Params<Path extends string> = { [K in keyof ParamsOf<Path>]: string | number };
type Call<R> =
  R extends Route<infer Path, infer F, infer Answer>
    ? Partial<Params<Path> & InputOf<F>> extends Params<Path> & InputOf<F>
      ? (input?: InputOf<F>) => Answer
      : (input: Params<Path> & InputOf<F>) => Answer
    : never;
/** The control of a gateway in the same process: a function per route. Each throws ControlError. */
export type Control = { [K in keyof typeof controlRoutes]: Call<(typeof controlRoutes)[K]> };

const paramNames = (path: string) => [...path.matchAll(/:(\w+)/g)].map((m) => m[1] ?? '');

/** Runs one route with fields as they came in and parameters of its path. Throws ControlError. */
export function runRoute(
  host: ControlHost,
  r: AnyRoute,
  raw: Record<string, unknown>,
  params: Record<string, string>,
): unknown {
  const answer = r.run(host.sim, { ...readInput(r.fields, raw), ...params }, host);
  host.sim.flushNow();
  return answer;
}

/** The TypeScript API of a host. */
export function createControl(host: ControlHost): Control {
  const call =
    (r: AnyRoute) =>
    (input: Record<string, unknown> = {}) => {
      const names = paramNames(r.path);
      const entries = Object.entries(input);
      const params = entries.filter(([name]) => names.includes(name));
      return runRoute(
        host,
        r,
        Object.fromEntries(entries.filter(([name]) => !names.includes(name))),
        Object.fromEntries(params.map(([name, value]) => [name, String(value)])),
      );
    };
  const calls = Object.entries(controlRoutes).map(([name, r]) => [name, call(r)]);
  return Object.fromEntries(calls) as Control;
}
