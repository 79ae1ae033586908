// What a subscriber was last told, so that only changes are told again.
import type { Entry, Layout, Values, ValuesOf } from '../wire/field-table.ts';
import type { ClientSession } from './client-session.ts';

/** What reports need of a session: where things are, and a way to say them. */
export type Reporter = Pick<ClientSession, 'sim' | 'subscriptions' | 'send'>;

/** The last text by key. */
export class Told {
  private readonly texts = new Map<string, string>();

  /** Whether this differs from what was told under the key; takes note of it. */
  isNews(key: string, text: string): boolean {
    if (this.texts.get(key) === text) return false;
    this.texts.set(key, text);
    return true;
  }
}

/** The fields that say which line of a report a message is. */
const LINE_FIELDS = ['reqId', 'account', 'key', 'tag', 'currency', 'conId'] as const;

const lineOf = (name: string, values: Values) =>
  JSON.stringify([name, LINE_FIELDS.map((field) => values[field])]);

/** A session that takes note of every line it sends; with `changesOnly` it sends no line twice. */
export function telling(
  session: ClientSession,
  told: Told,
  changesOnly = false,
): Reporter & { sent: number } {
  const reporter = {
    sim: session.sim,
    subscriptions: session.subscriptions,
    sent: 0,
    send: <T extends readonly Entry[]>(layout: Layout<T>, values: ValuesOf<T>) => {
      const isNews = told.isNews(lineOf(layout.name, values), JSON.stringify(values));
      if (changesOnly && !isNews) return;
      reporter.sent += 1;
      session.send(layout, values);
    },
  };
  return reporter;
}
