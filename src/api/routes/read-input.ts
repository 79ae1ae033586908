import { GatewayError, type FieldProblem } from '../../domain/errors.ts';
import { inputSchema, type JsonSchema } from '../../operations/json-schema.ts';
import type { Operation } from '../../operations/operation.ts';
import type { ApiContext } from '../api.ts';
import { readJsonObject } from '../middleware/body.ts';

type Http = NonNullable<Operation['http']>;

/** Names of the path parameters of a route pattern. */
export function pathNames(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].flatMap((match) => match[1] ?? []);
}

/**
 * Makes a reader that gathers an operation's input from path, headers, and query (get) or body (post). A field has
 * one place: what comes from the path or a header is refused in the body.
 */
export function inputReader(operation: Operation, http: Http) {
  const schema = inputSchema(operation);
  const names = pathNames(http.path);
  return async (c: ApiContext): Promise<Record<string, unknown>> => {
    const fromPath = Object.fromEntries(names.map((name) => [name, c.req.param(name)]));
    const rest =
      http.method === 'get' ? readQuery(c.req.url, schema) : await readJsonObject(c.req.raw);
    const elsewhere = [...names, ...(http.idempotent === true ? ['idempotencyKey'] : [])];
    refuseMisplaced(rest, elsewhere);
    return { ...rest, ...fromPath, ...fromHeaders(c, http, schema, rest) };
  };
}

function refuseMisplaced(rest: Record<string, unknown>, elsewhere: readonly string[]): void {
  const problems: FieldProblem[] = elsewhere
    .filter((name) => Object.hasOwn(rest, name))
    .map((name) => ({ pointer: `/${name}`, message: `belongs into the path or a header` }));
  const [first] = problems;
  if (first === undefined) return;
  throw new GatewayError('VALIDATION', `${first.pointer}: ${first.message}`, {
    hint: 'Leave it out of the body and send it where the OpenAPI document says.',
    problems,
  });
}

function fromHeaders(
  c: ApiContext,
  http: Http,
  schema: JsonSchema,
  rest: Record<string, unknown>,
): Record<string, unknown> {
  if (http.idempotent === true) return { idempotencyKey: idempotencyKey(c) };
  const name = http.etagField;
  const ifMatch = c.req.header('if-match')?.trim();
  if (name === undefined || ifMatch === undefined || schema.properties?.[name] === undefined) {
    return {};
  }
  const value = ifMatch.replace(/^"(.*)"$/, '$1');
  if (Object.hasOwn(rest, name) && rest[name] !== value) {
    throw new GatewayError('VALIDATION', `If-Match and ${name} name different things.`, {
      hint: 'Send one of them.',
      problems: [{ pointer: `/${name}`, message: 'differs from If-Match' }],
    });
  }
  return { [name]: value };
}

function idempotencyKey(c: ApiContext): string {
  const key = c.req.header('idempotency-key');
  if (key !== undefined && key !== '') return key;
  throw new GatewayError('IDEMPOTENCY_KEY_MISSING', 'The Idempotency-Key header is missing.', {
    hint: 'Send a unique key of 8 to 128 characters, and the same one when you repeat the request.',
    problems: [{ pointer: '/idempotencyKey', message: 'is required (Idempotency-Key header)' }],
  });
}

/** Query texts as the types that the schema advertises; what does not read as one stays text and is refused later. */
function readQuery(url: string, schema: JsonSchema): Record<string, unknown> {
  const query = new URL(url).searchParams;
  const input: Record<string, unknown> = {};
  for (const name of new Set(query.keys())) {
    const [value = '', ...more] = query.getAll(name);
    if (more.length > 0) {
      throw new GatewayError('VALIDATION', `/${name}: was given more than once`, {
        hint: 'Give each query parameter once.',
        problems: [{ pointer: `/${name}`, message: 'was given more than once' }],
      });
    }
    Object.defineProperty(input, name, {
      value: typed(value, schema.properties?.[name]?.['type']),
      enumerable: true,
      configurable: true,
    });
  }
  return input;
}

function typed(text: string, type: unknown): unknown {
  if ((type === 'integer' || type === 'number') && /^-?\d{1,15}$/.test(text)) return Number(text);
  // As the document says: one parameter, its items separated by commas.
  if (type === 'array') return text.split(',');
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}
