/**
 * PostgreSQL cannot hold a NUL, and no UTF-8 can hold half a surrogate pair. Third-party text (broker messages,
 * a reason typed into a signal) may have either; it must not keep an order from being recorded, so both become
 * U+FFFD. Our own texts never have them and pass unchanged.
 */
const suspicious = /\\u(?:0000|d[89a-f])/i;

/** The value with every text in it storable; the same value where nothing was wrong. */
export function storable<T>(value: T): T {
  const text = JSON.stringify(value);
  if (!suspicious.test(text)) return value;
  return JSON.parse(text, (_key, part: unknown) =>
    typeof part === 'string' ? part.replaceAll('\0', '\ufffd').toWellFormed() : part,
  ) as T;
}
