// Writes named values as the text fields of one frame, following the message's field table.
import { entriesAt } from './field-table.ts';
import type { Entry, Layout, Scalar, Values, ValuesOf } from './field-table.ts';

/** From this version on the gateway sends non-ASCII text as backslash-u escapes. */
const ASCII_FROM = 153;

function clean(value: string, version: number): string {
  // A NUL inside a field would shift every later one.
  const safe = value.includes('\0') ? value.replaceAll('\0', '') : value;
  if (version < ASCII_FROM || !/[^\0-\x7f]/.test(safe)) return safe;
  return safe.replace(
    /[^\0-\x7f]/g,
    (c) => `\\u${(c.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}

function scalarText(value: Scalar, version: number): string {
  if (typeof value === 'string') return clean(value, version);
  if (typeof value === 'boolean') return value ? '1' : '0';
  return String(value);
}

function write(entries: readonly Entry[], values: Values, version: number, out: string[]): void {
  for (const entry of entries) {
    if (entry.when !== undefined && !entry.when(values)) continue;
    const value = values[entry.name];
    if (entry.kind === 'list') {
      const rows = Array.isArray(value) ? value : [];
      out.push(String(rows.length));
      for (const row of rows) write(entry.rows, row, version, out);
    } else if (value === undefined || Array.isArray(value)) {
      out.push(entry.unset ?? '');
    } else {
      out.push(scalarText(value, version));
    }
  }
}

/** The text fields of a message at a server version; the first is the message id. */
export function encode<T extends readonly Entry[]>(
  layout: Layout<T>,
  values: ValuesOf<T>,
  version: number,
): string[] {
  const out = [String(layout.id)];
  write(entriesAt(layout, version), values, version, out);
  return out;
}
