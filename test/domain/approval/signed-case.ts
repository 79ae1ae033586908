import { findBreaches, type Breach } from '../../../src/domain/approval/breaches.ts';
import type { ApprovalId, IntentId, PrincipalId } from '../../../src/domain/ids.ts';
import type { ApprovalEnvelope } from '../../../src/domain/order/envelope.ts';
import { evaluateGate } from '../../../src/domain/risk/evaluate.ts';
import { gateCase, quote, secondsAgo, type Change } from '../gate-facts.ts';

/** What was signed over a case. */
export function sign(change: Change = {}): ApprovalEnvelope {
  const { terms, facts, policy } = gateCase(change);
  const { verdict, simulation, priceBand } = evaluateGate(terms, facts, policy);
  if ('missing' in facts.contract || 'missing' in simulation) throw new Error('not signable');
  return {
    version: 1,
    environment: 'dev',
    action: 'place',
    approvalId: 'apr_1' as ApprovalId,
    intentId: 'int_1' as IntentId,
    round: 1,
    terms,
    contract: facts.contract.value.contract,
    simulation,
    whatIf: null,
    quote: {
      bid: quote.bid,
      ask: quote.ask,
      last: quote.last,
      kind: quote.kind,
      receivedAt: quote.receivedAt,
    },
    priceBand,
    portfolioGeneration: 7,
    positionBefore: simulation.positionBefore,
    verdict,
    proposer: 'agt_1' as PrincipalId,
    reason: 'because it is a test',
    requiredApprovals: 1,
    expiresAt: secondsAgo(-300),
    executeBy: secondsAgo(-330),
  };
}

/** The breaches between what was signed and what is. */
export function breachesOf(fresh: Change = {}, envelope = sign()): readonly Breach[] {
  const { terms, facts, policy } = gateCase(fresh);
  const { verdict } = evaluateGate(terms, facts, policy);
  return findBreaches(envelope, facts, verdict, policy);
}
