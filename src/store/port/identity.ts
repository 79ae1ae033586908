import type { Actor } from '../../domain/audit/event.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import type { Instant } from '../../domain/time/instant.ts';

/** Secrets are given and kept as SHA-256 hex digests; the plain text never reaches the store. */
export type Identity = {
  /** Creates or replaces the key of the named agent. */
  readonly putAgentKey: (input: {
    readonly name: string;
    readonly prefix: string;
    readonly digest: string;
    readonly actor: Actor;
  }) => Promise<Principal>;
  /** By the key's public prefix; the caller compares digests in constant time. */
  readonly agentKey: (
    prefix: string,
  ) => Promise<{ readonly principal: Principal; readonly digest: string } | null>;
  readonly putLoginLink: (input: {
    readonly operatorName: string;
    readonly digest: string;
    readonly ttlMs: number;
    readonly actor: Actor;
  }) => Promise<void>;
  /** Single use, on the database clock. Null = unknown, used or expired. */
  readonly redeemLoginLink: (
    digest: string,
    session: { readonly digest: string; readonly ttlMs: number },
    actor: Omit<Actor, 'id'>,
  ) => Promise<Principal | null>;
  readonly session: (
    digest: string,
  ) => Promise<{ readonly principal: Principal; readonly expiresAt: Instant } | null>;
  readonly endSession: (digest: string) => Promise<void>;
};
