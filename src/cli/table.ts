import { visible } from './visible.ts';

/** A column: its head, and what stands in it for a row. Null and undefined show as a dash. */
export type Column<Row> = readonly [
  head: string,
  cell: (row: Row) => string | number | boolean | null | undefined,
];

/** Rows as lines for people, columns padded, numbers to the right. No rows = one line that says so. */
export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string[] {
  if (rows.length === 0) return ['(none)'];
  const body = rows.map((row) => columns.map(([, cell]) => visible(String(cell(row) ?? '–'))));
  const all = [columns.map(([head]) => head), ...body];
  const widths = columns.map((_, at) => Math.max(...all.map((line) => (line[at] ?? '').length)));
  const isNumeric = columns.map((_, at) =>
    body.every((line) => /^(-?[\d.]+|–)$/.test(line[at] ?? '')),
  );
  return all.map((line) =>
    line
      .map((text, at) => {
        const width = widths[at] ?? 0;
        return isNumeric[at] === true ? text.padStart(width) : text.padEnd(width);
      })
      .join('  ')
      .trimEnd(),
  );
}
