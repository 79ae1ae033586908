import type { AutoInput, AutoUsage } from '../../../domain/approval/policy/category.ts';
import type {
  AutoJudgement,
  Refusal,
} from '../../../domain/approval/policy/judge-auto-approval.ts';
import type { Breach } from '../../../domain/approval/breaches.ts';
import type { NewAuditEvent } from '../../../domain/audit/event.ts';
import type { ApprovalId, DecisionId, PrincipalId } from '../../../domain/ids.ts';
import { envelopeHash, type ApprovalEnvelope } from '../../../domain/order/envelope.ts';
import { isKnown, type GateFacts } from '../../../domain/risk/facts.ts';
import type { AutoApproval, AutoApproved, GateEvaluation, GateInput } from '../../port/ledger.ts';
import type { Session } from '../connection.ts';
import { isHalted } from '../kill-switch.ts';
import { sql } from '../statement.ts';
import { instantText } from '../time.ts';
import { found, next, orderEvent, type OrderRow } from './order-row.ts';

/**
 * Approvals by policy: the one place that writes a decision of `sys_auto` and that says whether one still counts.
 * Runs inside the gate's and the claim's transaction, under the account's lock.
 */

/** Who approves by policy. Nobody can log in as it. */
export const sysAuto = 'sys_auto' as PrincipalId;

/** `"autoApproved"` of a row that `auto_approvals x` is joined to; null where people decide. */
export const autoApproved = `CASE WHEN x.approval_id IS NOT NULL THEN
    json_build_object('matched', x.matched, 'policyHash', x.policy_hash) END AS "autoApproved"`;

// An agent's orders in one instrument through two accounts have two account locks: this one is theirs together.
const usageLock = sql(
  `SELECT pg_advisory_xact_lock(hashtextextended('auto:' || $1::text || ':' || $2::bigint, 0))`,
);
const usageOf = sql<AutoUsage>(`
  SELECT
    (SELECT coalesce(sum(notional), 0) FROM auto_approvals
      WHERE proposer = $1 AND con_id = $2 AND at >= $4::timestamptz AND intent_id <> $3
    )::text AS "notionalToday",
    (SELECT coalesce(json_object_agg(schedule, last), '{}') FROM (
      SELECT schedule, ${instantText('max(market_at)')} AS last FROM auto_approvals
      WHERE proposer = $1 AND con_id = $2 AND schedule IS NOT NULL AND market_at IS NOT NULL
        AND intent_id <> $3
      GROUP BY schedule) latest) AS "lastBySchedule"`);
const record = sql<{ approvalId: ApprovalId }>(`
  WITH decision AS (
    INSERT INTO decisions (decision_id, approval_id, decision, principal, channel, envelope_hash,
      reason, at)
    VALUES ($2, $1, 'grant', '${sysAuto}', 'policy', $4, NULL, $5)
  ), basis AS (
    INSERT INTO auto_approvals (approval_id, decision_id, intent_id, proposer, con_id, notional,
      schedule, market_at, matched, policy_hash, at)
    VALUES ($1, $2, $3, $6, $7, $8, $9, $10, $11, $12, $5)
  ), moved AS (
    UPDATE orders SET state = $13, version = version + 1, updated_at = clock_timestamp()
    WHERE intent_id = $3
  )
  UPDATE approvals SET status = 'granted', settled_at = clock_timestamp(), settled_by = $2
  WHERE approval_id = $1 AND status = 'open' RETURNING approval_id AS "approvalId"`);
const basisOf = sql<AutoApproved>(`
  SELECT matched, policy_hash AS "policyHash" FROM auto_approvals WHERE approval_id = $1`);

type Judged = {
  readonly order: OrderRow;
  readonly facts: GateFacts;
  readonly evaluation: GateEvaluation;
  readonly round: number;
  readonly requiredApprovals: number;
  readonly isHalted: boolean;
};

type Gated = {
  readonly input: Pick<GateInput, 'autoApproval' | 'approvalId' | 'round'>;
  readonly order: OrderRow;
  readonly facts: GateFacts;
  readonly evaluation: GateEvaluation;
  readonly envelope: ApprovalEnvelope;
};

type ByPolicy = {
  readonly outcome: { readonly autoApproved?: AutoApproved };
  /** Why not, for the people who decide instead; null where it was not asked, or has approved. */
  readonly refused: readonly Refusal[] | null;
  readonly events: readonly NewAuditEvent[];
};

