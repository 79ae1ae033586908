import type { Actor } from '../../domain/audit/event.ts';
import type { PolicyChange } from '../../domain/risk/policy-changes.ts';

/** A validated policy as it is kept: its YAML is what every process reads. */
export type StoredPolicy = {
  readonly hash: string;
  readonly version: string;
  readonly source: string;
};

export type PolicyReload = {
  readonly policy: StoredPolicy;
  /** What `changes` were found against; another one in force by now refuses the reload. */
  readonly previousHash: string;
  readonly changes: readonly PolicyChange[];
  /** A second person has to say the same before it counts. */
  readonly needsTwo: boolean;
  readonly actor: Actor;
};

export type PolicyReloadOutcome =
  | { readonly kind: 'active' }
  /** The first of two: recorded, not in force. */
  | { readonly kind: 'proposed'; readonly by: string }
  /** Somebody else has activated another one in the meantime. */
  | { readonly kind: 'superseded'; readonly activeHash: string };

/**
 * The risk policies and which one is in force, in one place for all processes. A gate or claim by any other policy
 * is refused in its own transaction, so once a change has returned no order is judged by the one before.
 */
export type Policies = {
  /** Null = none was ever in force. */
  readonly activeHash: () => Promise<string | null>;
  readonly active: () => Promise<StoredPolicy | null>;
  /** Puts the policy in force that a start has read: where there is none, or with `replace` also instead of another. */
  readonly begin: (policy: StoredPolicy, replace: boolean, actor: Actor) => Promise<void>;
  readonly reload: (input: PolicyReload) => Promise<PolicyReloadOutcome>;
};
