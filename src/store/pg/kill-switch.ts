import type { Actor, NewAuditEvent } from '../../domain/audit/event.ts';
import { GatewayError } from '../../domain/errors.ts';
import type { KillSwitch, KillSwitchStatus } from '../port/kill-switch.ts';
import { appendAudit } from './audit.ts';
import type { Database, Dedicated, Session } from './connection.ts';
import { sql } from './statement.ts';
import { transaction } from './transaction.ts';

/**
 * The kill switch: when `activate` resolves, no order byte leaves any more. The argument:
 *
 * A submit takes the shared lock, then reads the state in its claim, writes, and lets go. Activation commits
 * HALTED first and takes the exclusive lock afterwards, so for every submit one of these holds:
 * 1. It got the shared lock after activation held the exclusive one. Then the statement that reads the state
 *    began after HALTED was committed, sees it, and nothing is written.
 * 2. It held the shared lock before and let go by itself: its bytes had left, or never will.
 * 3. It lost the lock with its connection. An open claim was rolled back with it, so its COMMIT was never
 *    answered and it does not write. A committed claim is visible to activation, which looks for unwritten claims
 *    after it has the lock; and a claim is a lease of its own: the sender writes only within `claimLeaseMs` of a
 *    moment before `claimed_at`, on its own clocks. Activation waits until that is over.
 * 4. It still holds the lock and cannot be reached (partition, stopped process). It read the state before HALTED
 *    was committed, and its lease is counted from before that reading: after `claimLeaseMs` it cannot write.
 * The margin covers the drift of two clocks over a few seconds. The sender's own lease (`mayWrite`) comes on top.
 */
type Timing = {
  readonly claimLeaseMs: number;
  /** How long activation tries for the lock before it relies on leases. */
  readonly lockWaitMs: number;
};

const marginMs = 250;

const read = sql<KillSwitchStatus>('SELECT state, reason, by_id AS by, at FROM trading_state');
const change = sql<KillSwitchStatus>(`
  UPDATE trading_state SET state = $1, reason = $2, by_id = $3, at = clock_timestamp()
  WHERE state <> $1 RETURNING state, reason, by_id AS by, at`);
const setLockTimeout = sql(`SELECT set_config('lock_timeout', $1, true)`);
const lockExclusive = sql('SELECT pg_advisory_xact_lock(4851, 2)');
const lockShared = sql('SELECT pg_advisory_lock_shared(4851, 2)');
const unlockShared = sql('SELECT pg_advisory_unlock_shared(4851, 2)');
const openClaims = sql<{ waitMs: number | null }>(`
  SELECT extract(epoch FROM max(claimed_at) - clock_timestamp())::float8 * 1000 + $1 AS "waitMs"
  FROM submissions
  WHERE written_at IS NULL AND outcome IS NULL
    AND claimed_at > clock_timestamp() - make_interval(secs => $1::float8 / 1000)`);

/** Whether trading is halted, as this transaction sees it. A missing row counts as halted. */
export async function isHalted(session: Session): Promise<boolean> {
  const [row] = await session.rows(read);
  return row?.state !== 'released';
}

/** Held from before the claim until the bytes are written; waits while an activation has its turn. */
export async function lockSends(session: Dedicated): Promise<void> {
  await session.rows(lockShared);
}

/** False = the connection failed; closing it gives up the lock just as well. */
export async function unlockSends(session: Dedicated): Promise<boolean> {
  if (session.isBroken()) return false;
  try {
    await session.rows(unlockShared);
    return true;
  } catch (failure) {
    if (failure instanceof GatewayError) return false;
    throw failure;
  }
}

export function killSwitch(database: Database, timing: Timing): KillSwitch {
  return {
    status: () => status(database),
    async activate(reason, actor) {
      const halted = await setState(database, 'active', reason, actor);
      const isLocked = await passSends(database, timing);
      if (!isLocked) await pause(timing.claimLeaseMs + marginMs);
      await awaitOpenClaims(database, timing);
      return halted;
    },
    async release(reason, actor) {
      if (reason.trim() === '') {
        throw new GatewayError('VALIDATION', 'releasing the kill switch needs a reason');
      }
      return setState(database, 'released', reason, actor);
    },
  };
}

async function status(database: Session): Promise<KillSwitchStatus> {
  const [row] = await database.rows(read);
  if (row === undefined)
    throw new GatewayError('STORE_UNAVAILABLE', 'the trading state is missing');
  return row;
}

/** A transaction of its own; where the state is as wanted already nothing changes and nothing is audited. */
function setState(
  database: Database,
  state: 'active' | 'released',
  reason: string,
  actor: Actor,
): Promise<KillSwitchStatus> {
  return transaction(database, async (session) => {
    const [changed] = await session.rows(change, [state, reason, actor.id]);
    if (changed === undefined) return status(session);
    await appendAudit(session, [switched(changed, actor)]);
    return changed;
  });
}

/**
 * Halts all trading as part of the caller's transaction: once that is committed no further claim passes. It does not
 * wait for orders that are being sent at this moment. Gives the event to append, none where trading was halted before.
 */
export async function haltTrading(
  session: Session,
  reason: string,
  actor: Actor,
): Promise<readonly NewAuditEvent[]> {
  const [changed] = await session.rows(change, ['active', reason, actor.id]);
  return changed === undefined ? [] : [switched(changed, actor)];
}

function switched({ state, reason, at }: KillSwitchStatus, actor: Actor): NewAuditEvent {
  return {
    type: state === 'active' ? 'KillSwitchActivated' : 'KillSwitchReleased',
    version: 1,
    actor,
    correlationId: `kill-switch-${at ?? ''}`,
    intentId: null,
    payload: { reason },
  };
}

/** Waits for the sends that hold the lock now. False = some did not let go in time. */
async function passSends(database: Database, { lockWaitMs }: Timing): Promise<boolean> {
  try {
    // Lock and setting end with the transaction, so the connection is as new afterwards and can be kept.
    await transaction(database, async (session) => {
      await session.rows(setLockTimeout, [`${lockWaitMs}ms`]);
      await session.rows(lockExclusive);
    });
    return true;
  } catch (failure) {
    if (isLockTimeout(failure)) return false;
    throw failure;
  }
}

function isLockTimeout(failure: unknown): boolean {
  return (
    failure instanceof GatewayError &&
    failure.cause instanceof Error &&
    'code' in failure.cause &&
    failure.cause.code === '55P03'
  );
}

/** Claims without a written order whose sender has lost the lock: until none of them can still write. */
async function awaitOpenClaims(database: Database, { claimLeaseMs }: Timing): Promise<void> {
  for (;;) {
    const [row] = await database.rows(openClaims, [claimLeaseMs + marginMs]);
    const waitMs = row?.waitMs ?? null;
    if (waitMs === null) return;
    await pause(Math.min(Math.max(waitMs, 5), 100));
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
