import { showAuditTrail } from '../audit-trail.ts';
import { expectSame, expectThat } from '../observe.ts';
import { neverSent, operatorSees, proposeForApproval, quote, type Chapter } from '../stage.ts';

const order = { symbol: 'AAPL', side: 'BUY', quantity: 1 } as const;
const validForSeconds = 5;

export const expire: Chapter = {
  name: 'expire',
  title: 'nobody decides in time',
  async play(stage) {
    const { agent, operator, report } = stage;
    const { limitPrice } = await quote(stage, order);
    const reason = 'the demo lets this request run out';
    const wish = { ...order, limitPrice, reason, validForSeconds };
    const startedAt = performance.now();
    const proposal = await proposeForApproval(stage, wish);
    const seen = await operatorSees(stage, wish, proposal);
    const heard = await agent.wait(proposal.intentId, 'decision');
    const waitedMs = performance.now() - startedAt;
    expectSame('wait_for_decision', heard.state, 'Expired');
    expectThat(
      'time until it expired',
      waitedMs >= validForSeconds * 1000,
      `at least ${validForSeconds} s`,
      `${waitedMs} ms`,
    );
    report.saw('agent', `hears ${heard.state} after ${(waitedMs / 1000).toFixed(1)} s`);
    const { approvalId, envelopeHash } = seen;
    const late = await operator.decide({ verb: 'grant', approvalId, envelopeHash });
    expectSame(
      'a grant that comes too late',
      [late.status, late.body.code],
      [409, 'APPROVAL_EXPIRED'],
    );
    report.saw('operator', `grants too late and is refused: ${late.status} ${late.body.code}`);
    await neverSent(stage, proposal.intentId);
    await showAuditTrail(operator, report, proposal.intentId, [
      'OrderProposed',
      'ApprovalRequested',
      'ApprovalExpired',
      'DecisionRefused',
    ]);
  },
};
