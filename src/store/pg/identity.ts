import { randomBytes } from 'node:crypto';
import type { Actor, AuditEventType, NewAuditEvent } from '../../domain/audit/event.ts';
import { makeId } from '../../domain/ids.ts';
import type { Role } from '../../domain/identity/role.ts';
import type { Instant } from '../../domain/time/instant.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import type { Identity } from '../port/identity.ts';
import { appendAudit } from './audit.ts';
import type { Database, Session } from './connection.ts';
import { sql } from './statement.ts';
import { transaction } from './transaction.ts';

/** People, agents and their keys. Digests come in and go out; nothing here knows a secret or writes one down. */

const rolesOf = {
  agent: ['agent:read', 'agent:propose'],
  operator: ['operator:approve', 'operator:kill', 'risk:configure', 'auditor:read'],
} as const satisfies Record<string, readonly Role[]>;

const principalColumns = `p.principal_id AS "principalId", p.kind, p.name, p.roles`;
const addPrincipal = sql(`
  INSERT INTO principals (principal_id, kind, name, roles) VALUES ($1, $2, $3, $4)
  ON CONFLICT (kind, name) DO NOTHING`);
const byName = sql<Principal>(
  `SELECT ${principalColumns} FROM principals p WHERE kind = $1 AND name = $2`,
);
const putKey = sql(`
  INSERT INTO agent_keys (principal_id, prefix, digest) VALUES ($1, $2, $3)
  ON CONFLICT (principal_id) DO UPDATE
    SET prefix = excluded.prefix, digest = excluded.digest, created_at = clock_timestamp()`);
const keyByPrefix = sql<Principal & { digest: string }>(`
  SELECT ${principalColumns}, k.digest FROM agent_keys k JOIN principals p USING (principal_id)
  WHERE k.prefix = $1`);
const putLink = sql(`
  INSERT INTO login_links (digest, principal_id, expires_at)
  VALUES ($1, $2, clock_timestamp() + make_interval(secs => $3::float8 / 1000))`);
// The row can be taken once: a second caller waits for the first and then finds it used.
const takeLink = sql<Principal>(`
  WITH taken AS (
    UPDATE login_links SET used_at = clock_timestamp()
    WHERE digest = $1 AND used_at IS NULL AND clock_timestamp() <= expires_at
    RETURNING principal_id
  )
  SELECT ${principalColumns} FROM taken JOIN principals p USING (principal_id)`);
const putSession = sql(`
  INSERT INTO operator_sessions (digest, principal_id, expires_at)
  VALUES ($1, $2, clock_timestamp() + make_interval(secs => $3::float8 / 1000))`);
const openSession = sql<Principal & { expiresAt: Instant }>(`
  SELECT ${principalColumns}, s.expires_at AS "expiresAt"
  FROM operator_sessions s JOIN principals p USING (principal_id)
  WHERE s.digest = $1 AND s.ended_at IS NULL AND clock_timestamp() <= s.expires_at`);
const closeSession = sql<{ principalId: string }>(`
  UPDATE operator_sessions SET ended_at = clock_timestamp()
  WHERE digest = $1 AND ended_at IS NULL RETURNING principal_id AS "principalId"`);

export function identity(database: Database): Identity {
  return {
    putAgentKey: ({ name, prefix, digest, actor }) =>
      transaction(database, async (session) => {
        const agent = await principal(session, 'agent', name);
        await session.rows(putKey, [agent.principalId, prefix, digest]);
        await audit(session, 'AgentKeyCreated', actor, agent.principalId, { name, prefix });
        return agent;
      }),
    async agentKey(prefix) {
      const [row] = await database.rows(keyByPrefix, [prefix]);
      if (row === undefined) return null;
      const { digest, ...agent } = row;
      return { principal: agent, digest };
    },
    putLoginLink: ({ operatorName, digest, ttlMs, actor }) =>
      transaction(database, async (session) => {
        const operator = await principal(session, 'operator', operatorName);
        await session.rows(putLink, [digest, operator.principalId, ttlMs]);
        const payload = { name: operatorName, ttlMs };
        await audit(session, 'LoginLinkCreated', actor, operator.principalId, payload);
      }),
    redeemLoginLink: (digest, opened, actor) =>
      transaction(database, async (session) => {
        const [operator] = await session.rows(takeLink, [digest]);
        if (operator === undefined) return null;
        const { principalId, name } = operator;
        await session.rows(putSession, [opened.digest, principalId, opened.ttlMs]);
        const who: Actor = { ...actor, id: principalId };
        await audit(session, 'OperatorLoggedIn', who, principalId, { name, ttlMs: opened.ttlMs });
        return operator;
      }),
    async session(digest) {
      const [row] = await database.rows(openSession, [digest]);
      if (row === undefined) return null;
      const { expiresAt, ...operator } = row;
      return { principal: operator, expiresAt };
    },
    endSession: (digest) =>
      transaction(database, async (session) => {
        const [ended] = await session.rows(closeSession, [digest]);
        if (ended === undefined) return;
        const who: Actor = { kind: 'human', id: ended.principalId, channel: 'http' };
        await audit(session, 'OperatorLoggedOut', who, ended.principalId, {});
      }),
  };
}

/** The principal of that name, made if it is new. */
async function principal(
  session: Session,
  kind: keyof typeof rolesOf,
  name: string,
): Promise<Principal> {
  const id = makeId(kind === 'agent' ? 'agt' : 'opr', randomBytes(20));
  await session.rows(addPrincipal, [id, kind, name, rolesOf[kind]]);
  const [row] = await session.rows(byName, [kind, name]);
  if (row === undefined) throw new Error(`the ${kind} that was made is not there`);
  return row;
}

async function audit(
  session: Session,
  type: AuditEventType,
  actor: Actor,
  principalId: string,
  payload: NewAuditEvent['payload'],
): Promise<void> {
  await appendAudit(session, [
    {
      type,
      version: 1,
      actor,
      correlationId: principalId,
      intentId: null,
      payload: { principalId, ...payload },
    },
  ]);
}
