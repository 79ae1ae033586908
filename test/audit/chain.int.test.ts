import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCheckpoints, writeCheckpoint } from '../../src/audit/checkpoint.ts';
import { exportLines, importFile } from '../../src/audit/export.ts';
import { verifyChain } from '../../src/audit/verify.ts';
import { createPgStore } from '../../src/store/pg/store.ts';
import type { NewAuditEvent } from '../../src/domain/audit/event.ts';
import type { Store } from '../../src/store/port.ts';
import { administer, createDatabase, query, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let store: Store;
beforeAll(async () => {
  database = await createDatabase();
  store = await createPgStore({ databaseUrl: database.appUrl, poolSize: 20 });
});
afterAll(async () => {
  await store.close();
  await database.drop();
});

const event = (n: number): NewAuditEvent => ({
  type: 'ToolCalled',
  version: 1,
  actor: { kind: 'agent', id: 'agt_test', channel: 'mcp' },
  correlationId: `c${n}`,
  intentId: n % 2 === 0 ? `int_${n}` : null,
  payload: { n, text: 'ä\u0000\u2028"€', lone: '\ud800', nested: { b: 1, a: [true, null, 0.1] } },
});

describe('the chain', () => {
  it('has no gap and no fork under fifty writers', async () => {
    expect(await store.audit.head()).toEqual({ seq: 0, hash: '0'.repeat(64) });
    await Promise.all(
      Array.from({ length: 50 }, async (_, writer) => {
        for (let n = 0; n < 10; n += 1)
          await store.audit.append([event(writer * 100 + n), event(writer * 100 + n + 50)]);
      }),
    );
    const report = await verifyChain(store.audit.stream(), []);
    expect(report).toMatchObject({ ok: true, events: 1000, problems: [] });
    expect(report.head).toEqual(await store.audit.head());
    const seqs = await query(
      database.ownerUrl,
      'SELECT min(seq), max(seq), count(*) FROM audit_events',
    );
    expect(seqs[0]).toEqual({ min: '1', max: '1000', count: '1000' });
  });

  it('leaves no gap behind a transaction that fails', async () => {
    const before = await store.audit.head();
    const broken = { ...event(1), type: undefined as never };
    await expect(store.audit.append([event(1), broken])).rejects.toThrow();
    expect(await store.audit.head()).toEqual(before);
    await store.audit.append([event(2)]);
    expect((await store.audit.head()).seq).toBe(before.seq + 1);
  });

  it('is found by what it is about', async () => {
    const some = await store.audit.query({ correlationId: 'c3', limit: 10 });
    expect(some.length).toBeGreaterThan(0);
    for (const { body } of some) {
      expect(body).toContain('"correlationId":"c3"');
      expect(body).toContain('"lone":"\ufffd"');
      expect(body).toContain('ä\ufffd');
    }
    const later = await store.audit.query({ afterSeq: 500, type: 'ToolCalled', limit: 2 });
    expect(later.map(({ seq }) => seq)).toEqual([501, 502]);
    expect(await store.audit.query({ type: 'OrderFilled', limit: 2 })).toEqual([]);
  });

  it.each([
    "UPDATE audit_events SET body = '{}'",
    'DELETE FROM audit_events',
    'TRUNCATE audit_events',
  ])('refuses %s of the application and of the owner', async (statement) => {
    await expect(administer(database.appUrl, statement)).rejects.toThrow();
    await expect(administer(database.ownerUrl, statement)).rejects.toThrow(/append-only/);
    expect((await store.audit.head()).seq).toBeGreaterThan(999);
  });

  it.each([
    'ALTER TABLE audit_events DISABLE TRIGGER ALL',
    'DROP TABLE audit_events',
    'CREATE TABLE mine ()',
    'DELETE FROM intents',
    "UPDATE intents SET reason = ''",
    "UPDATE approvals SET envelope = ''",
    "UPDATE decisions SET principal = ''",
    'DELETE FROM submissions',
  ])('does not let the application role: %s', async (statement) => {
    await expect(administer(database.appUrl, statement)).rejects.toMatchObject({ code: '42501' });
  });

  it('does not let the application role become the owner', async () => {
    const owner = new URL(database.ownerUrl).username;
    const become = administer(database.appUrl, `SET ROLE "${owner}"`);
    await expect(become).rejects.toMatchObject({ code: '42501' });
  });
});

describe('checkpoints and exports', () => {
  it('sign the head outside the database and notice a cut tail and a new history', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'checkpoints-'));
    const first = await writeCheckpoint(store, dir);
    expect(await writeCheckpoint(store, dir)).toBeNull();
    await store.audit.append([event(7)]);
    const second = await writeCheckpoint(store, dir);
    expect(second?.seq).toBe((first?.seq ?? 0) + 1);
    expect(statSync(join(dir, 'audit-signing.key')).mode & 0o777).toBe(0o600);
    const checkpoints = await readCheckpoints(dir);
    expect(checkpoints).toEqual([first, second]);
    const whole = await verifyChain(store.audit.stream(), checkpoints);
    expect(whole).toMatchObject({ ok: true, confirmed: 2 });

    const file = join(dir, 'export.jsonl');
    let text = '';
    for await (const line of exportLines(store.audit.stream())) text += line;
    writeFileSync(file, text);
    expect(await verifyChain(importFile(file), checkpoints)).toMatchObject({ ok: true });
    writeFileSync(file, text.slice(0, text.lastIndexOf('{"seq"')));
    expect((await verifyChain(importFile(file), [])).ok).toBe(true);
    const cut = await verifyChain(importFile(file), checkpoints);
    expect(cut.problems.map(({ kind }) => kind)).toEqual(['cut-tail']);

    const path = join(dir, 'audit-checkpoints.jsonl');
    const signed = readFileSync(path, 'utf8');
    writeFileSync(path, signed.replace(`"seq":${second!.seq}`, `"seq":${second!.seq - 1}`));
    await expect(readCheckpoints(dir)).rejects.toThrow('not signed');
    writeFileSync(path, signed);

    const other = await createDatabase();
    const otherStore = await createPgStore({ databaseUrl: other.appUrl });
    await otherStore.audit.append([event(1)]);
    await expect(writeCheckpoint(otherStore, dir)).rejects.toThrow('not the one that was signed');
    await otherStore.close();
    await other.drop();
  });

  it('finds columns that are not those of the body', async () => {
    await administer(
      database.ownerUrl,
      `ALTER TABLE audit_events DISABLE TRIGGER USER;
       UPDATE audit_events SET actor_id = 'opr_eve' WHERE seq = 10;
       ALTER TABLE audit_events ENABLE TRIGGER USER`,
    );
    const report = await verifyChain(store.audit.stream(), []);
    expect(report.problems).toEqual([
      { seq: 10, kind: 'body-mismatch', message: 'the column actorId is not that of the body' },
    ]);
  });
});
