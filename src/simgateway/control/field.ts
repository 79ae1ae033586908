// The fields of control routes: kind, meaning, limits. Reading, the OpenAPI document and the types of
// the TypeScript API all come from them.

/** Something wrong with a control request; `status` is the HTTP status. */
export class ControlError extends Error {
  override readonly name = 'ControlError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

type KindValue = { int: number; bool: boolean; text: string; decimal: string; json: unknown };
/** What a field may hold, by the name it has in error messages. */
export type FieldKind = keyof KindValue;
/** One field. `Value` is what a handler is given. */
export type Field<Value = unknown, Required extends boolean = boolean> = {
  kind: FieldKind;
  /** One phrase for the reference: unit, default, meaning. */
  about: string;
  isRequired: Required;
  /** The only texts there are. */
  values?: readonly string[];
  min?: number;
  /** Carries its value's type; never read. */
  readonly value?: Value;
};
/** Fields by name. */
export type Fields = Record<string, Field>;

const field =
  <K extends FieldKind>(kind: K) =>
  (about: string, limits: { min?: number } = {}): Field<KindValue[K], false> => ({
    kind,
    about,
    isRequired: false,
    ...limits,
  });

/** Whole number. */
export const int = field('int');
export const bool = field('bool');
export const text = field('text');
/** Decimal text; a number is taken as its shortest text. */
export const decimal = field('decimal');
/** Any JSON; its handler checks it. */
export const json = field('json');
/** One of a few texts. */
export const oneOf = <const V extends readonly string[]>(
  about: string,
  values: V,
): Field<V[number], false> => ({ kind: 'text', about, isRequired: false, values });
/** A field that must be given. */
export const required = <V>(f: Field<V, false>): Field<V, true> => ({ ...f, isRequired: true });

type RequiredNames<F extends Fields> = {
  [K in keyof F]: F[K]['isRequired'] extends true ? K : never;
}[keyof F];
type ValueOf<F> = F extends Field<infer V> ? V : never;
/** What a handler is given: required fields always, others when they were sent. */
export type InputOf<F extends Fields> = { [K in RequiredNames<F>]: ValueOf<F[K]> } & {
  [K in Exclude<keyof F, RequiredNames<F>>]?: ValueOf<F[K]>;
};

const DECIMAL = /^-?\d+(\.\d+)?$/;

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
    const shortest = typeof value === 'number' ? String(value) : value;
    return typeof shortest === 'string' && DECIMAL.test(shortest) ? shortest : undefined;
  },
  json: (value) => value,
};

function readField(name: string, spec: Field, raw: unknown): unknown {
  const value = READERS[spec.kind](raw);
  if (value === undefined) throw new ControlError(400, `field '${name}' must be ${spec.kind}`);
  if (spec.values !== undefined && !spec.values.includes(value as string)) {
    throw new ControlError(400, `field '${name}' must be one of ${spec.values.join(', ')}`);
  }
  if (spec.min !== undefined && Number(value) < spec.min) {
    throw new ControlError(400, `field '${name}' must be at least ${spec.min}`);
  }
  return value;
}

/** Checks a request's fields against a route's. Throws ControlError 400, naming the field. */
export function readInput(fields: Fields, raw: Record<string, unknown>): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(raw)) {
    const spec = fields[name];
    if (spec === undefined) {
      const known = Object.keys(fields).join(', ') || 'none';
      throw new ControlError(400, `unknown field '${name}'; known: ${known}`);
    }
    if (value !== undefined) input[name] = readField(name, spec, value);
  }
  for (const [name, spec] of Object.entries(fields)) {
    if (spec.isRequired && input[name] === undefined) {
      throw new ControlError(400, `field '${name}' is required`);
    }
  }
  return input;
}
