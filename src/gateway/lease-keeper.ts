import type { SenderLease } from '../store/port/kill-switch.ts';

type Options = {
  readonly lease: SenderLease;
  readonly holder: string;
  readonly ttlMs: number;
  readonly renewEveryMs: number;
  /** Milliseconds on a monotonic clock. */
  readonly monotonicMs: () => number;
  readonly onFailure: (failure: unknown) => void;
};

export type LeaseKeeper = {
  /** Whether a byte of an order may leave now. */
  readonly holds: () => boolean;
  readonly stop: () => Promise<void>;
};

/**
 * Keeps this process's right to send. The lease is counted from before the request left, on the monotonic
 * clock, so a partitioned or stalled process stops writing before anybody else believes that it has stopped.
 */
export async function startLeaseKeeper(options: Options): Promise<LeaseKeeper> {
  const { lease, holder, ttlMs, monotonicMs } = options;
  let validUntilMs = -Infinity;
  const renew = async (): Promise<void> => {
    const askedAtMs = monotonicMs();
    try {
      const held = await lease.hold(holder, ttlMs);
      validUntilMs = held === null ? -Infinity : askedAtMs + held.validForMs;
    } catch (failure) {
      // What was granted stays valid until it lapses; nothing is extended.
      options.onFailure(failure);
    }
  };
  await renew();
  let renewing = Promise.resolve();
  const timer = setInterval(() => {
    renewing = renew();
  }, options.renewEveryMs);
  return {
    holds: () => monotonicMs() < validUntilMs,
    async stop() {
      clearInterval(timer);
      await renewing;
      validUntilMs = -Infinity;
      await lease.release(holder);
    },
  };
}
