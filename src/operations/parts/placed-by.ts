import { z } from 'zod';
import type { IntentId } from '../../domain/ids.ts';
import type { Store } from '../../store/port.ts';

/** An orderRef that is one of our intent ids; any other text was written by somebody else and is not passed on. */
const ours = /^int_[0-9a-z]{20}$/;

/** Who placed an order at the broker, as the doors show it. */
export const placedBy = z
  .enum(['countersign', 'external'])
  .describe('external: made in TWS or by another program; it cannot be changed from here');

/**
 * Who placed the order of that orderRef, and for which intent. Anybody can write a text of our form: the ledger must
 * know of having sent it.
 */
export async function originOf(
  { ledger }: Store,
  orderRef: string,
): Promise<{ placedBy: 'countersign' | 'external'; intentId: string | null }> {
  const isOurs = ours.test(orderRef) && (await ledger.submission(orderRef as IntentId)) !== null;
  return isOurs
    ? { placedBy: 'countersign', intentId: orderRef }
    : { placedBy: 'external', intentId: null };
}
