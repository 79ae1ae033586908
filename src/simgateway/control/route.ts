// What a control-port route is: method, path, the fields it accepts, and what it does. Unknown fields
// are refused by name, so a misspelt fault never passes for an armed one.
import type { Simulation } from '../simulation.ts';

export type FieldKind = 'int' | 'bool' | 'text' | 'decimal' | 'json';
type KindValue = { int: number; bool: boolean; text: string; decimal: string; json: unknown };
export type Fields = Record<string, FieldKind>;
export type Input<F extends Fields> = { [K in keyof F]?: KindValue[F[K]] };

/** Something wrong with a control request; `status` is the HTTP status. */
export class ControlError extends Error {
  override readonly name = 'ControlError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

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

function checked(name: string, kind: FieldKind, value: unknown): unknown {
  const isQuery = typeof value === 'string';
  switch (kind) {
    case 'int': {
      const n = isQuery && /^-?\d+$/.test(value) ? Number(value) : value;
      if (Number.isSafeInteger(n)) return n;
      break;
    }
    case 'bool':
      if (typeof value === 'boolean') return value;
      if (value === 'true' || value === 'false') return value === 'true';
      break;
    case 'text':
      if (isQuery) return value;
      break;
    case 'decimal':
      // A number is taken as its shortest decimal text: 191.25 stays 191.25.
      if (typeof value === 'number' && DECIMAL.test(String(value))) return String(value);
      if (isQuery && DECIMAL.test(value)) return value;
      break;
    case 'json':
      return value;
  }
  throw new ControlError(400, `field '${name}' must be ${kind}`);
}

/** Checks a request's fields against a route's. Throws ControlError 400. */
export function readInput(fields: Fields, raw: Record<string, unknown>): Input<Fields> {
  const input: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(raw)) {
    const kind = fields[name];
    if (kind === undefined) {
      const known = Object.keys(fields).join(', ') || 'none';
      throw new ControlError(400, `unknown field '${name}'; known: ${known}`);
    }
    input[name] = checked(name, kind, value);
  }
  return input as Input<Fields>;
}

/** The value of a field that must be given. Throws ControlError 400. */
export function required<T>(name: string, value: T | undefined): T {
  if (value === undefined) throw new ControlError(400, `field '${name}' is required`);
  return value;
}
