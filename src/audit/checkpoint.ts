import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Instant } from '../domain/time/instant.ts';
import type { Store } from '../store/port.ts';

/**
 * Signed heads of the audit chain, kept outside the database: without them a cut tail or a chain written anew
 * would verify. One JSON line per checkpoint, signed with Ed25519; the public key lies beside it for whoever
 * verifies elsewhere.
 */
export type Checkpoint = {
  readonly seq: number;
  readonly hash: string;
  readonly at: Instant;
  /** First 16 hex digits of the SHA-256 of the public key (SPKI, DER). */
  readonly keyId: string;
  /** Base64 of Ed25519 over `signedText`. */
  readonly signature: string;
};

/** A checkpoint that must not be made or believed: the chain contradicts one that was signed before. */
export class CheckpointError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CheckpointError';
  }
}

const files = {
  checkpoints: 'audit-checkpoints.jsonl',
  privateKey: 'audit-signing.key',
  publicKey: 'audit-signing.pub',
} as const;

/**
 * Signs the head of the chain and appends it to the file. Null where there is nothing new. Throws
 * `CheckpointError` instead of signing a chain in which the last signed event is gone or another one.
 */
export async function writeCheckpoint(
  store: Pick<Store, 'audit' | 'ping'>,
  dir: string,
): Promise<Checkpoint | null> {
  const key = await signingKey(dir);
  const last = (await readCheckpoints(dir)).at(-1);
  if (last !== undefined) {
    const [then] = await store.audit.query({ afterSeq: last.seq - 1, limit: 1 });
    if (then?.seq !== last.seq || then.hash !== last.hash)
      throw new CheckpointError(`event ${last.seq} is not the one that was signed`);
  }
  const { seq, hash } = await store.audit.head();
  if (seq === (last?.seq ?? 0)) return null;
  const at = (await store.ping()).now as Instant;
  const unsigned = { seq, hash, at, keyId: keyIdOf(createPublicKey(key)) };
  const signature = sign(null, signedText(unsigned), key).toString('base64');
  const checkpoint = { ...unsigned, signature };
  await appendFile(join(dir, files.checkpoints), `${JSON.stringify(checkpoint)}\n`, {
    mode: 0o600,
  });
  return checkpoint;
}

/**
 * The checkpoints of a folder, oldest first; none = an empty list. Each signature is checked with the folder's
 * public key, or with the one given: `CheckpointError` at the first that is not good.
 */
export async function readCheckpoints(
  dir: string,
  publicKey?: KeyObject,
): Promise<readonly Checkpoint[]> {
  const text = await readIfThere(join(dir, files.checkpoints));
  if (text === null) return [];
  const key = publicKey ?? createPublicKey(await readFile(join(dir, files.publicKey), 'utf8'));
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line, index) => {
      const checkpoint = parseLine(line);
      if (checkpoint === null || !isSigned(checkpoint, key))
        throw new CheckpointError(
          `line ${index + 1} of ${files.checkpoints} is not signed by this key`,
        );
      return checkpoint;
    });
}

/** Whether the signature is that of this key over this checkpoint. */
function isSigned(checkpoint: Checkpoint, publicKey: KeyObject): boolean {
  const { signature, ...unsigned } = checkpoint;
  return (
    checkpoint.keyId === keyIdOf(publicKey) &&
    verify(null, signedText(unsigned), publicKey, Buffer.from(signature, 'base64'))
  );
}

function parseLine(line: string): Checkpoint | null {
  try {
    const parsed = JSON.parse(line) as Partial<Checkpoint>;
    return typeof parsed.seq === 'number' && typeof parsed.signature === 'string'
      ? (parsed as Checkpoint)
      : null;
  } catch {
    return null;
  }
}

function signedText({ seq, hash, at, keyId }: Omit<Checkpoint, 'signature'>): Buffer {
  return Buffer.from(`countersign audit checkpoint 1\n${seq}\n${hash}\n${at}\n${keyId}\n`, 'utf8');
}

function keyIdOf(publicKey: KeyObject): string {
  const der = publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(der).digest('hex').slice(0, 16);
}

/** The folder's key, made at the first use. The private part is readable by its owner alone. */
async function signingKey(dir: string): Promise<KeyObject> {
  const earlier = await readIfThere(join(dir, files.privateKey));
  if (earlier !== null) return createPrivateKey(earlier);
  await mkdir(dir, { recursive: true });
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  await writeFile(join(dir, files.privateKey), pem, { mode: 0o600, flag: 'wx' });
  await writeFile(join(dir, files.publicKey), publicKey.export({ type: 'spki', format: 'pem' }));
  return privateKey;
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (failure) {
    if (failure instanceof Error && 'code' in failure && failure.code === 'ENOENT') return null;
    throw failure;
  }
}
