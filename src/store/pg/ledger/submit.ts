import { approveOrder } from '../../../domain/approval/approved-order.ts';
import type { Actor } from '../../../domain/audit/event.ts';
import { GatewayError } from '../../../domain/errors.ts';
import type { IntentId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/time/instant.ts';
import type { Submission, SubmitInput, SubmitOutcome } from '../../port/ledger.ts';
import { appendAudit } from '../audit.ts';
import type { Database, Dedicated, Session } from '../connection.ts';
import { lockSends, unlockSends } from '../kill-switch.ts';
import { sql } from '../statement.ts';
import { transaction, transactionOn } from '../transaction.ts';
import { claim } from './claim.ts';
import { found, lockOrder, moveOrder, orderEvent } from './order-row.ts';

const select = sql<Submission>(`
  SELECT intent_id AS "intentId", approval_id AS "approvalId", client_id AS "clientId",
    order_id AS "orderId", claimed_at AS "claimedAt", written_at AS "writtenAt", perm_id AS "permId"
  FROM submissions WHERE intent_id = $1`);
const markWritten = sql<{ writtenAt: Instant; orderId: number; clientId: number }>(`
  UPDATE submissions SET written_at = clock_timestamp(), outcome = 'sent'
  WHERE intent_id = $1 AND written_at IS NULL
  RETURNING written_at AS "writtenAt", order_id AS "orderId", client_id AS "clientId"`);
const markUnsent = sql(`UPDATE submissions SET outcome = 'not-sent' WHERE intent_id = $1`);

export async function readSubmission(
  session: Session,
  intentId: IntentId,
): Promise<Submission | null> {
  return (await session.rows(select, [intentId]))[0] ?? null;
}

/**
 * Claims and sends, on one connection that holds the kill switch's shared lock throughout. The order of things
 * makes it at most once: the claim is unique and committed before the write, and nothing is written unless the
 * COMMIT was answered, the connection with its lock still stands, and the claim's own lease has not run out.
 * Any failure after the claim leaves it for reconciliation; nobody claims again.
 */
export async function submit(
  database: Database,
  claimLeaseMs: number,
  input: SubmitInput,
): Promise<SubmitOutcome> {
  const session = await database.connect();
  let isWhole = false;
  try {
    await lockSends(session);
    await input.barrier('submit.before-claim');
    const outcome = await claimAndWrite(database, session, claimLeaseMs, input);
    isWhole = await unlockSends(session);
    return outcome;
  } finally {
    // A closed connection gives up its locks and rolls back whatever was open.
    session.release(!isWhole);
  }
}

async function claimAndWrite(
  database: Database,
  session: Dedicated,
  claimLeaseMs: number,
  input: SubmitInput,
): Promise<SubmitOutcome> {
  // Before the statement that reads the trading state, and so before `claimedAt`: see kill-switch.ts.
  const isInTime = startLease(claimLeaseMs);
  const outcome = await transactionOn(session, (open) => claim(open, input));
  if (outcome.kind !== 'claimed') return outcome;
  await input.barrier('submit.after-claim');
  const order = approveOrder(outcome.claim);
  const { intentId, actor } = input;
  const refused = writeOnce(input, order, () =>
    session.isBroken()
      ? 'the connection that holds the send lock was lost'
      : isInTime()
        ? null
        : 'the claim is too old to be written',
  );
  if (refused !== null) {
    await transaction(database, (open) => recordNotSent(open, intentId, refused, actor));
    return { kind: 'not-sent', why: refused };
  }
  await input.barrier('submit.after-write');
  const sentAt = await recordSent(database, session, input);
  return { kind: 'sent', orderId: order.orderId, sentAt };
}

/** Null once the bytes have left; else why none did. Anything but a `GatewayError` is a bug and goes up. */
function writeOnce(
  input: SubmitInput,
  order: ReturnType<typeof approveOrder>,
  obstacle: () => string | null,
): string | null {
  const why = obstacle();
  if (why !== null) return why;
  if (!input.mayWrite()) return "the sender's lease is not valid";
  try {
    input.write(order);
    return null;
  } catch (failure) {
    if (!(failure instanceof GatewayError)) throw failure;
    return `${failure.code}: ${failure.message}`;
  }
}

/** Both clocks: a suspended machine stops the monotonic one, a corrected one moves the other. */
function startLease(leaseMs: number): () => boolean {
  const monotonic = performance.now();
  const wall = Date.now();
  return () => performance.now() - monotonic < leaseMs && Date.now() - wall < leaseMs;
}

/** The bytes have left: the mark is made on the same connection, or on another one if that was lost. */
async function recordSent(
  database: Database,
  session: Dedicated,
  { intentId, actor }: SubmitInput,
): Promise<Instant> {
  const mark = async (open: Session): Promise<Instant> => {
    const [locked, [marked]] = await Promise.all([
      lockOrder(open, intentId),
      open.rows(markWritten, [intentId]),
    ]);
    found(locked, 'intent');
    if (marked === undefined) return writtenBefore(open, intentId);
    await appendAudit(open, [orderEvent('OrderSent', actor, intentId, marked)], intentId);
    return marked.writtenAt;
  };
  if (session.isBroken()) return transaction(database, mark);
  try {
    return await transactionOn(session, mark);
  } catch (failure) {
    if (!(failure instanceof GatewayError)) throw failure;
    return transaction(database, mark);
  }
}

/** The first mark was committed although its answer was lost. */
async function writtenBefore(session: Session, intentId: IntentId): Promise<Instant> {
  const submission = found(await readSubmission(session, intentId), 'claim');
  return found(submission.writtenAt, 'time of the write');
}

/** No byte has left and none will. */
export async function recordNotSent(
  session: Session,
  intentId: IntentId,
  why: string,
  actor: Actor,
): Promise<void> {
  const order = found(await lockOrder(session, intentId), 'intent');
  await session.rows(markUnsent, [intentId]);
  await moveOrder(session, order, 'ProvenNotSent');
  await appendAudit(session, [orderEvent('OrderNotSent', actor, intentId, { why })], intentId);
}
