import type { Settings } from '../config/env.ts';
import { createLoginToken } from '../operations/access/sign-in.ts';
import { publicUrl } from './doors.ts';
import { openStore } from './parts.ts';

/**
 * A new one-time login link for the operator, made in the database itself: whoever may read the state directory
 * already holds the application's database password, so this opens nothing new.
 */
export async function newLoginLink(settings: Settings): Promise<string> {
  const store = await openStore(settings);
  try {
    const actor = { kind: 'human', id: 'login-link', channel: 'cli' } as const;
    const token = await createLoginToken(store.identity, 'operator', actor);
    return `${publicUrl(settings)}/login?token=${token}`;
  } finally {
    await store.close();
  }
}
