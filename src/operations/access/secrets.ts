import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * Secrets that people and programs show at the door. All are 256 random bits; only SHA-256 digests are kept, which
 * is enough for a secret that cannot be guessed. The prefixes let secret scanners and log scrubbers find them.
 */

/** `csk_<8 public characters>_<secret>`: an agent's key. */
const agentKeyPattern = /^csk_([0-9a-f]{8})_[A-Za-z0-9_-]{43}$/;
/** `csl_…`: a one-time login link. `css_…`: an operator session. */
const tokenPattern = /^cs[ls]_[A-Za-z0-9_-]{43}$/;

export type MintedKey = { readonly key: string; readonly prefix: string; readonly digest: string };
export type MintedToken = { readonly token: string; readonly digest: string };

/** A new agent key; the plain text exists only in this value. */
export function mintAgentKey(): MintedKey {
  const prefix = randomBytes(4).toString('hex');
  const key = `csk_${prefix}_${randomBytes(32).toString('base64url')}`;
  return { key, prefix, digest: digestOf(key) };
}

/** A new login link token (`csl`) or session token (`css`). */
export function mintToken(kind: 'csl' | 'css'): MintedToken {
  const token = `${kind}_${randomBytes(32).toString('base64url')}`;
  return { token, digest: digestOf(token) };
}

/** The public prefix of an agent key, or null if the text is none. */
export function agentKeyPrefix(text: string): string | null {
  return agentKeyPattern.exec(text)?.[1] ?? null;
}

/** Whether a text has the form of a login or session token of that kind. */
export function isToken(kind: 'csl' | 'css', text: string): boolean {
  return text.startsWith(`${kind}_`) && tokenPattern.test(text);
}

/** SHA-256, lower-case hex. */
export function digestOf(secret: string): string {
  return createHash('sha256').update(secret, 'utf8').digest('hex');
}

/** Compares two digests without telling by the time where they differ. */
export function sameDigest(left: string, right: string): boolean {
  const a = Buffer.from(left, 'hex');
  const b = Buffer.from(right, 'hex');
  return a.length === 32 && b.length === 32 && timingSafeEqual(a, b);
}
