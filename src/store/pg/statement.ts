declare const rowType: unique symbol;

/** One SQL text with the type of its rows. The server parses it once per connection, under `name`. */
export type Statement<Row> = {
  readonly text: string;
  readonly name: string;
  readonly [rowType]?: Row;
};

let count = 0;

/** Declares a statement. Columns come out named as in `Row`; see `connection.ts` for how values are read. */
// The row's type is what the caller declares: SQL has no other place to say it.

export function sql<Row = never>(text: string): Statement<Row> {
  count += 1;
  return { text, name: `s${count}` };
}
