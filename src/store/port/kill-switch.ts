import type { Actor } from '../../domain/audit/event.ts';
import type { Instant } from '../../domain/time/instant.ts';

export type KillSwitchStatus = {
  readonly state: 'active' | 'released';
  readonly reason: string | null;
  readonly by: string | null;
  readonly at: Instant | null;
};

/**
 * The kill switch. Linearizable: sends hold a shared lock from the claim until the bytes are written, activation
 * takes it exclusively; when `activate` resolves no further order byte leaves. Against a partitioned sender it
 * waits until the lease that each claim carries (a few seconds in which it may be written) must have lapsed. A status that cannot be read counts as active (callers must
 * not turn the failure into `released`).
 */
export type KillSwitch = {
  readonly status: () => Promise<KillSwitchStatus>;
  readonly activate: (reason: string, actor: Actor) => Promise<KillSwitchStatus>;
  readonly release: (reason: string, actor: Actor) => Promise<KillSwitchStatus>;
};

/** The sender's lease: one holder per account group. Times on the caller's monotonic clock. */
export type SenderLease = {
  /** Takes or renews; returns for how long it is valid from the moment of the call, or null while another holder has it. */
  readonly hold: (holder: string, ttlMs: number) => Promise<{ readonly validForMs: number } | null>;
  readonly release: (holder: string) => Promise<void>;
};
