import { randomUUID } from 'node:crypto';
import type { Settings } from '../config/env.ts';
import type { AuditEventType, NewAuditEvent } from '../domain/audit/event.ts';
import type { Store } from '../store/port.ts';
import { ownVersion } from './own-version.ts';
import { policyInForce, type PolicyInForce } from './policy-in-force.ts';

export type ProcessName = 'api' | 'gateway' | 'mcp' | 'mcp-stdio' | 'worker';

/**
 * The store of a process that the audit trail knows of: `SystemStarted` and `PolicyLoaded` are written now,
 * `SystemStopped` when it is closed. A start without a stop is a crash; the store is closed even if the stop could
 * not be written.
 */
export async function presentIn(
  store: Store,
  process: ProcessName,
  settings: Settings,
): Promise<{ readonly store: Store; readonly policy: PolicyInForce }> {
  const policy = await policyInForce(store.policies, settings, process).catch(
    async (failure: unknown) => {
      await store.close();
      throw failure;
    },
  );
  const correlationId = `run_${randomUUID()}`;
  const event = (type: AuditEventType, payload: NewAuditEvent['payload']): NewAuditEvent => ({
    type,
    version: 1,
    actor: { kind: 'system', id: process, channel: 'system' },
    correlationId,
    intentId: null,
    payload,
  });
  const { version, hash } = policy.current();
  await store.audit.append([
    event('SystemStarted', { environment: settings.ENV, version: ownVersion() }),
    event('PolicyLoaded', { version, hash }),
  ]);
  const close = async (): Promise<void> => {
    policy.stop();
    try {
      await store.audit.append([event('SystemStopped', {})]);
    } finally {
      await store.close();
    }
  };
  return { store: { ...store, close }, policy };
}
