import type { ApprovalId, IntentId, PrincipalId } from '../ids.ts';
import type { Contract } from '../instrument/contract.ts';
import { dec, decimalText, type DecimalText } from '../money/decimal.ts';
import type { ApprovalEnvelope, PriceBand } from '../order/envelope.ts';
import type { OrderTerms } from '../order/intent.ts';
import type { Portfolio } from '../portfolio/portfolio.ts';
import { isKnown, type GateFacts } from '../risk/facts.ts';
import type { Verdict } from '../risk/rule.ts';
import type { Simulation } from '../simulate/simulation.ts';
import type { Instant } from '../time/instant.ts';

type SealInput = {
  readonly environment: ApprovalEnvelope['environment'];
  readonly approvalId: ApprovalId;
  readonly intentId: IntentId;
  readonly round: number;
  readonly terms: OrderTerms;
  readonly contract: Contract;
  readonly proposer: PrincipalId;
  readonly reason: string;
  readonly facts: GateFacts;
  readonly verdict: Verdict;
  readonly simulation: Simulation;
  readonly priceBand: PriceBand;
  readonly requiredApprovals: number;
  readonly expiresAt: Instant;
  readonly executeBy: Instant;
};

/**
 * Builds the envelope that a human countersigns. Only for a passed gate: quote and portfolio are known then, and
 * asking without them is a bug.
 */
export function sealEnvelope(input: SealInput): ApprovalEnvelope {
  const { facts, ...signed } = input;
  if (!isKnown(facts.quote) || !isKnown(facts.portfolio)) {
    throw new Error('seal: a passed gate has a quote and a portfolio');
  }
  const { bid, ask, last, kind, receivedAt } = facts.quote.value;
  return {
    version: 1,
    action: 'place',
    ...signed,
    whatIf: isKnown(facts.whatIf) ? facts.whatIf.value : null,
    quote: { bid, ask, last, kind, receivedAt },
    portfolioGeneration: facts.portfolio.value.generation,
    positionBefore: positionIn(facts.portfolio.value, input.terms.conId),
  };
}

/** The signed position in a contract, `"0"` where there is none. */
function positionIn(portfolio: Portfolio, conId: number): DecimalText {
  const held = portfolio.positions.filter((position) => position.conId === conId);
  return decimalText(held.reduce((sum, position) => sum.plus(dec(position.quantity)), dec('0')));
}
