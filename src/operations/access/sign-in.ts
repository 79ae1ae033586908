import { isMixed } from '../../domain/identity/role.ts';
import type { Actor } from '../../domain/audit/event.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import type { Identity } from '../../store/port/identity.ts';
import { agentKeyPrefix, digestOf, isToken, mintToken, sameDigest } from './secrets.ts';

/** An operator session ends after eight hours at the latest. */
export const sessionTtlMs = 8 * 3_600_000;
/** A login link works once, for a quarter of an hour. */
const loginLinkTtlMs = 15 * 60_000;

const noDigest = '0'.repeat(64);

/** The agent of a key, or null. A mixed identity is nobody. */
export async function agentOfKey(identity: Identity, key: string): Promise<Principal | null> {
  const prefix = agentKeyPrefix(key);
  if (prefix === null) return null;
  const stored = await identity.agentKey(prefix);
  const matches = sameDigest(digestOf(key), stored?.digest ?? noDigest);
  if (stored === null || !matches || stored.principal.kind !== 'agent') return null;
  return isMixed(stored.principal.roles) ? null : stored.principal;
}

/** The operator of a session token, or null. */
export async function operatorOfSession(
  identity: Identity,
  token: string,
): Promise<Principal | null> {
  if (!isToken('css', token)) return null;
  const session = await identity.session(digestOf(token));
  if (session === null || session.principal.kind === 'agent') return null;
  return isMixed(session.principal.roles) ? null : session.principal;
}

/** Trades a one-time login token for a session. Null = unknown, used or expired. */
export async function redeemLogin(
  identity: Identity,
  loginToken: string,
  channel: Actor['channel'],
): Promise<{ principal: Principal; sessionToken: string } | null> {
  if (!isToken('csl', loginToken)) return null;
  const session = mintToken('css');
  const principal = await identity.redeemLoginLink(
    digestOf(loginToken),
    { digest: session.digest, ttlMs: sessionTtlMs },
    { kind: 'human', channel },
  );
  return principal === null ? null : { principal, sessionToken: session.token };
}

/** Creates a one-time login token for an operator. */
export async function createLoginToken(
  identity: Identity,
  operatorName: string,
  actor: Actor,
): Promise<string> {
  const { token, digest } = mintToken('csl');
  await identity.putLoginLink({ operatorName, digest, ttlMs: loginLinkTtlMs, actor });
  return token;
}
