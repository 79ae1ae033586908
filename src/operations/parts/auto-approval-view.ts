import { z } from 'zod';
import type { AutoApproved } from '../../store/port/ledger.ts';

/** What the auto-approval policy held against what, where it has granted an order. */
export const AutoApprovedShape = z
  .object({
    matched: z.array(z.object({ category: z.string(), observed: z.string(), limit: z.string() })),
    policyHash: z.string(),
  })
  .nullable()
  .describe('Set where the policy has granted it without a human: every category that matched');

/** Shows an automatic approval. */
export function showAutoApproved(approved: AutoApproved | null): z.input<typeof AutoApprovedShape> {
  if (approved === null) return null;
  return { matched: [...approved.matched], policyHash: approved.policyHash };
}
