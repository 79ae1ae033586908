// PostgreSQL refuses to run as root. As root the server gets an unprivileged user: the owner of an
// existing data directory, else `postgres`, else `nobody`.
import { readFileSync, statSync } from 'node:fs';

/** The identity to run as; undefined means "as we are". */
export type RunAs = { readonly name: string; readonly uid: number; readonly gid: number };

const candidates = ['postgres', 'nobody'];

/** Whom the server of `dataDir` runs as. */
export function choosePostgresUser(dataDir: string): RunAs | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const existing = statSync(dataDir, { throwIfNoEntry: false });
  if (existing !== undefined && existing.uid !== 0) {
    return { name: `uid ${existing.uid}`, uid: existing.uid, gid: existing.gid };
  }
  const users = parsePasswd(readFileSync('/etc/passwd', 'utf8'));
  for (const name of candidates) {
    const user = users.find((entry) => entry.name === name);
    if (user !== undefined && user.uid !== 0) return user;
  }
  return { name: 'uid 65534', uid: 65_534, gid: 65_534 };
}

/** The entries of a passwd file. */
export function parsePasswd(text: string): RunAs[] {
  return text.split('\n').flatMap((line) => {
    const [name, , uid, gid] = line.split(':');
    if (name === undefined || uid === undefined || gid === undefined) return [];
    return [{ name, uid: Number(uid), gid: Number(gid) }];
  });
}
