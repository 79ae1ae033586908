// A request the gateway answers: its field table and what is done with the decoded fields.
import type { Entry, Layout, Values, ValuesOf } from '../wire/field-table.ts';
import type { ClientSession } from './client-session.ts';

/** One answered request. */
export type Request = { layout: Layout; run: (session: ClientSession, values: Values) => void };

/** Ties a field table to its handler. */
export const request = <T extends readonly Entry[]>(
  layout: Layout<T>,
  run: (session: ClientSession, values: ValuesOf<T>) => void,
): Request => ({
  layout,
  run: (session, values) => {
    run(session, values as ValuesOf<T>);
  },
});
