import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { chmod, link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { MigrationError } from './migrations.ts';

/**
 * The role that every process of ours but the migrator uses: it owns nothing and may do what the migrations
 * grant. Roles belong to the whole cluster, so databases side by side share it; installations on one cluster
 * must share the secret file too.
 */
export const appRole = 'countersign_app';

/** The role's password from `db-app.secret` (mode 0600), drawn once and kept. */
export async function appSecret(home: string): Promise<string> {
  const file = join(home, 'db-app.secret');
  await mkdir(home, { recursive: true });
  const earlier = await readIfThere(file);
  if (earlier !== null) return earlier;
  // Written aside and linked: whoever comes first has a complete file, and the second one reads it.
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  try {
    await link(draft, file);
  } catch (failure) {
    if (!isErrno(failure, 'EEXIST')) throw failure;
  } finally {
    await unlink(draft);
  }
  await chmod(file, 0o600);
  return (await readFile(file, 'utf8')).trim();
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    const secret = (await readFile(file, 'utf8')).trim();
    if (secret.length < 32) throw new MigrationError(`${file} holds no usable secret: delete it.`);
    return secret;
  } catch (failure) {
    if (isErrno(failure, 'ENOENT')) return null;
    throw failure;
  }
}

function isErrno(failure: unknown, code: string): boolean {
  return failure instanceof Error && 'code' in failure && failure.code === code;
}

const hint = `create it once as an administrator (CREATE ROLE ${appRole} LOGIN PASSWORD '…'), give DATABASE_URL of that role and run migrate again`;

/** Makes the role or sets its password. Throws `MigrationError` where the owner may not. */
export async function provisionAppRole(client: pg.Client, secret: string): Promise<void> {
  const verifier = client.escapeLiteral(scramVerifier(secret));
  for (let attempt = 1; ; attempt += 1) {
    try {
      const known = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [appRole]);
      const verb = known.rows.length === 0 ? 'CREATE' : 'ALTER';
      await client.query(`${verb} ROLE ${appRole} LOGIN PASSWORD ${verifier}`);
      return;
    } catch (failure) {
      if (!(failure instanceof pg.DatabaseError)) throw failure;
      if (failure.code === '42501') {
        throw new MigrationError(`The owner may not manage the role ${appRole}: ${hint}.`, {
          cause: failure,
        });
      }
      // Another database of the cluster is being migrated at this moment.
      const isRace = ['XX000', '42710', '23505'].includes(failure.code ?? '');
      if (!isRace || attempt === 20) throw failure;
      await new Promise((resolve) => setTimeout(resolve, 25 * attempt));
    }
  }
}

/** What PostgreSQL stores of a password (RFC 5803), so that the password itself is in no statement or log. */
function scramVerifier(password: string): string {
  const iterations = 4096;
  const salt = randomBytes(16);
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256');
  const hmac = (text: string): Buffer => createHmac('sha256', salted).update(text).digest();
  const storedKey = createHash('sha256').update(hmac('Client Key')).digest('base64');
  const serverKey = hmac('Server Key').toString('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}

/** The owner's URL with the role's name and password in it. */
export function appUrl(ownerUrl: string, secret: string): string {
  const url = new URL(ownerUrl);
  url.username = appRole;
  url.password = secret;
  return url.toString();
}
