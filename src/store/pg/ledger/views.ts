import { GatewayError } from '../../../domain/errors.ts';
import type { ApprovalId, IntentId } from '../../../domain/ids.ts';
import { dec, decimalText } from '../../../domain/money/decimal.ts';
import type { ApprovalView, Ledger, OrderView, Page } from '../../port/ledger.ts';
import type { Session } from '../connection.ts';
import { sql } from '../statement.ts';
import { instantText } from '../time.ts';
import { envelopeOf } from './approval-row.ts';
import { autoApproved } from './auto-approval.ts';

/** What people and agents see of orders and approvals. */

type OrderViewRow = Omit<OrderView, 'breaches' | 'remaining'> & {
  readonly breaches: OrderView['breaches'] | null;
  readonly ordinal: number;
};

const orderColumns = `
  i.intent_id AS "intentId", o.state, o.version, i.account, i.proposer, i.terms, i.contract, i.reason,
  i.strategy_tag AS "strategyTag", o.round, o.approval_id AS "approvalId",
  a.envelope_hash AS "envelopeHash", a.expires_at AS "expiresAt", o.verdict, o.simulation, o.breaches,
  ${autoApproved},
  o.decline_reason AS "declineReason", s.order_id AS "orderId", s.perm_id AS "permId", o.filled,
  o.average_price AS "averagePrice", o.commission, i.proposed_at AS "proposedAt",
  o.updated_at AS "updatedAt", i.ordinal
  FROM intents i JOIN orders o USING (intent_id)
    LEFT JOIN approvals a ON a.approval_id = o.approval_id
    LEFT JOIN auto_approvals x ON x.approval_id = o.approval_id
    LEFT JOIN submissions s ON s.intent_id = i.intent_id`;
const oneOrder = sql<OrderViewRow>(`SELECT ${orderColumns} WHERE i.intent_id = $1`);
const manyOrders = sql<OrderViewRow>(`
  SELECT ${orderColumns}
  WHERE ($1::text IS NULL OR i.proposer = $1) AND ($2::text IS NULL OR o.state = $2)
    AND ($3::bigint IS NULL OR i.ordinal < $3)
  ORDER BY i.ordinal DESC LIMIT $4`);

type ApprovalViewRow = Omit<ApprovalView, 'envelope'> & { readonly envelopeText: string };

const approvalColumns = `
  a.approval_id AS "approvalId", a.intent_id AS "intentId", a.status, a.envelope AS "envelopeText",
  a.envelope_hash AS "envelopeHash", a.requested_at AS "requestedAt", a.expires_at AS "expiresAt",
  greatest(0, floor(extract(epoch FROM a.expires_at - clock_timestamp()) * 1000))::float8 AS "remainingMs",
  (SELECT coalesce(json_agg(json_build_object('decisionId', d.decision_id, 'decision', d.decision,
      'principal', d.principal, 'channel', d.channel, 'reason', d.reason,
      'at', ${instantText('d.at')}) ORDER BY d.at, d.decision_id), '[]')
    FROM decisions d WHERE d.approval_id = a.approval_id) AS decisions,
  ${autoApproved}
  FROM approvals a LEFT JOIN auto_approvals x USING (approval_id)`;
const oneApproval = sql<ApprovalViewRow>(`SELECT ${approvalColumns} WHERE a.approval_id = $1`);
const openApprovals = sql<ApprovalViewRow>(
  `SELECT ${approvalColumns} WHERE a.status = 'open' ORDER BY a.expires_at, a.approval_id`,
);

export async function readOrder(session: Session, intentId: IntentId): Promise<OrderView | null> {
  const [row] = await session.rows(oneOrder, [intentId]);
  return row === undefined ? null : orderView(row);
}

/** Newest first. The cursor names the last order that was given. */
export async function readOrders(
  session: Session,
  filter: Parameters<Ledger['orders']>[0],
): Promise<Page<OrderView>> {
  const { proposer, state, cursor, limit } = filter;
  const before = cursor === undefined ? null : ordinalOf(cursor);
  const rows = await session.rows(manyOrders, [proposer ?? null, state ?? null, before, limit + 1]);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map(orderView),
    next: rows.length > limit && last !== undefined ? `o${last.ordinal}` : null,
  };
}

export async function readApprovalView(
  session: Session,
  approvalId: ApprovalId,
): Promise<ApprovalView | null> {
  const [row] = await session.rows(oneApproval, [approvalId]);
  return row === undefined ? null : approvalView(row);
}

export async function readPendingApprovals(session: Session): Promise<readonly ApprovalView[]> {
  return (await session.rows(openApprovals)).map(approvalView);
}

function ordinalOf(cursor: string): number {
  if (!/^o\d{1,15}$/.test(cursor)) {
    throw new GatewayError('VALIDATION', 'the cursor is not one that was given out', {
      hint: 'Leave cursor out to start at the newest.',
      problems: [{ pointer: '/cursor', message: 'must be the `next` of an earlier page' }],
    });
  }
  return Number(cursor.slice(1));
}

function orderView({ ordinal: _ordinal, ...row }: OrderViewRow): OrderView {
  const remaining = dec(row.terms.quantity).minus(dec(row.filled));
  return {
    ...row,
    breaches: row.breaches ?? [],
    remaining: decimalText(remaining.isNegative() ? 0 : remaining),
  };
}

function approvalView({ envelopeText, ...row }: ApprovalViewRow): ApprovalView {
  return { ...row, envelope: envelopeOf({ envelopeText }) };
}
