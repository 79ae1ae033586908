// Reads the text fields of one frame into named values, following the message's field table.
// Surplus trailing fields are tolerated, as the real gateway does; a short frame is an error.
import { entriesAt } from './field-table.ts';
import type { Entry, Field, Layout, Scalar, Values, ValuesOf } from './field-table.ts';

/** A frame that does not follow its field table; the text names message and field. */
export class WireError extends Error {
  override readonly name = 'WireError';
}

const UNSET_INT = new Set(['', '2147483647', '9223372036854775807', '-2147483648']);
const UNSET_DECIMAL = new Set(['', '1.7976931348623157E308', '1.7976931348623157e+308']);
const DECIMAL = /^-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
/** How clients write an infinite offset: the official ones, what TWS itself says, Go, and Python's `str`. */
const INFINITE = new Set(['Infinity', 'Infinite', '+Inf', 'inf']);
const MAX_ROWS = 10_000;

function parseInteger(raw: string, where: string): number | undefined {
  if (UNSET_INT.has(raw)) return undefined;
  if (raw === 'false') return 0;
  if (raw === 'true') return 1;
  const value = Number(raw);
  if (!Number.isSafeInteger(value)) throw new WireError(`${where}: '${raw}' is not an integer`);
  return value;
}

function parseScalar(spec: Field, raw: string, where: string): Scalar | undefined {
  switch (spec.kind) {
    case 'text':
      return raw === '' ? undefined : raw;
    case 'int':
      return parseInteger(raw, where);
    case 'decimal':
      if (UNSET_DECIMAL.has(raw)) return undefined;
      if (INFINITE.has(raw)) return 'Infinity';
      if (!DECIMAL.test(raw)) throw new WireError(`${where}: '${raw}' is not a decimal`);
      return raw;
    case 'bool':
      if (UNSET_INT.has(raw)) return undefined;
      if (raw === '1' || raw === 'true') return true;
      if (raw === '0' || raw === 'false') return false;
      throw new WireError(`${where}: '${raw}' is not a boolean`);
  }
}

class Cursor {
  private at = 1;
  private readonly fields: readonly string[];
  private readonly message: string;

  constructor(fields: readonly string[], message: string) {
    this.fields = fields;
    this.message = message;
  }

  take(name: string): string {
    const raw = this.fields[this.at];
    if (raw === undefined) {
      throw new WireError(`${this.message}.${name}: frame ends at field ${this.at}`);
    }
    this.at += 1;
    return raw;
  }

  read(entries: readonly Entry[]): Values {
    const values: Values = {};
    for (const entry of entries) {
      if (entry.when !== undefined && !entry.when(values)) continue;
      const where = `${this.message}.${entry.name}`;
      const raw = this.take(entry.name);
      if (entry.kind === 'list') {
        const count = parseInteger(raw, where) ?? 0;
        if (count < 0 || count > MAX_ROWS) throw new WireError(`${where}: count ${raw}`);
        values[entry.name] = Array.from({ length: count }, () => this.read(entry.rows));
      } else {
        const value = parseScalar(entry, raw, where);
        if (value !== undefined) values[entry.name] = value;
      }
    }
    return values;
  }
}

/** Decodes a frame's fields (the first is the message id) at a server version. Throws WireError. */
export function decode<T extends readonly Entry[]>(
  layout: Layout<T>,
  fields: readonly string[],
  version: number,
): ValuesOf<T> {
  return new Cursor(fields, layout.name).read(entriesAt(layout, version)) as ValuesOf<T>;
}
