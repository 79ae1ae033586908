import type { AuditLog } from './port/audit.ts';
import type { Identity } from './port/identity.ts';
import type { KillSwitch, SenderLease } from './port/kill-switch.ts';
import type { Ledger } from './port/ledger.ts';
import type { Limits } from './port/limits.ts';
import type { Policies } from './port/policies.ts';

/** Everything durable. One implementation: `pg/`. */
export type Store = {
  readonly ledger: Ledger;
  readonly limits: Limits;
  readonly audit: AuditLog;
  readonly identity: Identity;
  readonly policies: Policies;
  readonly killSwitch: KillSwitch;
  readonly lease: SenderLease;
  /** Round trip to the database; throws `STORE_UNAVAILABLE`. Returns its clock. */
  readonly ping: () => Promise<{ readonly now: string }>;
  readonly close: () => Promise<void>;
};
