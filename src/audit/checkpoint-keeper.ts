import type { Store } from '../store/port.ts';
import { writeCheckpoint } from './checkpoint.ts';

type Options = {
  readonly store: Pick<Store, 'audit' | 'ping'>;
  /** Where checkpoints and the signing key lie: outside the database. */
  readonly dir: string;
  readonly everyMs: number;
  readonly onFailure: (failure: unknown) => void;
};

/**
 * Signs the head of the audit chain on a schedule, and once more when it is stopped. A checkpoint that cannot be
 * made (the chain contradicts an earlier one) is reported, and trading goes on: the trail still verifies as red.
 */
export function startCheckpointKeeper(options: Options): { readonly stop: () => Promise<void> } {
  const sign = async (): Promise<void> => {
    try {
      await writeCheckpoint(options.store, options.dir);
    } catch (failure) {
      options.onFailure(failure);
    }
  };
  let signing = sign();
  const timer = setInterval(() => {
    signing = signing.then(sign);
  }, options.everyMs);
  return {
    async stop() {
      clearInterval(timer);
      await signing;
      await sign();
    },
  };
}
