import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPgStore } from '../../src/store/pg/store.ts';
import type { Store } from '../../src/store/port.ts';
import { administer, createDatabase, type TestDatabase } from '../support/database.ts';
import { human } from '../support/ledger-fixtures.ts';

let database: TestDatabase;
let store: Store;
beforeAll(async () => {
  database = await createDatabase();
  store = await createPgStore({ databaseUrl: database.appUrl });
});
afterAll(async () => {
  await store.close();
  await database.drop();
});

const digest = (): string => createHash('sha256').update(randomBytes(32)).digest('hex');
const visitor = { kind: 'human', channel: 'http' } as const;

describe('identity', () => {
  it('replaces the key of an agent and keeps who it is', async () => {
    const put = (prefix: string, secret: string) =>
      store.identity.putAgentKey({ name: 'desk', prefix, digest: secret, actor: human });
    const first = await put('p1', digest());
    const secret = digest();
    expect(await put('p2', secret)).toEqual(first);
    expect(first).toMatchObject({ kind: 'agent', roles: ['agent:read', 'agent:propose'] });
    expect(await store.identity.agentKey('p1')).toBeNull();
    expect(await store.identity.agentKey('p2')).toEqual({ principal: first, digest: secret });
  });

  it('lets one of twenty use a login link', async () => {
    const link = digest();
    await store.identity.putLoginLink({
      operatorName: 'ann',
      digest: link,
      ttlMs: 60_000,
      actor: human,
    });
    const sessions = Array.from({ length: 20 }, digest);
    const people = await Promise.all(
      sessions.map((session) =>
        store.identity.redeemLoginLink(link, { digest: session, ttlMs: 60_000 }, visitor),
      ),
    );
    expect(people.filter((person) => person !== null)).toHaveLength(1);
    const session = sessions[people.findIndex((person) => person !== null)]!;
    const open = await store.identity.session(session);
    expect(open?.principal).toMatchObject({ kind: 'operator', name: 'ann' });
    await store.identity.endSession(session);
    expect(await store.identity.session(session)).toBeNull();
    const events = await store.audit.query({
      correlationId: open!.principal.principalId,
      limit: 9,
    });
    expect(events.map(({ columns }) => columns?.type)).toEqual([
      'LoginLinkCreated',
      'OperatorLoggedIn',
      'OperatorLoggedOut',
    ]);
    for (const { body } of events) expect(body).not.toContain(session);
  });

  it('knows the end of links and sessions by the database clock', async () => {
    const link = digest();
    await store.identity.putLoginLink({
      operatorName: 'bob',
      digest: link,
      ttlMs: -1,
      actor: human,
    });
    const opened = { digest: digest(), ttlMs: 60_000 };
    expect(await store.identity.redeemLoginLink(link, opened, visitor)).toBeNull();
    expect(await store.identity.redeemLoginLink(digest(), opened, visitor)).toBeNull();
    const good = digest();
    await store.identity.putLoginLink({
      operatorName: 'bob',
      digest: good,
      ttlMs: 9e5,
      actor: human,
    });
    expect(await store.identity.redeemLoginLink(good, opened, visitor)).not.toBeNull();
    await administer(
      database.ownerUrl,
      "UPDATE operator_sessions SET expires_at = now() - interval '1 ms'",
    );
    expect(await store.identity.session(opened.digest)).toBeNull();
  });
});