/** Grants the approval that the gate has just recorded, where the policy says so. */
export async function grantIfAllowed(session: Session, gated: Gated): Promise<ByPolicy> {
  const { input, order, facts, evaluation, envelope } = gated;
  const { autoApproval, round, approvalId } = input;
  if (autoApproval === null) return { outcome: {}, refused: null, events: [] };
  const judgement = await askPolicy(session, autoApproval, {
    ...{ order, facts, evaluation, round },
    requiredApprovals: envelope.requiredApprovals,
    isHalted: await isHalted(session),
  });
  if (!judgement.approved) return { outcome: {}, refused: judgement.why, events: [] };
  const given = { order, approvalId, facts, judgement, envelopeHash: envelopeHash(envelope) };
  const granted = await grantByPolicy(session, given);
  const { matched, policyHash } = judgement;
  return { outcome: { autoApproved: { matched, policyHash } }, refused: null, events: [granted] };
}

/** Asks the policy about an order, with what it has approved before; holds back others of the same agent and instrument. */
async function askPolicy(
  session: Session,
  policy: AutoApproval,
  { order, ...judged }: Judged,
): Promise<AutoJudgement> {
  const { proposer, terms, contract, intentId, reason, strategyTag } = order;
  await session.rows(usageLock, [proposer, terms.conId]);
  const { now } = judged.facts.ledger.value;
  const [usage] = await session.rows(usageOf, [
    ...[proposer, terms.conId, intentId, policy.dayStart(now)],
  ]);
  const words = { reason, strategyTag };
  const input: AutoInput = { ...judged, terms, contract, words, usage: found(usage, 'usage') };
  return policy.judge(input);
}

type Given = {
  readonly order: OrderRow;
  readonly approvalId: ApprovalId;
  readonly envelopeHash: string;
  readonly facts: GateFacts;
  readonly judgement: Extract<AutoJudgement, { approved: true }>;
};

/** Grants an approval that has just been recorded, and returns the event of it. */
async function grantByPolicy(session: Session, given: Given): Promise<NewAuditEvent> {
  const { order, approvalId, envelopeHash, facts, judgement } = given;
  const { intentId, proposer, terms } = order;
  const { matched, policyHash, notional, schedule } = judgement;
  const decisionId = decisionOf(approvalId);
  const { marketTime, ledger } = facts;
  const granted = await session.rows(record, [
    ...[approvalId, decisionId, intentId, envelopeHash, ledger.value.now, proposer, terms.conId],
    ...[notional, schedule, isKnown(marketTime) ? marketTime.value : null],
    ...[
      JSON.stringify(matched),
      policyHash,
      next({ intentId, state: 'AwaitingApproval' }, 'Granted'),
    ],
  ]);
  if (granted.length !== 1) throw new Error(`${approvalId} is not open`);
  const actor = { kind: 'system', id: sysAuto, channel: 'worker' } as const;
  return orderEvent('AutoApprovalGranted', actor, intentId, {
    ...{ approvalId, decisionId, principal: sysAuto, channel: 'policy', envelopeHash },
    ...{ matched, policyHash, notional, schedule },
  });
}

/** The same approval always makes the same decision. */
function decisionOf(approvalId: ApprovalId): DecisionId {
  return `dcn_${approvalId.slice(4)}` as DecisionId;
}

/** What an approval that the policy gave was made of; null where people decide. */
async function readBasis(session: Session, approvalId: ApprovalId): Promise<AutoApproved | null> {
  return (await session.rows(basisOf, [approvalId]))[0] ?? null;
}

/**
 * What of a policy's grant does not hold any more when its order is to be sent: each reason a breach, so that a
 * person is asked instead.
 */
export async function autoBreaches(
  session: Session,
  policy: AutoApproval | null,
  approvalId: ApprovalId,
  judged: Judged,
): Promise<readonly Breach[]> {
  const basis = await readBasis(session, approvalId);
  if (basis === null) {
    return [{ term: 'autoApproval', signed: 'approved', now: 'nothing says why' }];
  }
  if (policy === null) return [{ term: 'autoApproval', signed: 'approved', now: 'off' }];
  const judgement = await askPolicy(session, policy, judged);
  if (!judgement.approved) {
    return judgement.why.map(({ check, why }) => ({
      term: `autoApproval.${check}`,
      signed: textOf(basis, check),
      now: why,
    }));
  }
  if (judgement.policyHash === basis.policyHash) return [];
  return [{ term: 'autoApproval.policy', signed: basis.policyHash, now: judgement.policyHash }];
}

function textOf({ matched }: AutoApproved, check: string): string {
  const then = matched.find(({ category }) => category === check);
  return then === undefined ? 'approved' : `${then.observed} (${then.limit})`;
}
