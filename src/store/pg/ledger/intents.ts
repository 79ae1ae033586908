import type { IntentId, PrincipalId } from '../../../domain/ids.ts';
import type { IntentReceipt, NewIntent, StoredIntent } from '../../port/ledger.ts';
import { appendAudit } from '../audit.ts';
import type { Database } from '../connection.ts';
import { sql } from '../statement.ts';
import { transaction } from '../transaction.ts';
import { intentColumns, orderEvent } from './order-row.ts';

const insert = sql<{ intentId: IntentId }>(`
  WITH intent AS (
    INSERT INTO intents (intent_id, proposer, idempotency_key, body_hash, account, con_id, side,
      quantity, limit_price, terms, contract, reason, strategy_tag, valid_for_ms)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
    ON CONFLICT (proposer, idempotency_key) DO NOTHING
    RETURNING intent_id
  )
  INSERT INTO orders (intent_id) SELECT intent_id FROM intent RETURNING intent_id AS "intentId"`);
const byKey = sql<{ intentId: IntentId; bodyHash: string }>(`
  SELECT intent_id AS "intentId", body_hash AS "bodyHash" FROM intents
  WHERE proposer = $1 AND idempotency_key = $2`);
const wholeByKey = sql<StoredIntent>(`
  SELECT ${intentColumns} FROM intents i WHERE i.proposer = $1 AND i.idempotency_key = $2`);
const byId = sql<StoredIntent>(`SELECT ${intentColumns} FROM intents i WHERE i.intent_id = $1`);

/** A key that is being recorded by somebody else makes this one wait, and then find what was recorded. */
export function recordIntent(database: Database, intent: NewIntent): Promise<IntentReceipt> {
  const { intentId, proposer, idempotencyKey, bodyHash, terms, contract, reason } = intent;
  return transaction<IntentReceipt>(database, async (session) => {
    const inserted = await session.rows(insert, [
      intentId,
      proposer,
      idempotencyKey,
      bodyHash,
      terms.account,
      terms.conId,
      terms.side,
      terms.quantity,
      terms.limitPrice,
      JSON.stringify(terms),
      JSON.stringify(contract),
      reason,
      intent.strategyTag,
      intent.validForMs,
    ]);
    if (inserted.length === 1) {
      const { actor, ...recorded } = intent;
      await appendAudit(
        session,
        [orderEvent('OrderProposed', actor, intentId, recorded)],
        intentId,
      );
      return { kind: 'recorded', intentId };
    }
    const [earlier] = await session.rows(byKey, [proposer, idempotencyKey]);
    if (earlier === undefined) throw new Error('a key that conflicts is there');
    return earlier.bodyHash === bodyHash
      ? { kind: 'same', intentId: earlier.intentId }
      : { kind: 'conflict' };
  });
}

export async function readIntentByKey(
  database: Database,
  proposer: PrincipalId,
  idempotencyKey: string,
): Promise<StoredIntent | null> {
  return (await database.rows(wholeByKey, [proposer, idempotencyKey]))[0] ?? null;
}

export async function readIntent(
  database: Database,
  intentId: IntentId,
): Promise<StoredIntent | null> {
  return (await database.rows(byId, [intentId]))[0] ?? null;
}
