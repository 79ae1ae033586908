/** What a principal may do. No identity holds both agent and operator roles. */
export const roles = [
  'agent:read',
  'agent:propose',
  'operator:approve',
  'operator:kill',
  'risk:configure',
  'auditor:read',
] as const;
export type Role = (typeof roles)[number];

/** Whether a set of roles mixes the two sides of the counter, which is refused everywhere. */
export function isMixed(held: readonly Role[]): boolean {
  return (
    held.some((role) => role.startsWith('agent:')) &&
    held.some((role) => role.startsWith('operator:') || role === 'risk:configure')
  );
}
