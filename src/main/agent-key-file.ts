import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Actor } from '../domain/audit/event.ts';
import { agentOfKey } from '../operations/access/sign-in.ts';
import { mintAgentKey } from '../operations/access/secrets.ts';
import type { Identity } from '../store/port/identity.ts';

/** The agent key's file in a state directory. */
export function agentKeyPath(home: string): string {
  return join(home, 'agent.key');
}

/**
 * Makes sure that `<home>/agent.key` (0600) holds a key that opens the door, and returns its path. A key that still
 * works is kept; else a new one replaces it, and the old one stops working.
 */
export async function ensureAgentKeyFile(
  identity: Identity,
  home: string,
  actor: Actor,
): Promise<string> {
  const path = agentKeyPath(home);
  if (existsSync(path)) {
    chmodSync(path, 0o600);
    const agent = await agentOfKey(identity, readFileSync(path, 'utf8').trim());
    if (agent !== null) return path;
  }
  const { key, prefix, digest } = mintAgentKey();
  await identity.putAgentKey({ name: 'agent', prefix, digest, actor });
  const partial = `${path}.${process.pid}`;
  writeFileSync(partial, `${key}\n`, { mode: 0o600 });
  renameSync(partial, path);
  return path;
}
