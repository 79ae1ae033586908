import { showAuditTrail } from '../audit-trail.ts';
import { expectSame, lookUntil } from '../observe.ts';
import { filledOnce, operatorSees, proposeForApproval, quote, type Chapter } from '../stage.ts';

const order = { symbol: 'MSFT', side: 'BUY', quantity: 2 } as const;

export const signal: Chapter = {
  name: 'signal',
  title: 'a grant by Temporal signal, from the temporal CLI',
  async play(stage) {
    const { agent, operator, temporal, report } = stage;
    const { limitPrice } = await quote(stage, order);
    const wish = { ...order, limitPrice, reason: 'the demo is granted by a Temporal signal' };
    const proposal = await proposeForApproval(stage, wish);
    const { approvalId } = await operatorSees(stage, wish, proposal);
    const workflowId = `order-${proposal.intentId}`;
    expectSame('workflow that waits', await temporal.describe(workflowId), {
      status: 'WORKFLOW_EXECUTION_STATUS_RUNNING',
      state: null,
    });
    await temporal.signal(workflowId, 'approve', { approvalId });
    report.saw(
      'temporal',
      `temporal workflow signal --workflow-id ${workflowId} --name approve --input '{"approvalId":"${approvalId}"}'`,
    );
    const ended = await agent.wait(proposal.intentId, 'terminal');
    expectSame('state of the order over MCP', [ended.state, ended.filled], ['Filled', '2']);
    await filledOnce(stage, wish, proposal.intentId);
    const workflow = await lookUntil(
      () => temporal.describe(workflowId),
      ({ status }) => status !== 'WORKFLOW_EXECUTION_STATUS_RUNNING',
    );
    expectSame('workflow at the end', workflow, {
      status: 'WORKFLOW_EXECUTION_STATUS_COMPLETED',
      state: 'Filled',
    });
    report.saw('temporal', 'temporal workflow describe: completed, result state Filled');
    const trail = await showAuditTrail(operator, report, proposal.intentId, [
      'OrderProposed',
      'ApprovalRequested',
      'ApprovalGranted',
      'OrderSent',
      'OrderFilled',
    ]);
    const granted = trail.find(({ event }) => event.type === 'ApprovalGranted');
    expectSame('channel of the grant in the trail', granted?.event.actor.channel, 'temporal');
    report.saw('audit', 'names the channel of the grant: temporal (counts in dev and paper only)');
  },
};
