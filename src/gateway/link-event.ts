import type { AuditEventType, NewAuditEvent } from '../domain/audit/event.ts';
import type { LinkState } from '../domain/risk/facts.ts';

const types = {
  ready: 'BrokerConnected',
  degraded: 'BrokerDegraded',
  connecting: 'BrokerDisconnected',
  down: 'BrokerDisconnected',
} as const satisfies Record<LinkState['state'], AuditEventType>;

/** The audit event of a change of the broker link. */
export function linkEvent(link: LinkState): NewAuditEvent {
  return {
    type: types[link.state],
    version: 1,
    actor: { kind: 'system', id: 'gateway', channel: 'gateway' },
    correlationId: 'broker-link',
    intentId: null,
    payload: {
      state: link.state,
      since: link.since,
      reason: link.reason,
      detail: link.detail,
    },
  };
}
