import { z } from 'zod';
import { GatewayError } from '../domain/errors.ts';
import { canonicalHash } from '../domain/order/envelope.ts';
import { constraintsOf } from '../domain/order/constraints.ts';
import { OrderIntent } from '../domain/order/intent.ts';
import { tifOf } from '../domain/order/order-type.ts';
import { orderWarnings } from '../domain/order/warnings.ts';
import type { GateOutcome, StoredIntent } from '../store/port/ledger.ts';
import { operation, type OperationContext } from './operation.ts';
import { AutoApprovedShape, showAutoApproved } from './parts/auto-approval-view.ts';
import { proposal } from './parts/hints.ts';
import { nextStep } from './parts/next-step.ts';
import { resolveOrder } from './parts/order-input.ts';
import { showLinks } from './parts/order-output.ts';
import { proposers } from './parts/role-groups.ts';
import {
  instant,
  Links,
  showSimulation,
  showVerdict,
  SimulationShape,
  State,
  TermsShape,
  VerdictShape,
  Warnings,
} from './parts/shapes.ts';

const Input = OrderIntent.safeExtend({
  idempotencyKey: z
    .string()
    .regex(/^[\x21-\x7e]{8,128}$/, '8 to 128 printable ASCII characters without blanks')
    .describe(
      'Your own unique key for this order, 8 to 128 characters. Repeat a call with the same key after a timeout: it never ' +
        'makes a second order. In REST it is the Idempotency-Key header',
    ),
});

const Output = z.object({
  intentId: z.string(),
  state: State,
  terms: TermsShape,
  warnings: Warnings,
  verdict: VerdictShape.nullable(),
  simulation: SimulationShape.nullable(),
  approvalId: z.string().nullable(),
  envelopeHash: z.string().nullable(),
  expiresAt: instant.nullable().describe('Until when a human may decide'),
  autoApproved: z.boolean().describe('The policy has granted it: no human is waited for'),
  autoApproval: AutoApprovedShape,
  links: Links,
  next: z.string().describe('What to do now'),
});

/**
 * Proposes an order. Records the intent before anything else may fail, so that a repeated call with the same key
 * finds it; never approves, reserves or sends anything itself.
 */
export const requestApproval = operation({
  name: 'request_approval',
  title: 'Propose an order for approval',
  description:
    'Proposes one order: it is simulated and judged by the gate, and if no rule refuses, a human is asked. Returns at once ' +
    'with state AwaitingApproval (then call wait_for_decision), Approved (by a policy of the operator), Denied (next says ' +
    'which limit) or Halted. It never sends the order itself. Give an idempotencyKey of your own and repeat the same call after a timeout. Say in reason why, for the ' +
    'human who decides.',
  roles: proposers,
  effect: 'propose',
  http: { method: 'post', path: '/approval/request', status: 202, idempotent: true },
  mcp: proposal,
  input: Input,
  output: Output,
  async run(context, input) {
    const proposal = await record(context, input);
    return answer(context, proposal, await context.orders.propose(proposal.intentId));
  },
});

/** What was recorded: by this call, or by the first one with the same key. */
type Proposal = Pick<StoredIntent, 'intentId' | 'terms' | 'contract'>;

async function record(context: OperationContext, input: z.output<typeof Input>): Promise<Proposal> {
  const { principal } = context;
  if (principal === null) throw new GatewayError('UNAUTHENTICATED', 'A proposal needs a key.');
  const { idempotencyKey, ...body } = input;
  const { ledger } = context.store;
  const bodyHash = bodyHashOf(body);
  const resolved = await resolveProposal(context, body, async () => {
    const first = await ledger.intentByKey(principal.principalId, idempotencyKey);
    return first?.bodyHash === bodyHash ? first : null;
  });
  if ('proposedAt' in resolved) return resolved;
  const receipt = await ledger.recordIntent({
    ...resolved,
    proposer: principal.principalId,
    idempotencyKey,
    bodyHash,
    reason: input.reason,
    strategyTag: input.strategyTag ?? null,
    validForMs: input.validForSeconds === undefined ? null : input.validForSeconds * 1000,
    actor: context.actor,
  });
  if (receipt.kind === 'recorded') return resolved;
  // What money buys changes with the market: the first call's terms are what counts.
  const first = receipt.kind === 'same' ? await ledger.intent(receipt.intentId) : null;
  if (first !== null) return first;
  throw new GatewayError(
    'IDEMPOTENCY_KEY_REUSED',
    'This idempotencyKey was used for another order.',
    {
      hint: 'Use a new idempotencyKey for a new order; repeat the old body exactly to read its answer.',
      problems: [{ pointer: '/idempotencyKey', message: 'was used with another body' }],
    },
  );
}

/**
 * A new intent of the order as it resolves now. Where it does not resolve any more, a repetition of a call that was
 * recorded still finds that one: the market or the link may have changed since, the order has not.
 */
async function resolveProposal(
  context: OperationContext,
  body: Body,
  recorded: () => Promise<StoredIntent | null>,
): Promise<Proposal | StoredIntent> {
  try {
    const { terms, details } = await resolveOrder(context, body);
    return { intentId: context.newId.intent(), terms, contract: details.contract };
  } catch (failure) {
    const first = await recorded();
    if (first === null) throw failure;
    return first;
  }
}

type Body = Omit<z.output<typeof Input>, 'idempotencyKey'>;

/** As if the caller had said what it left out, and not what says nothing: a repetition may spell it otherwise. */
function bodyHashOf({ constraints: asked, ...body }: Body): string {
  const constraints = constraintsOf(asked);
  const meant = { ...body, tif: tifOf(body) };
  return canonicalHash(constraints === null ? meant : { ...meant, constraints });
}

function answer(
  context: OperationContext,
  { intentId, terms, contract }: Proposal,
  outcome: GateOutcome,
): z.input<typeof Output> {
  const order = { intentId, terms, warnings: [...orderWarnings(terms, contract)] };
  if (outcome.kind === 'awaiting') {
    const autoApproved = outcome.autoApproved ?? null;
    const state = autoApproved === null ? 'AwaitingApproval' : 'Approved';
    return {
      ...order,
      state,
      verdict: showVerdict(outcome.verdict),
      simulation: showSimulation(outcome.simulation),
      approvalId: outcome.approvalId,
      envelopeHash: outcome.envelopeHash,
      expiresAt: outcome.expiresAt,
      links: showLinks(context, intentId, outcome.approvalId),
      autoApproved: autoApproved !== null,
      autoApproval: showAutoApproved(autoApproved),
      next: nextStep(state),
    };
  }
  const verdict = outcome.kind === 'denied' ? outcome.verdict : null;
  const state = outcome.kind === 'denied' ? 'Denied' : 'Halted';
  return {
    ...order,
    state,
    verdict: verdict === null ? null : showVerdict(verdict),
    simulation: outcome.kind === 'denied' ? showSimulation(outcome.simulation) : null,
    approvalId: null,
    envelopeHash: null,
    expiresAt: null,
    autoApproved: false,
    autoApproval: null,
    links: showLinks(context, intentId, null),
    next: nextStep(state, verdict),
  };
}
