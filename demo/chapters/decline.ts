import { showAuditTrail } from '../audit-trail.ts';
import { expectSame } from '../observe.ts';
import { neverSent, operatorSees, proposeForApproval, quote, type Chapter } from '../stage.ts';

const order = { symbol: 'AAPL', side: 'BUY', quantity: 3 } as const;
const why = 'not before the earnings call';

export const decline: Chapter = {
  name: 'decline',
  title: 'a human says no, and the agent hears why',
  async play(stage) {
    const { agent, operator, report } = stage;
    const { limitPrice } = await quote(stage, order);
    const wish = { ...order, limitPrice, reason: 'the demo expects a human to say no' };
    const proposal = await proposeForApproval(stage, wish);
    const [heard] = await Promise.all([
      agent.wait(proposal.intentId, 'decision'),
      operatorSees(stage, wish, proposal).then(async ({ approvalId, envelopeHash }) => {
        const decision = { verb: 'deny', approvalId, envelopeHash, reason: why } as const;
        const { status } = await operator.decide(decision);
        expectSame("answer to the operator's refusal", status, 200);
        report.saw('operator', `declines: “${why}”`);
      }),
    ]);
    expectSame('wait_for_decision', [heard.state, heard.declineReason], ['Declined', why]);
    report.saw('agent', `hears ${heard.state}: “${heard.declineReason}”`);
    await neverSent(stage, proposal.intentId);
    await showAuditTrail(operator, report, proposal.intentId, [
      'OrderProposed',
      'ApprovalRequested',
      'ApprovalDeclined',
    ]);
  },
};
