import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { WhatIf } from '../risk/facts.ts';
import type { Verdict } from '../risk/rule.ts';
import type { Simulation } from '../simulate/simulation.ts';
import type { Contract } from '../instrument/contract.ts';
import type { QuoteKind } from '../instrument/quote.ts';
import type { ApprovalId, IntentId, PrincipalId } from '../ids.ts';
import type { DecimalText } from '../money/decimal.ts';
import type { Instant } from '../time/instant.ts';
import type { OrderTerms } from './intent.ts';

/** `sha256:` + 64 lower-case hex digits. */
export type EnvelopeHash = string & { readonly __brand: 'EnvelopeHash' };

/** The prices between which the order may still be sent when it is claimed (bounds inclusive). */
export type PriceBand = { readonly low: DecimalText; readonly high: DecimalText };

/**
 * What a human countersigns: every term of the order and everything it was judged by. Decimals are texts, so
 * the canonical JSON (RFC 8785) and with it the hash are the same in every language.
 */
export type ApprovalEnvelope = {
  readonly version: 1;
  readonly environment: 'dev' | 'paper' | 'live';
  readonly action: 'place';
  readonly approvalId: ApprovalId;
  readonly intentId: IntentId;
  /** 1 for the first request, +1 for each re-ask after a breach. */
  readonly round: number;
  readonly terms: OrderTerms;
  readonly contract: Contract;
  readonly simulation: Simulation;
  readonly whatIf: WhatIf | null;
  readonly quote: {
    readonly bid: DecimalText | null;
    readonly ask: DecimalText | null;
    readonly last: DecimalText | null;
    readonly kind: QuoteKind;
    readonly receivedAt: Instant;
  };
  readonly priceBand: PriceBand;
  readonly portfolioGeneration: number;
  /** Signed position in the instrument when the request was made. */
  readonly positionBefore: DecimalText;
  readonly verdict: Verdict;
  readonly proposer: PrincipalId;
  readonly reason: string;
  readonly requiredApprovals: number;
  /** A decision counts until here … */
  readonly expiresAt: Instant;
  /** … and may be executed until here: an approval expires instead of firing late. */
  readonly executeBy: Instant;
};

/** SHA-256 over the RFC 8785 form of any JSON value, as `sha256:<hex>`. Throws on NaN, functions and the like. */
export function canonicalHash(value: unknown): string {
  const text = canonicalJson(value);
  return `sha256:${createHash('sha256').update(text, 'utf8').digest('hex')}`;
}

/** The RFC 8785 text of a JSON value. */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('the value has no JSON form');
  return text;
}

/** The hash that decisions are bound to. */
export function envelopeHash(envelope: ApprovalEnvelope): EnvelopeHash {
  return canonicalHash(envelope) as EnvelopeHash;
}
