// What a control-port route is: method, path, the fields it accepts, and what it does. Unknown fields
// are refused by name, so a misspelt fault never passes for an armed one.
import type { Simulation } from '../simulation.ts';

type FieldKind = 'int' | 'bool' | 'text' | 'decimal' | 'json';
type KindValue = { int: number; bool: boolean; text: string; decimal: string; json: unknown };
/** Field names and their kinds. */
export type Fields = Record<string, FieldKind>;
type Input<F extends Fields> = { [K in keyof F]?: KindValue[F[K]] };

/** Something wrong with a control request; `status` is the HTTP status. */
export class ControlError extends Error {
  override readonly name = 'ControlError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** One row of the route table. */
export type Route = {
  method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** `/orders/:permId`; a part that begins with a colon is a parameter. */
  path: string;
  fields: Fields;
  run: (sim: Simulation, input: Input<Fields>, params: Record<string, string>) => unknown;
};

/** Declares a route; GET fields come from the query string, the others' from the JSON body. */
export function route<F extends Fields>(
  method: Route['method'],
  path: string,
  fields: F,
  run: (sim: Simulation, input: Input<F>, params: Record<string, string>) => unknown,
): Route {
  return { method, path, fields, run: run as Route['run'] };
}

const DECIMAL = /^\d+(\.\d+)?$/;

const integer = (value: unknown) =>
  typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;

/** Reads one kind of field; undefined when the value is not of that kind. */
const READERS: Record<FieldKind, (value: unknown) => unknown> = {
  int: (value) => (Number.isSafeInteger(integer(value)) ? integer(value) : undefined),
  bool: (value) => {
    if (typeof value === 'boolean') return value;
    return value === 'true' || value === 'false' ? value === 'true' : undefined;
  },
  text: (value) => (typeof value === 'string' ? value : undefined),
  // A number is taken as its shortest decimal text: 191.25 stays 191.25.
  decimal: (value) => {
    const text = typeof value === 'number' ? String(value) : value;
    return typeof text === 'string' && DECIMAL.test(text) ? text : undefined;
  },
  json: (value) => value,
};

/** Checks a request's fields against a route's. Throws ControlError 400. */
export function readInput(fields: Fields, raw: Record<string, unknown>): Input<Fields> {
  const input: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(raw)) {
    const kind = fields[name];
    if (kind === undefined) {
      const known = Object.keys(fields).join(', ') || 'none';
      throw new ControlError(400, `unknown field '${name}'; known: ${known}`);
    }
    input[name] = READERS[kind](value);
    if (input[name] === undefined) throw new ControlError(400, `field '${name}' must be ${kind}`);
  }
  return input;
}

/** The value of a field that must be given. Throws ControlError 400. */
export function required<T>(name: string, value: T | undefined): T {
  if (value === undefined) throw new ControlError(400, `field '${name}' is required`);
  return value;
}
