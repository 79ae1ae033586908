import type { Role } from '../../domain/identity/role.ts';

/** Everybody with a key or a session. */
export const anyReader: readonly Role[] = [
  'agent:read',
  'agent:propose',
  'operator:approve',
  'operator:kill',
  'auditor:read',
];
/** Agents and operators, not auditors: people and programs that act. */
export const tradingFloor: readonly Role[] = [
  'agent:read',
  'agent:propose',
  'operator:approve',
  'operator:kill',
];
export const proposers: readonly Role[] = ['agent:propose'];
export const approvers: readonly Role[] = ['operator:approve'];
export const releasers: readonly Role[] = ['operator:kill'];
export const configurers: readonly Role[] = ['risk:configure'];
export const auditReaders: readonly Role[] = ['auditor:read', 'operator:approve', 'operator:kill'];
