import type { DecimalText } from '../../money/decimal.ts';
import { epochMs, instantFromEpochMs, type Instant } from '../../time/instant.ts';
import { localTime, zonedEpochMs } from '../../time/zoned.ts';
import type { CategorySettings } from './index.ts';

/**
 * What may be approved without a human, as `auto_approval_policy.json` states it after validation
 * (`src/config/auto-approval-policy.ts`).
 */
export type AutoApprovalPolicy = {
  readonly version: string;
  /** `sha256:` + 64 hex digits over the canonical JSON of everything else in here. */
  readonly hash: string;
  readonly enabled: boolean;
  /** Where it may approve at all; another environment that reads the file by mistake approves nothing. */
  readonly environments: readonly ('dev' | 'paper' | 'live')[];
  /** The largest worst-case notional of one order, in base currency. */
  readonly threshold: DecimalText;
  /** What one agent may have approved in one instrument in a day, in base currency. */
  readonly cumulative: { readonly limit: DecimalText; readonly timeZone: string };
  readonly categories: CategorySettings;
};

/** When the policy's day began that `now` is in: midnight in its zone. */
export function dayStart({ cumulative }: AutoApprovalPolicy, now: Instant): Instant {
  const { timeZone } = cumulative;
  const { day } = localTime(epochMs(now), timeZone);
  return instantFromEpochMs(zonedEpochMs(day, 0, timeZone));
}
