import { describe, expect, it } from 'vitest';
import { createOrderActivities } from '../../src/activities/order-activities.ts';
import type { DecisionInput } from '../../src/store/port/ledger.ts';
import { newApprovalId, newIntentId } from '../support/ledger-fixtures.ts';

type Ports = Parameters<typeof createOrderActivities>[0];

function activities(signalsCount: boolean) {
  const recorded: DecisionInput[] = [];
  const ports = {
    signalsCount: () => signalsCount,
    ledger: {
      recordDecision: (decision: DecisionInput) => {
        recorded.push(decision);
        return Promise.resolve({ kind: 'recorded', status: 'granted' });
      },
    },
  } as unknown as Ports;
  return { ...createOrderActivities(ports), recorded };
}

const approvalId = newApprovalId();
const mail = { decision: 'grant', intentId: newIntentId(), signalIndex: 0 } as const;

describe('a signal that says "approve"', () => {
  it('counts where the policy says so, as a decision of the Temporal channel', async () => {
    const { recordSignalDecision, recorded } = activities(true);
    const receipt = await recordSignalDecision({ ...mail, signal: { approvalId } });
    expect(receipt).toEqual({ recorded: true, status: 'granted' });
    expect(recorded).toMatchObject([{ approvalId, channel: 'temporal', envelopeHash: null }]);
  });

  it('is nothing where the policy does not', async () => {
    const { recordSignalDecision, recorded } = activities(false);
    const receipt = await recordSignalDecision({ ...mail, signal: { approvalId } });
    expect(receipt).toEqual({ recorded: false, status: null });
    expect(recorded).toEqual([]);
  });

  it.each([null, 'apr_1', {}, { approvalId: 7 }, { approvalId: 'apr_; DROP' }])(
    'is nothing without an approval id: %j',
    async (signal) => {
      const { recordSignalDecision, recorded } = activities(true);
      await recordSignalDecision({ ...mail, signal: signal as never });
      expect(recorded).toEqual([]);
    },
  );

  it('makes the same row when it is worked on twice', async () => {
    const { recordSignalDecision, recorded } = activities(true);
    for (let n = 0; n < 2; n += 1) await recordSignalDecision({ ...mail, signal: { approvalId } });
    expect(recorded[0]?.decisionId).toBe(recorded[1]?.decisionId);
  });
});
