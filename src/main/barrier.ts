import { existsSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Waits at a named point of the path, where a test holds it. */
export type Barrier = (point: string) => Promise<void>;

/**
 * Fault barriers for the kill tests, in ENV=dev only: where `<directory>/<point>.hold` exists, a process that
 * reaches the point writes `<point>.reached` and waits until the hold file is removed. Without a directory there
 * are none.
 */
export function fileBarrier(directory: string | undefined): Barrier {
  if (directory === undefined) return () => Promise.resolve();
  return async (point) => {
    const hold = join(directory, `${point}.hold`);
    if (!existsSync(hold)) return;
    await new Promise<void>((resolve) => {
      const watcher = watch(directory, () => {
        if (existsSync(hold)) return;
        watcher.close();
        resolve();
      });
      writeFileSync(join(directory, `${point}.reached`), String(process.pid));
    });
  };
}
