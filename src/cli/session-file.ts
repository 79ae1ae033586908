import { chmodSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** The operator's session of this machine's user: `<COUNTERSIGN_HOME>/operator.session`, 0600. */
const Session = z.object({ url: z.url(), cookie: z.string().min(1) });
export type Session = z.infer<typeof Session>;

function pathIn(home: string): string {
  return join(home, 'operator.session');
}

/** The stored session, or null. */
export function readSession(home: string): Session | null {
  const path = pathIn(home);
  if (!existsSync(path)) return null;
  chmodSync(path, 0o600);
  const parsed = Session.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  return parsed.success ? parsed.data : null;
}

/** Replaces the stored session in one step. */
export function writeSession(home: string, session: Session): void {
  const partial = `${pathIn(home)}.${process.pid}`;
  writeFileSync(partial, `${JSON.stringify(session)}\n`, { mode: 0o600 });
  renameSync(partial, pathIn(home));
}

/** Forgets the session. */
export function removeSession(home: string): void {
  rmSync(pathIn(home), { force: true });
}
