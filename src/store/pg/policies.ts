import type { Actor, NewAuditEvent } from '../../domain/audit/event.ts';
import { GatewayError } from '../../domain/errors.ts';
import type {
  Policies,
  PolicyReload,
  PolicyReloadOutcome,
  StoredPolicy,
} from '../port/policies.ts';
import { appendAudit } from './audit.ts';
import type { Database, Session } from './connection.ts';
import { sql } from './statement.ts';
import { transaction } from './transaction.ts';

/**
 * Which policy is in force. Gates and claims hold the shared lock from their first statement (`lockAccount`) and a
 * change takes the exclusive one: it waits for those under way, and those that come later see it.
 */
const newest = 'ORDER BY activation_id DESC LIMIT 1';
const hashInForce = sql<{ hash: string }>(`SELECT hash FROM policy_activations ${newest}`);
const inForce = sql<StoredPolicy>(`
  SELECT hash, version, source FROM policies
  WHERE hash = (SELECT hash FROM policy_activations ${newest})`);
const lockExclusive = sql('SELECT pg_advisory_xact_lock(4851, 3)');
const put = sql(`
  WITH kept AS (
    INSERT INTO policies (hash, version, source) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
  ) SELECT`);
const activate = sql(
  'INSERT INTO policy_activations (hash, previous_hash, by_id) VALUES ($1, $2, $3)',
);
// A proposal counts while nothing was activated after it: an old one never makes a second person of one.
const propose = sql<{ by: string }>(`
  WITH latest AS (SELECT max(activation_id) AS id FROM policy_activations), added AS (
    INSERT INTO policy_proposals (hash, after_activation, by_id) SELECT $1, id, $2 FROM latest
    ON CONFLICT DO NOTHING RETURNING by_id
  )
  SELECT by_id AS by FROM added UNION ALL
  SELECT by_id FROM policy_proposals, latest WHERE hash = $1 AND after_activation = id`);

/** The policies of the store port. */
export function policies(database: Database): Policies {
  const activeHash = async (): Promise<string | null> =>
    (await database.rows(hashInForce))[0]?.hash ?? null;
  return {
    activeHash,
    active: async () => (await database.rows(inForce))[0] ?? null,
    begin: (policy, replace, actor) =>
      transaction(database, (session) => begin(session, policy, replace, actor)),
    reload: (input) => transaction(database, (session) => reload(session, input)),
  };
}

/**
 * Refuses a verdict by a policy that is not in force. The caller's transaction holds the shared lock, so what is in
 * force here stays so until it has committed.
 */
export async function requirePolicy(session: Session, hash: string): Promise<void> {
  const [row] = await session.rows(hashInForce);
  if (row?.hash === hash) return;
  throw new GatewayError('STORE_UNAVAILABLE', 'the risk policy has just been changed', {
    hint: 'Repeat the call: the policy now in force is read within a second.',
  });
}

async function begin(
  session: Session,
  policy: StoredPolicy,
  replace: boolean,
  actor: Actor,
): Promise<void> {
  await session.rows(lockExclusive);
  const previous = (await session.rows(hashInForce))[0]?.hash ?? null;
  if (previous === policy.hash || (previous !== null && !replace)) return;
  await enforce(session, policy, previous, actor);
  const { version, hash } = policy;
  const payload = { version, hash, previousHash: previous, activated: true };
  await appendAudit(session, [event('PolicyLoaded', actor, payload)]);
}

async function reload(session: Session, input: PolicyReload): Promise<PolicyReloadOutcome> {
  const { policy, previousHash, changes, actor } = input;
  await session.rows(lockExclusive);
  const activeHash = (await session.rows(hashInForce))[0]?.hash ?? '';
  if (activeHash !== previousHash) return { kind: 'superseded', activeHash };
  const told = { version: policy.version, hash: policy.hash, previousHash, changes };
  if (input.needsTwo) {
    const [proposal] = await session.rows(propose, [policy.hash, actor.id]);
    const by = proposal?.by ?? actor.id;
    if (by === actor.id) {
      await appendAudit(session, [event('PolicyProposed', actor, told)]);
      return { kind: 'proposed', by };
    }
    await enforce(session, policy, previousHash, actor);
    await appendAudit(session, [event('PolicyReloaded', actor, { ...told, proposedBy: by })]);
    return { kind: 'active' };
  }
  await enforce(session, policy, previousHash, actor);
  await appendAudit(session, [event('PolicyReloaded', actor, told)]);
  return { kind: 'active' };
}

async function enforce(
  session: Session,
  { hash, version, source }: StoredPolicy,
  previous: string | null,
  actor: Actor,
): Promise<void> {
  await session.rows(put, [hash, version, source]);
  await session.rows(activate, [hash, previous, actor.id]);
}

function event(
  type: 'PolicyLoaded' | 'PolicyProposed' | 'PolicyReloaded',
  actor: Actor,
  payload: Readonly<Record<string, unknown>>,
): NewAuditEvent {
  const correlationId = `policy-${String(payload['hash']).slice(7, 27)}`;
  return { type, version: 1, actor, correlationId, intentId: null, payload };
}
