import {
  canonicalJson,
  envelopeHash,
  type ApprovalEnvelope,
} from '../../../domain/order/envelope.ts';
import type { NewAuditEvent } from '../../../domain/audit/event.ts';
import type { ApprovalId } from '../../../domain/ids.ts';
import type { GateFacts } from '../../../domain/risk/facts.ts';
import type { Verdict } from '../../../domain/risk/rule.ts';
import type { Simulation } from '../../../domain/simulate/simulation.ts';
import { epochMs, instantFromEpochMs, type Instant } from '../../../domain/time/instant.ts';
import type { AutoApproved, GateEvaluation, GateInput, GateOutcome } from '../../port/ledger.ts';
import { appendAudit } from '../audit.ts';
import type { Database, Session } from '../connection.ts';
import { isHalted } from '../kill-switch.ts';
import { requirePolicy } from '../policies.ts';
import { sql } from '../statement.ts';
import { transaction } from '../transaction.ts';
import { autoApproved, grantIfAllowed } from './auto-approval.ts';
import { readGateFacts, sectorOf } from './facts.ts';
import { latchedBy, setLatches } from './latches.ts';
import { found, lockAccount, lockOrder, moveOrder, next, orderEvent } from './order-row.ts';
import type { OrderRow } from './order-row.ts';

type EarlierRound = {
  readonly outcome: GateOutcome['kind'];
  readonly approvalId: ApprovalId;
  readonly envelopeHash: ReturnType<typeof envelopeHash>;
  readonly expiresAt: Instant;
  readonly verdict: Verdict;
  readonly simulation: Simulation;
  readonly autoApproved: AutoApproved | null;
};
const earlierRound = sql<EarlierRound>(`
  SELECT g.outcome, g.approval_id AS "approvalId", a.envelope_hash AS "envelopeHash",
    a.expires_at AS "expiresAt", g.verdict, g.simulation,
    ${autoApproved}
  FROM gate_rounds g LEFT JOIN approvals a USING (approval_id)
    LEFT JOIN auto_approvals x USING (approval_id)
  WHERE g.intent_id = $1 AND g.round = $2`);
const recordHalt = sql(
  `INSERT INTO gate_rounds (intent_id, round, outcome) VALUES ($1, $2, 'halted')`,
);
const recordDenial = sql(`
  WITH round AS (
    INSERT INTO gate_rounds (intent_id, round, outcome, verdict, simulation)
    VALUES ($1, $2, 'denied', $3, $4)
  )
  UPDATE orders SET round = $2, verdict = $3, simulation = $4 WHERE intent_id = $1`);
const recordRequest = sql(`
  WITH approval AS (
    INSERT INTO approvals (approval_id, intent_id, round, envelope, envelope_hash, required,
      requested_at, expires_at, execute_by)
    VALUES ($3, $1, $2, $4, $5, $6, $7, $8, $9)
  ), round AS (
    INSERT INTO gate_rounds (intent_id, round, outcome, approval_id, verdict, simulation)
    VALUES ($1, $2, 'awaiting', $3, $10, $11)
  ), reservation AS (
    INSERT INTO reservations (intent_id, account, con_id, side, quantity, notional, sector, proposer)
    VALUES ($1, $12, $13, $14, $15, $16, $18, $19)
    ON CONFLICT (intent_id) DO UPDATE SET quantity = excluded.quantity,
      notional = excluded.notional, sector = excluded.sector
  )
  UPDATE orders SET state = $17, version = version + 1, updated_at = clock_timestamp(),
    round = $2, approval_id = $3, verdict = $10, simulation = $11
  WHERE intent_id = $1`);

/**
 * One round of the gate under the account's lock: a second round of the same account starts with what this one
 * has reserved. Asked again for the same round it gives the same answer, without evaluating.
 */
export function recordGate(database: Database, input: GateInput): Promise<GateOutcome> {
  const { intentId, round } = input;
  return transaction<GateOutcome>(database, async (session) => {
    await lockAccount(session, intentId);
    const order = found(await lockOrder(session, intentId), 'intent');
    const [earlier] = await session.rows(earlierRound, [intentId, round]);
    if (earlier !== undefined) return asOutcome(earlier);
    if (round !== order.round + 1) throw new Error(`${intentId}: gate round ${round} out of order`);
    if (await isHalted(session)) {
      await session.rows(recordHalt, [intentId, round]);
      await moveOrder(session, order, 'FoundHalted');
      const halted = orderEvent('OrderHalted', input.actor, intentId, { round, at: 'gate' });
      await appendAudit(session, [halted], intentId);
      return { kind: 'halted' };
    }
    const facts = await readGateFacts(session, order, input.brokerFacts, 'gate');
    const evaluation = input.evaluate(order.terms, facts);
    await requirePolicy(session, evaluation.verdict.policyHash);
    return evaluation.verdict.outcome === 'deny'
      ? deny(session, { input, order, facts, evaluation })
      : request(session, { input, order, facts, evaluation });
  });
}

