import { appendFileSync, cpSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { migrate } from '../../src/store/pg/migrate.ts';
import { createDatabase, query, type TestDatabase } from '../support/database.ts';

const folderOf = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'migrations-'));
  cpSync('migrations', folder, { recursive: true });
  return folder;
};
let database: TestDatabase | undefined;
afterEach(async () => database?.drop());

describe('migrate', () => {
  it('applies once, keeps the secret, and lets the application role in', async () => {
    database = await createDatabase({ empty: true });
    const { ownerUrl: databaseUrl, home } = database;
    const [one, two] = await Promise.all([
      migrate({ databaseUrl, home }),
      migrate({ databaseUrl, home }),
    ]);
    expect([one.applied.length, two.applied.length].sort()).toEqual([0, 8]);
    expect(two.appDatabaseUrl).toBe(one.appDatabaseUrl);
    expect((await migrate({ databaseUrl, home })).applied).toEqual([]);
    expect(statSync(join(home, 'db-app.secret')).mode & 0o777).toBe(0o600);
    const who = await query(one.appDatabaseUrl, 'SELECT current_user AS who');
    expect(who).toEqual([{ who: 'countersign_app' }]);
    expect(await migrate({ databaseUrl: one.appDatabaseUrl, home })).toEqual({
      appDatabaseUrl: one.appDatabaseUrl,
      applied: [],
    });
  });

  it('refuses a changed file, a missing file, and an old schema without its owner', async () => {
    database = await createDatabase();
    const { ownerUrl: databaseUrl, home, appUrl } = database;
    const changed = folderOf();
    appendFileSync(join(changed, '0001_audit.sql'), '\n-- one more line\n');
    await expect(migrate({ databaseUrl, home, folder: changed })).rejects.toThrow(
      'The applied migration 0001_audit.sql was changed afterwards',
    );
    const missing = folderOf();
    rmSync(join(missing, '0004_safety.sql'));
    await expect(migrate({ databaseUrl, home, folder: missing })).rejects.toThrow('newer version');
    const newer = folderOf();
    appendFileSync(join(newer, '0005_more.sql'), 'CREATE TABLE more ();');
    await expect(migrate({ databaseUrl: appUrl, home, folder: newer })).rejects.toThrow(
      'The schema lacks 0005_more.sql',
    );
  });

  it('leaves nothing of a step that fails', async () => {
    database = await createDatabase();
    const { ownerUrl: databaseUrl, home } = database;
    const folder = folderOf();
    appendFileSync(join(folder, '0005_bad.sql'), 'CREATE TABLE bad (); SELECT 1 / 0;');
    await expect(migrate({ databaseUrl, home, folder })).rejects.toThrow('could not be migrated');
    expect(await query(databaseUrl, "SELECT to_regclass('bad') AS bad")).toEqual([{ bad: null }]);
    expect((await migrate({ databaseUrl, home })).applied).toEqual([]);
  });

  it('says what to do where the owner may not manage roles', async () => {
    database = await createDatabase({ empty: true });
    const { ownerUrl, home } = database;
    await query(
      ownerUrl,
      `DO $$ BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'poor_owner') THEN
          CREATE ROLE poor_owner LOGIN PASSWORD 'poor-owner-secret'; END IF; END $$`,
    );
    await query(ownerUrl, 'GRANT ALL ON SCHEMA public TO poor_owner');
    const url = new URL(ownerUrl);
    url.username = 'poor_owner';
    url.password = 'poor-owner-secret';
    await expect(migrate({ databaseUrl: url.toString(), home })).rejects.toThrow(
      /may not manage the role countersign_app: create it once/,
    );
  });
});
