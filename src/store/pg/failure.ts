import pg from 'pg';
import { GatewayError } from '../../domain/errors.ts';

/** SQLSTATE classes of a server that cannot work now: connection, resources, operator, system, cancelled. */
const unavailable = /^(?:08|53|57|58|55P03|25P0[234]|40|28)/;

/**
 * What a failed query means. The database being away is `STORE_UNAVAILABLE`; a violated constraint, a bad
 * statement or a missing right is a bug and stays what it is.
 */
export function queryFailure(failure: unknown): unknown {
  if (failure instanceof GatewayError) return failure;
  if (failure instanceof pg.DatabaseError) {
    return unavailable.test(failure.code ?? '') ? storeUnavailable(failure) : failure;
  }
  if (failure instanceof TypeError || failure instanceof RangeError) return failure;
  return storeUnavailable(failure);
}

/** The database's text is for operators only: it travels as the cause. */
export function storeUnavailable(cause: unknown): GatewayError {
  return new GatewayError('STORE_UNAVAILABLE', 'the database is not available', {
    hint: 'Try again in a few seconds; nothing was changed, or the same request finds what was.',
    cause,
  });
}

/** Whether the server asks to repeat the whole transaction: serialization failure or deadlock. */
export function isRepeatable(failure: unknown): boolean {
  const cause = failure instanceof GatewayError ? failure.cause : failure;
  return cause instanceof pg.DatabaseError && (cause.code === '40001' || cause.code === '40P01');
}
