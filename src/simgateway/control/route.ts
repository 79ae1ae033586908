// What a control route is: method, path, fields, and what it does. The HTTP port, the OpenAPI document
// and the TypeScript API are three views of one table of them.
import type { Simulation } from '../simulation.ts';
import type { Fields, InputOf } from './field.ts';

/** What the routes act on: the simulation of now, which a reset replaces. */
export type ControlHost = {
  readonly sim: Simulation;
  /** Back to how the gateway started; the ports stay open, connections end. */
  reset(): void;
};

type ParamNames<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | ParamNames<Rest>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never;
/** The parameters of a path, as text. */
export type ParamsOf<Path extends string> = Record<ParamNames<Path>, string>;

type Method = 'GET' | 'PUT' | 'POST' | 'DELETE';

/** One row of the route table. */
export type Route<Path extends string = string, F extends Fields = Fields, Answer = unknown> = {
  method: Method;
  /** `/orders/:permId`; a part that begins with a colon is a parameter. */
  path: Path;
  /** One sentence for the reference. */
  does: string;
  /** GET fields come from the query string, the others' from the JSON body. */
  fields: F;
  run(sim: Simulation, input: InputOf<F> & ParamsOf<Path>, host: ControlHost): Answer;
};

/** Declares a route. */
export const route = <const Path extends string, F extends Fields, Answer>(
  method: Method,
  path: Path,
  does: string,
  fields: F,
  run: Route<Path, F, Answer>['run'],
): Route<Path, F, Answer> => ({ method, path, does, fields, run });

/** A route of any path, fields and answer, as the table holds it. */
export type AnyRoute = {
  method: Method;
  path: string;
  does: string;
  fields: Fields;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each row checks its own input
  run(sim: Simulation, input: any, host: ControlHost): unknown;
};
