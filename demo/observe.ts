import { isDeepStrictEqual } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { NotObserved } from './report.ts';

/** Throws `NotObserved` unless what was seen is exactly what was expected. */
export function expectSame<T>(what: string, seen: unknown, expected: T): asserts seen is T {
  if (isDeepStrictEqual(seen, expected)) return;
  throw new NotObserved(`${what}: expected ${show(expected)}, saw ${show(seen)}`);
}

/** Throws `NotObserved` unless the condition holds; `expected` and `seen` say what it was about. */
export function expectThat(
  what: string,
  isSo: boolean,
  expected: string,
  seen: unknown,
): asserts isSo {
  if (!isSo) throw new NotObserved(`${what}: expected ${expected}, saw ${show(seen)}`);
}

/** The value itself, which must be there. Throws `NotObserved`. */
export function present<T>(what: string, value: T | null | undefined): T {
  if (value === null || value === undefined)
    throw new NotObserved(`${what}: expected a value, saw none`);
  return value;
}

/** Looks again until it is so, at most for `withinMs`; the last thing seen. */
export async function lookUntil<T>(
  look: () => Promise<T>,
  isSo: (seen: T) => boolean,
  withinMs = 10_000,
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (isSo(seen) || performance.now() > deadline) return seen;
    await sleep(100);
  }
}

function show(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
