import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensureAgentKeyFile } from '../../src/main/agent-key-file.ts';
import { agentOfKey } from '../../src/operations/access/sign-in.ts';
import { createWorld } from '../support/doors-world.ts';

const actor = { kind: 'system', id: 'test', channel: 'system' } as const;
let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'countersign-key-'));
});
afterEach(() => {
  rmSync(home, { recursive: true });
});

describe('the agent key file', () => {
  it('is made once, for its owner alone, and opens the door', async () => {
    const { identity } = createWorld().ports.store;
    const path = await ensureAgentKeyFile(identity, home, actor);
    const key = readFileSync(path, 'utf8').trim();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await agentOfKey(identity, key)).toMatchObject({ kind: 'agent', name: 'agent' });
    chmodSync(path, 0o644);
    await ensureAgentKeyFile(identity, home, actor);
    expect(readFileSync(path, 'utf8').trim()).toBe(key);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('is replaced where its key is not stored (a new database) or is no key', async () => {
    const first = createWorld().ports.store.identity;
    const path = await ensureAgentKeyFile(first, home, actor);
    const key = readFileSync(path, 'utf8');
    const second = createWorld().ports.store.identity;
    await ensureAgentKeyFile(second, home, actor);
    expect(readFileSync(path, 'utf8')).not.toBe(key);
    writeFileSync(path, 'garbage');
    await ensureAgentKeyFile(second, home, actor);
    expect(await agentOfKey(second, readFileSync(path, 'utf8').trim())).not.toBeNull();
  });
});
