// A request the gateway answers: its field table and what is done with the decoded fields.
import type { Handling } from '../matching/order-desk.ts';
import type { Entry, Layout, Values, ValuesOf } from '../wire/field-table.ts';
import type { ClientSession } from './client-session.ts';

/** One answered request; `handling` says what a fault does to an order. */
export type Request = {
  layout: Layout;
  run: (session: ClientSession, values: Values, handling: Handling) => void;
};

/** Ties a field table to its handler. */
export const request = <T extends readonly Entry[]>(
  layout: Layout<T>,
  run: (session: ClientSession, values: ValuesOf<T>, handling: Handling) => void,
): Request => ({
  layout,
  run: (session, values, handling) => {
    run(session, values as ValuesOf<T>, handling);
  },
});
