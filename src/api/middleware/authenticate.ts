import { getCookie } from 'hono/cookie';
import { GatewayError } from '../../domain/errors.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import { agentOfKey, operatorOfSession } from '../../operations/access/sign-in.ts';
import type { ApiContext, ApiOptions } from '../api.ts';
import { checkOrigin } from './guard.ts';

/** The session cookie's name: the `__Host-` prefix exists only where the connection is encrypted. */
export function cookieName(publicUrl: string): string {
  return publicUrl.startsWith('https:') ? '__Host-countersign' : 'countersign_session';
}

/**
 * Who asks: an agent by bearer key, an operator by session cookie, nobody without either. A wrong key or session is
 * refused, never treated as nobody; both at once are refused, since no identity holds both sides.
 */
export async function authenticate(c: ApiContext, options: ApiOptions): Promise<Principal | null> {
  const { identity } = options.ports.store;
  const authorization = c.req.header('authorization');
  const session = getCookie(c, cookieName(options.publicUrl));
  if (authorization !== undefined && session !== undefined) {
    throw new GatewayError('FORBIDDEN', 'A key and an operator session came together.', {
      hint: 'Send either the Authorization header or the session cookie.',
    });
  }
  if (authorization !== undefined) {
    const key = /^Bearer ([\x21-\x7e]{1,200})$/i.exec(authorization)?.[1];
    const agent = key === undefined ? null : await agentOfKey(identity, key);
    if (agent !== null) return agent;
    throw new GatewayError('UNAUTHENTICATED', 'The key is not valid.', {
      hint: 'Send Authorization: Bearer <the content of the agent.key file>.',
    });
  }
  if (session === undefined) return null;
  const operator = await operatorOfSession(identity, session);
  if (operator === null) {
    throw new GatewayError('UNAUTHENTICATED', 'The session has ended.', {
      hint: 'Get a new link with countersign login-link and log in again.',
    });
  }
  if (!['GET', 'HEAD'].includes(c.req.method)) checkOrigin(c.req.raw, options.publicUrl);
  return operator;
}
