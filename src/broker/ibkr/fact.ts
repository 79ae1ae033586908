import { GatewayError } from '../../domain/errors.ts';
import type { Fact, Known } from '../../domain/risk/facts.ts';
import type { Clock } from './clock.ts';

/** Until when (monotonic) a gathering waits for what is not there yet. */
export type Deadline = { readonly clock: Clock; readonly untilMs: number };

/**
 * The part's answer, or `BROKER_NO_ANSWER` at the deadline; the part itself goes on. What is there already is given
 * also when the deadline has passed.
 */
export async function within<T>(
  { clock, untilMs }: Deadline,
  what: string,
  part: Promise<T>,
): Promise<T> {
  let cancel = (): void => undefined;
  const late = new Promise<never>((_resolve, reject) => {
    cancel = clock.after(Math.max(0, untilMs - clock.monotonicMs()), () => {
      reject(new GatewayError('BROKER_NO_ANSWER', `no ${what} in time`));
    });
  });
  try {
    return await Promise.race([part, late]);
  } finally {
    cancel();
  }
}

/** A failure is a missing fact. One that is not the broker's is a bug of ours: reported, and missing all the same. */
export async function settled<T>(
  part: Promise<Known<T>>,
  onFault: (cause: unknown) => void,
): Promise<Fact<T>> {
  try {
    return await part;
  } catch (error) {
    if (error instanceof GatewayError) return { missing: error.message };
    onFault(error);
    return { missing: 'the gateway met a bug of its own' };
  }
}

/** Null where it failed for the broker's reasons; anything else is thrown on. */
export async function orNull<T>(part: Promise<T>): Promise<T | null> {
  try {
    return await part;
  } catch (error) {
    if (error instanceof GatewayError) return null;
    throw error;
  }
}
