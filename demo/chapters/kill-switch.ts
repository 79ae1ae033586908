import { showAuditTrail } from '../audit-trail.ts';
import { expectSame } from '../observe.ts';
import {
  neverSent,
  operatorSees,
  proposeForApproval,
  quote,
  type Chapter,
  type Stage,
} from '../stage.ts';

const order = { symbol: 'AAPL', side: 'BUY', quantity: 4 } as const;
const why = 'the demo shows that an agent may always stop trading';

export const killSwitch: Chapter = {
  name: 'kill-switch',
  title: 'the agent halts trading, only the operator resumes it',
  async play(stage) {
    const { limitPrice } = await quote(stage, order);
    const wish = { ...order, limitPrice, reason: 'the demo halts trading while this waits' };
    const proposal = await proposeForApproval(stage, wish);
    const seen = await operatorSees(stage, wish, proposal);
    const { state } = await stage.agent.halt(why);
    try {
      expectSame('activate_kill_switch', state, 'active');
      stage.report.saw('agent', 'activates the kill switch over MCP');
      await nothingPasses(stage, seen);
    } finally {
      await release(stage);
    }
    const withdrawn = await stage.agent.withdraw(proposal.intentId);
    expectSame('withdraw_request', withdrawn.state, 'Withdrawn');
    stage.report.saw('agent', 'withdraws the request that had been waiting');
    await neverSent(stage, proposal.intentId);
    await showAuditTrail(stage.operator, stage.report, proposal.intentId, [
      'OrderProposed',
      'ApprovalRequested',
      'DecisionRefused',
      'ApprovalWithdrawn',
    ]);
  },
};

async function nothingPasses(
  stage: Stage,
  { approvalId, envelopeHash }: { approvalId: string; envelopeHash: string },
): Promise<void> {
  const { agent, operator, report } = stage;
  const grant = await operator.decide({ verb: 'grant', approvalId, envelopeHash });
  expectSame('a grant while halted', grant.body.code, 'TRADING_HALTED');
  report.saw('operator', `grants all the same and is refused: ${grant.status} ${grant.body.code}`);
  const other = { ...order, quantity: 6 } as const;
  const { limitPrice } = await quote(stage, other);
  const halted = await agent.propose({ ...other, limitPrice, reason: 'the demo tries it anyway' });
  expectSame('a proposal while halted', halted.state, 'Halted');
  report.saw('agent', `proposes another order: ${halted.state}`);
  await neverSent(stage, halted.intentId);
}

async function release({ agent, operator, report }: Stage): Promise<void> {
  const released = await operator.release('the demo is done with the kill switch');
  expectSame(
    "answer to the operator's release",
    [released.status, released.body.state],
    [200, 'released'],
  );
  expectSame('kill_switch_status over MCP', (await agent.haltStatus()).state, 'released');
  report.saw('operator', 'releases the kill switch; no MCP tool could have done that');
}
