import type { Actor } from '../../../domain/audit/event.ts';
import { GatewayError } from '../../../domain/errors.ts';
import type { IntentId } from '../../../domain/ids.ts';
import type { OrderState } from '../../../domain/order/lifecycle.ts';
import { appendAudit } from '../audit.ts';
import type { Database } from '../connection.ts';
import { sql } from '../statement.ts';
import { transaction } from '../transaction.ts';
import { applyTo } from './apply-broker-events.ts';
import { found, lockOrder, moveOrder, orderEvent } from './order-row.ts';
import { recordNotSent } from './submit.ts';

/**
 * What reconciliation concludes. News that is already stored comes first: an order that the broker has spoken of
 * is neither in doubt nor unsent, so the conclusion is then dropped and the ledger shows what is known.
 */
const doubtful: ReadonlySet<OrderState> = new Set(['Submitting', 'Unconfirmed']);
const beforeClaim: ReadonlySet<OrderState> = new Set(['Proposed', 'AwaitingApproval', 'Stale']);

const mayStillWrite = sql<{ mayStill: boolean }>(`
  SELECT written_at IS NULL AND outcome IS NULL
    AND clock_timestamp() <= claimed_at + make_interval(secs => $2::float8 / 1000) AS "mayStill"
  FROM submissions WHERE intent_id = $1`);
const voidApproval = sql(`
  UPDATE approvals SET status = 'consumed', settled_at = clock_timestamp()
  WHERE intent_id = $1 AND status = 'granted'`);

/** Opens an incident the first time. */
export function markUnconfirmed(
  database: Database,
  intentId: IntentId,
  why: string,
  actor: Actor,
): Promise<void> {
  return transaction(database, async (session) => {
    const order = found(await lockOrder(session, intentId), 'intent');
    const state = await applyTo(session, order);
    if (beforeClaim.has(state)) throw new Error(`${intentId}: unconfirmed in state ${state}`);
    if (state !== 'Submitting') return;
    await moveOrder(session, { intentId, state }, 'OutcomeDoubtful');
    const payload = { why };
    await appendAudit(
      session,
      [
        orderEvent('OrderUnconfirmed', actor, intentId, payload),
        orderEvent('IncidentOpened', actor, intentId, {
          what: 'an order is unconfirmed',
          ...payload,
        }),
      ],
      intentId,
    );
  });
}

/**
 * Ends an order that never reached the broker. While the claim's own lease runs, its sender may still write, and
 * nothing is proven: `OUTCOME_UNKNOWN`, ask again. An approved order that was never claimed loses its approval.
 */
export function markNotSent(
  database: Database,
  claimLeaseMs: number,
  { intentId, why, actor }: { intentId: IntentId; why: string; actor: Actor },
): Promise<void> {
  return transaction(database, async (session) => {
    const order = found(await lockOrder(session, intentId), 'intent');
    const state = await applyTo(session, order);
    if (beforeClaim.has(state)) throw new Error(`${intentId}: not sent in state ${state}`);
    if (!doubtful.has(state) && state !== 'Approved') return;
    const [claim] = await session.rows(mayStillWrite, [intentId, claimLeaseMs]);
    if (claim?.mayStill === true) {
      throw new GatewayError('OUTCOME_UNKNOWN', 'the claim is so young that it may still be sent');
    }
    if (state === 'Approved') await session.rows(voidApproval, [intentId]);
    await recordNotSent(session, intentId, why, actor);
  });
}
