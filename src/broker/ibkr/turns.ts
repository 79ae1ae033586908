import { GatewayError } from '../../domain/errors.ts';
import type { Hold, TokenBucket } from './token-bucket.ts';

/**
 * Places in the pacing for writes. A write never waits: whoever wants to send waits for a turn first, before anything
 * is claimed, and the write then uses the place that was kept. A write without a turn takes a free place or is refused.
 */
export class Turns {
  readonly #bucket: TokenBucket;
  readonly #withinMs: number;
  readonly #kept = new Map<string, Hold>();

  constructor(bucket: TokenBucket, withinMs: number) {
    this.#bucket = bucket;
    this.#withinMs = withinMs;
  }

  /**
   * Keeps a place for the write named `key`, cancels before orders and each in order of asking. The returned function
   * gives back a place that was not used. Throws `BROKER_UNAVAILABLE` when none came free in time.
   */
  async keep(lane: 'write' | 'cancel', key: string): Promise<() => void> {
    const hold = await this.#bucket.hold(lane, this.#withinMs);
    if (hold === null) throw tooMany();
    this.#kept.get(key)?.release();
    this.#kept.set(key, hold);
    return () => {
      hold.release();
      if (this.#kept.get(key) === hold) this.#kept.delete(key);
    };
  }

  /** Uses the place of `key`, or a free one. Throws `BROKER_UNAVAILABLE` before any byte where there is none. */
  use(lane: 'write' | 'cancel', key: string): void {
    const hold = this.#kept.get(key);
    this.#kept.delete(key);
    if (hold !== undefined) hold.spend();
    else if (!this.#bucket.take(lane)) throw tooMany();
  }
}

function tooMany(): GatewayError {
  return new GatewayError('BROKER_UNAVAILABLE', 'too many messages in this second: not sent');
}
