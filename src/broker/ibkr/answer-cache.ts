import type { CacheStatistics } from '../port.ts';
import type { Clock } from './clock.ts';

/** An answer with its age, and whether it was asked for now or kept from before. */
export type Kept<T> = { readonly value: T; readonly ageMs: number; readonly isCached: boolean };

export type AnswerCacheOptions<T> = {
  readonly name: CacheStatistics['name'];
  readonly clock: Clock;
  readonly keepMs: number;
  readonly mostEntries: number;
  /** Whether an answer is kept at all; nothing found is worth asking again. */
  readonly isWorthKeeping: (value: T) => boolean;
};

/**
 * Answers that are good for a while. A question that is under way is shared by everybody who asks the same; a
 * failure is told to all of them and not kept. When it is full the answer that was used longest ago goes.
 */
export class AnswerCache<T> {
  readonly #options: AnswerCacheOptions<T>;
  /** Least recently used first. */
  readonly #kept = new Map<string, { readonly atMs: number; readonly value: T }>();
  readonly #asked = new Map<string, Promise<T>>();
  #counts = { hits: 0, misses: 0, shared: 0, bypassed: 0, evictions: 0 };

  constructor(options: AnswerCacheOptions<T>) {
    this.#options = options;
  }

  /** `maxAgeMs` 0 asks anew whatever is kept; a question that is under way is joined all the same. */
  async get(
    key: string,
    find: () => Promise<T>,
    maxAgeMs = this.#options.keepMs,
  ): Promise<Kept<T>> {
    const hit = this.#lookUp(key, Math.min(maxAgeMs, this.#options.keepMs));
    if (hit !== null) return hit;
    const running = this.#asked.get(key);
    if (running !== undefined) {
      this.#counts.shared += 1;
      return { value: await running, ageMs: 0, isCached: false };
    }
    this.#counts[maxAgeMs <= 0 && this.#kept.has(key) ? 'bypassed' : 'misses'] += 1;
    const question = this.#ask(key, find);
    this.#asked.set(key, question);
    return { value: await question, ageMs: 0, isCached: false };
  }

  /** Forgets what is kept. */
  clear(): void {
    this.#kept.clear();
  }

  statistics(): CacheStatistics {
    const now = this.#options.clock.monotonicMs();
    const ages = [...this.#kept.values()].map(({ atMs }) => Math.round(now - atMs));
    return {
      name: this.#options.name,
      entries: this.#kept.size,
      keepMs: this.#options.keepMs,
      oldestMs: ages.length === 0 ? null : Math.max(...ages),
      ...this.#counts,
    };
  }

  #lookUp(key: string, maxAgeMs: number): Kept<T> | null {
    const found = this.#kept.get(key);
    if (found === undefined) return null;
    const ageMs = this.#options.clock.monotonicMs() - found.atMs;
    if (ageMs > this.#options.keepMs) this.#kept.delete(key);
    if (maxAgeMs <= 0 || ageMs > maxAgeMs) return null;
    this.#kept.delete(key);
    this.#kept.set(key, found);
    this.#counts.hits += 1;
    return { value: found.value, ageMs: Math.round(ageMs), isCached: true };
  }

  async #ask(key: string, find: () => Promise<T>): Promise<T> {
    try {
      const value = await find();
      if (this.#options.isWorthKeeping(value)) this.#keep(key, value);
      return value;
    } finally {
      this.#asked.delete(key);
    }
  }

  #keep(key: string, value: T): void {
    this.#kept.delete(key);
    this.#kept.set(key, { atMs: this.#options.clock.monotonicMs(), value });
    if (this.#kept.size <= this.#options.mostEntries) return;
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined) this.#kept.delete(oldest);
    this.#counts.evictions += 1;
  }
}
