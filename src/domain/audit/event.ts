import type { Instant } from '../time/instant.ts';

/**
 * The closed list of audit event types. Adding one is a row here and an emission; the version of a payload's
 * shape is part of the event, so old events stay readable.
 */
export const auditEventTypes = [
  'SystemStarted',
  'SystemStopped',
  'PolicyLoaded',
  'PolicyProposed',
  'PolicyReloaded',
  'BrokerConnected',
  'BrokerDisconnected',
  'BrokerDegraded',
  'OrderProposed',
  'GateEvaluated',
  'OrderDenied',
  'ApprovalRequested',
  'ApprovalGranted',
  'AutoApprovalGranted',
  'ApprovalDeclined',
  'ApprovalExpired',
  'ApprovalWithdrawn',
  'ApprovalStale',
  'DecisionRefused',
  'OrderHalted',
  'OrderClaimed',
  'OrderSent',
  'OrderAcknowledged',
  'OrderPartiallyFilled',
  'OrderFilled',
  'OrderCancelled',
  'OrderRejected',
  'OrderDeactivated',
  'OrderUnconfirmed',
  'OrderNotSent',
  'CommissionReported',
  'ExternalOrderSeen',
  'KillSwitchActivated',
  'KillSwitchReleased',
  'RiskLatched',
  'LatchReleased',
  'IncidentOpened',
  'AccessRefused',
  'AgentKeyCreated',
  'LoginLinkCreated',
  'OperatorLoggedIn',
  'OperatorLoggedOut',
  'ToolCalled',
] as const;
export type AuditEventType = (typeof auditEventTypes)[number];

/** Who did it and through what. */
export type Actor = {
  readonly kind: 'human' | 'agent' | 'system';
  /** Principal id, or the process name for `system`. */
  readonly id: string;
  readonly channel: 'http' | 'mcp' | 'cli' | 'temporal' | 'gateway' | 'worker' | 'system';
};

/** An event before it is chained. `payload` is plain JSON with decimals as text. */
export type NewAuditEvent = {
  readonly type: AuditEventType;
  readonly version: 1;
  readonly actor: Actor;
  /** Ties everything that one request caused together; the intent id where there is one. */
  readonly correlationId: string;
  readonly intentId: string | null;
  readonly payload: Readonly<Record<string, unknown>>;
};

/**
 * One link of the chain. `hash` = SHA-256 hex over the UTF-8 text `previousHash \n seq \n at \n body`, where
 * `body` is the RFC 8785 text of the `NewAuditEvent`. The first event's previous hash is 64 zeros; `seq` has no gaps
 * and starts at 1.
 */
export type AuditEvent = {
  readonly seq: number;
  readonly at: Instant;
  readonly body: string;
  readonly previousHash: string;
  readonly hash: string;
  /** What the store keeps beside the body to search by; present when read from there, checked by the verifier. */
  readonly columns?: AuditColumns;
};

/** Copies of fields of the body. */
export type AuditColumns = {
  readonly type: string;
  readonly correlationId: string;
  readonly intentId: string | null;
  readonly actorKind: string;
  readonly actorId: string;
  readonly actorChannel: string;
};
