import type { PrincipalId } from '../ids.ts';
import type { Role } from './role.ts';

/** Somebody who has proven who they are. */
export type Principal = {
  readonly principalId: PrincipalId;
  readonly kind: 'agent' | 'operator' | 'service';
  readonly name: string;
  readonly roles: readonly Role[];
};
