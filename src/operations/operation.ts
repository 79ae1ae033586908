import type { z } from 'zod';
import type { BrokerReads } from '../broker/port.ts';
import type { AutoApprovalPolicy } from '../domain/approval/policy/auto-policy.ts';
import type { Actor } from '../domain/audit/event.ts';
import type { ApprovalId, DecisionId, IntentId } from '../domain/ids.ts';
import type { Role } from '../domain/identity/role.ts';
import type { Principal } from '../domain/identity/principal.ts';
import type { GateEvaluation, GateOutcome } from '../store/port/ledger.ts';
import type { OrderTerms } from '../domain/order/intent.ts';
import type { GateFacts } from '../domain/risk/facts.ts';
import type { Budgets, RiskPolicy } from '../domain/risk/policy.ts';
import type { PolicyChange } from '../domain/risk/policy-changes.ts';
import type { Store } from '../store/port.ts';

/**
 * An operation is one thing that a user can do, as plain data: who may, what goes in, what comes out, how it is
 * reached, and what it does. REST, MCP, the CLI and the documents are registered over this list, so a thing
 * added once is everywhere, and "advertised" and "accepted" are the same schema.
 */
export type Operation<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> = {
  /** snake_case, at most 40 characters, verb first: also the MCP tool's name and the OpenAPI operation id. */
  readonly name: string;
  readonly title: string;
  /** For an agent and for the API page: what it does, when to use it, when not. */
  readonly description: string;
  /** Holding any one of these is enough. Empty = anybody, also without a key. */
  readonly roles: readonly Role[];
  readonly effect: 'read' | 'propose' | 'withdraw' | 'decide' | 'halt' | 'release' | 'configure';
  readonly http: {
    readonly method: 'get' | 'post';
    /** Below `/api/v1`; `{name}` parts are taken from the input. Query (get) or JSON body (post) give the rest. */
    readonly path: string;
    readonly status?: 200 | 202;
    /** `Idempotency-Key` header is required and becomes the input's `idempotencyKey`. */
    readonly idempotent?: boolean;
    /** Output field whose value is the ETag; `If-Match` then becomes the input's field of the same name. */
    readonly etagField?: string;
  } | null;
  readonly mcp: {
    readonly readOnlyHint: boolean;
    readonly destructiveHint: boolean;
    readonly idempotentHint: boolean;
    readonly openWorldHint: boolean;
  } | null;
  /** Strict object at the top level: what is advertised is exactly what is accepted. */
  readonly input: I;
  /** Also a whitelist: fields that it does not name never leave. */
  readonly output: O;
  // A method, so that operations of every input fit one list; `invoke` is the only caller and parses first.
  run(context: OperationContext, input: z.output<I>): Promise<z.input<O>>;
};

/** Typed identity function: infers the schemas of an operation. */
export function operation<I extends z.ZodType, O extends z.ZodType>(
  definition: Operation<I, O>,
): Operation<I, O> {
  return definition;
}

/** The order workflows as operations see them (implemented over the Temporal client). */
export type OrderWorkflows = {
  /** Starts `order-<intentId>` unless it runs or ran, and returns the gate's answer of its first round. */
  readonly propose: (intentId: IntentId) => Promise<GateOutcome>;
  /** Tells the workflow that a decision row waits. A lost message is repeated by the sweeper, so failure is reported, not thrown. */
  readonly decided: (
    intentId: IntentId,
    decision: 'grant' | 'deny',
    ids: { approvalId: ApprovalId; decisionId: DecisionId },
  ) => Promise<{ delivered: boolean }>;
  readonly withdrawn: (intentId: IntentId) => Promise<{ delivered: boolean }>;
};

/** The risk policy as shown to a reader. Limits are texts in the rule's unit. */
export type PolicyView = {
  readonly version: string;
  /** `sha256:` + 64 hex digits. */
  readonly hash: string;
  readonly requiredApprovals: number;
  readonly ttlSeconds: number;
  readonly quoteMaxAgeMs: number;
  /** Of all agents; `get_policy` shows an agent its own alone. */
  readonly budgets: Budgets;
  readonly rules: readonly {
    readonly rule: string;
    readonly slug: string;
    readonly title: string;
    readonly protects: string;
    readonly unit: string;
    readonly enabled: boolean;
    readonly limit: string;
    /** Answers of the rule on which the policy lets a human decide. */
    readonly mayReview: readonly ('deny' | 'cannot-evaluate')[];
  }[];
};

/** What a reload came to: `proposed` waits for a second person, `unchanged` is what is in force already. */
export type PolicyReloaded = {
  readonly outcome: 'active' | 'proposed' | 'unchanged';
  readonly hash: string;
  readonly version: string;
  readonly previousHash: string;
  readonly changes: readonly PolicyChange[];
};

/** Who asks, through what, and everything that an operation may reach. */
export type OperationContext = {
  /** Null only for operations that are open to anybody. */
  readonly principal: Principal | null;
  readonly actor: Actor;
  readonly requestId: string;
  readonly environment: 'dev' | 'paper' | 'live';
  readonly store: Store;
  readonly broker: BrokerReads & { readonly reconnect: () => Promise<void> };
  readonly orders: OrderWorkflows;
  /** Gate and simulator with the loaded policy; pure. */
  readonly evaluate: (terms: OrderTerms, facts: GateFacts) => GateEvaluation;
  /** Reads the policy file anew and puts it in force, or proposes that. */
  readonly reloadPolicy: (expectedHash: string | null, actor: Actor) => Promise<PolicyReloaded>;
  /** The limits in force, for people and agents to read. */
  readonly policy: PolicyView;
  /** The same limits as figures, as they are now. */
  readonly limitsInForce: () => RiskPolicy;
  /** What may be approved without a human, for people to read. */
  readonly autoApproval: AutoApprovalPolicy;
  /** Whether the workflow engine answers. Never throws. */
  readonly engineHealthy: () => Promise<boolean>;
  readonly links: {
    readonly approval: (approvalId: ApprovalId) => string;
    readonly temporal: (intentId: IntentId) => string | null;
  };
  readonly newId: { readonly intent: () => IntentId; readonly decision: () => DecisionId };
  /** Aborted when the caller has gone; never cancels an order. */
  readonly signal: AbortSignal;
};
