import { describe, expect, it } from 'vitest';
import { approveCancel, cancelHash } from '../../../src/domain/approval/approved-cancel.ts';
import {
  approveModify,
  isModification,
  modifyHash,
} from '../../../src/domain/approval/approved-modify.ts';
import type { AccountId, DecisionId } from '../../../src/domain/ids.ts';
import { decimalText } from '../../../src/domain/money/decimal.ts';
import type { EnvelopeHash } from '../../../src/domain/order/envelope.ts';
import type { Instant } from '../../../src/domain/time/instant.ts';
import { approved, approvedCancel, approvedModify, limitBuy } from '../../support/test-broker.ts';

const foreignHash = `sha256:${'0'.repeat(64)}` as EnvelopeHash;
const late = '2999-01-01T00:00:00.000Z' as Instant;
const decisionIds = ['dcn_00000000000000000001' as DecisionId];

describe('a claim of a cancel', () => {
  const { envelope, claimedAt } = approvedCancel({});
  const whole = { envelope, signedHash: cancelHash(envelope), decisionIds, claimedAt };

  it('becomes a cancel that may leave, or a bug that says why not', () => {
    expect(approveCancel(whole)).toMatchObject({ envelope, envelopeHash: whole.signedHash });
    expect(() => approveCancel({ ...whole, signedHash: foreignHash })).toThrow(/signed/);
    expect(() => approveCancel({ ...whole, claimedAt: late })).toThrow(/later/);
    const strict = { ...envelope, requiredApprovals: 2 };
    const signedHash = cancelHash(strict);
    expect(() => approveCancel({ ...whole, envelope: strict, signedHash })).toThrow(/fewer/);
  });
});

describe('a claim of a modification', () => {
  const { envelope, claimedAt } = approvedModify(approved(1), { limitPrice: decimalText('151') });
  const whole = { envelope, signedHash: modifyHash(envelope), decisionIds, claimedAt };

  it('becomes a modification that may leave, or a bug that says why not', () => {
    expect(approveModify(whole)).toMatchObject({ envelope, envelopeHash: whole.signedHash });
    expect(() => approveModify({ ...whole, signedHash: foreignHash })).toThrow(/signed/);
    expect(() => approveModify({ ...whole, claimedAt: late })).toThrow(/later/);
    expect(() => approveModify({ ...whole, decisionIds: [] })).toThrow(/fewer/);
    const still = { ...envelope, after: envelope.before };
    const signedHash = modifyHash(still);
    expect(() => approveModify({ ...whole, envelope: still, signedHash })).toThrow(/nothing/);
  });

  it.each([
    ['price', { limitPrice: decimalText('151') }, true],
    ['size', { quantity: decimalText('4') }, true],
    ['time in force', { tif: 'GTC' as const }, true],
    ['nothing', {}, false],
    ['side', { side: 'SELL' as const }, false],
    ['account', { account: 'DU7654321' as AccountId }, false],
    ['instrument', { conId: 1 as never }, false],
    ['price and side', { limitPrice: decimalText('151'), side: 'SELL' as const }, false],
  ])('of %s: possible is %s %s', (_what, change, isPossible) => {
    expect(isModification(limitBuy, { ...limitBuy, ...change })).toBe(isPossible);
  });
});