type Evaluated = {
  readonly input: GateInput;
  readonly order: OrderRow;
  readonly facts: GateFacts;
  readonly evaluation: GateEvaluation;
};

async function deny(
  session: Session,
  { input, order, facts, evaluation }: Evaluated,
): Promise<GateOutcome> {
  const { intentId, round, actor } = input;
  const { verdict, simulation } = evaluation;
  await moveOrder(session, order, 'GateDenied');
  await session.rows(recordDenial, [
    intentId,
    round,
    JSON.stringify(verdict),
    JSON.stringify(simulation),
  ]);
  const refusing = verdict.rules
    .filter(({ outcome }) => outcome === 'deny' || outcome === 'cannot-evaluate')
    .map(({ rule }) => rule);
  const latched = await latch(session, input, order, evaluation);
  await appendAudit(
    session,
    [
      gateEvaluated(input, 'gate', facts, evaluation),
      ...latched,
      orderEvent('OrderDenied', actor, intentId, { round, rules: refusing }),
    ],
    intentId,
  );
  return { kind: 'denied', verdict, simulation };
}

async function request(session: Session, evaluated: Evaluated): Promise<GateOutcome> {
  const { input, order, facts, evaluation } = evaluated;
  const { intentId, round, approvalId, actor } = input;
  const { verdict, simulation } = evaluation;
  const { now } = facts.ledger.value;
  const expiresAt = instantFromEpochMs(epochMs(now) + input.ttlMs);
  const envelope = input.seal(order, facts, evaluation, expiresAt);
  assertSealed(envelope, input, order, expiresAt);
  const hash = envelopeHash(envelope);
  const { terms } = order;
  await session.rows(recordRequest, [
    intentId,
    round,
    approvalId,
    canonicalJson(envelope),
    hash,
    envelope.requiredApprovals,
    now,
    expiresAt,
    envelope.executeBy,
    JSON.stringify(verdict),
    JSON.stringify(simulation),
    terms.account,
    terms.conId,
    terms.side,
    terms.quantity,
    evaluation.reservedNotional,
    next(order, 'GatePassed'),
    sectorOf(facts, terms.conId),
    order.proposer,
  ]);
  const latched = await latch(session, input, order, evaluation);
  const auto = await grantIfAllowed(session, { ...evaluated, envelope });
  await appendAudit(
    session,
    [
      gateEvaluated(input, 'gate', facts, evaluation),
      ...latched,
      orderEvent('ApprovalRequested', actor, intentId, {
        ...{ envelope, envelopeHash: hash },
        ...(auto.refused === null ? {} : { notAutoApproved: auto.refused }),
      }),
      ...auto.events,
    ],
    intentId,
  );
  const asked = { approvalId, envelopeHash: hash, expiresAt, verdict, simulation };
  return { kind: 'awaiting', ...asked, ...auto.outcome };
}

/** Sets what the verdict latches, whatever becomes of the order; gives the events to append. */
export function latch(
  session: Session,
  { actor }: Pick<GateInput, 'actor'>,
  { intentId, terms }: OrderRow,
  { verdict }: Pick<GateEvaluation, 'verdict'>,
): Promise<readonly NewAuditEvent[]> {
  const { account } = terms;
  return setLatches(session, latchedBy(verdict), { account, actor, intentId });
}

/** Everything that a verdict was made of, so that it can be made again. */
export function gateEvaluated(
  input: Pick<GateInput, 'intentId' | 'approvalId' | 'actor'>,
  at: 'gate' | 'claim',
  facts: GateFacts,
  evaluation: GateEvaluation,
): NewAuditEvent {
  const { intentId, approvalId, actor } = input;
  return orderEvent('GateEvaluated', actor, intentId, { at, approvalId, facts, ...evaluation });
}

function assertSealed(
  envelope: ApprovalEnvelope,
  input: GateInput,
  order: OrderRow,
  expiresAt: Instant,
): void {
  const holds =
    envelope.intentId === input.intentId &&
    envelope.approvalId === input.approvalId &&
    envelope.round === input.round &&
    envelope.proposer === order.proposer &&
    envelope.expiresAt === expiresAt &&
    canonicalJson(envelope.terms) === canonicalJson(order.terms);
  if (!holds) throw new Error(`${input.intentId}: the sealed envelope is about something else`);
}

function asOutcome(earlier: EarlierRound): GateOutcome {
  const { outcome, approvalId, envelopeHash: hash, expiresAt, verdict, simulation } = earlier;
  switch (outcome) {
    case 'halted':
      return { kind: 'halted' };
    case 'denied':
      return { kind: 'denied', verdict, simulation };
    case 'awaiting':
      return {
        ...{ kind: 'awaiting', approvalId, envelopeHash: hash, expiresAt, verdict, simulation },
        ...(earlier.autoApproved === null ? {} : { autoApproved: earlier.autoApproved }),
      };
  }
}
