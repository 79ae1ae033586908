import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';

/** Creates a file of mode 0600 with a random 256-bit secret unless it exists; returns its path. */
export function ensureSecretFile(path: string): string {
  if (!existsSync(path)) {
    const secret = randomBytes(32).toString('base64url');
    writeFileSync(path, `${secret}\n`, { mode: 0o600, flag: 'wx' });
  }
  return path;
}
