import { showAuditTrail } from '../audit-trail.ts';
import { expectSame, expectThat, lookUntil } from '../observe.ts';
import type { AuditTrail } from '../operator-process.ts';
import {
  filledOnce,
  operatorSees,
  proposeForApproval,
  quote,
  time,
  type Chapter,
  type Stage,
} from '../stage.ts';

const order = { symbol: 'AAPL', side: 'BUY', quantity: 5 } as const;

export const fill: Chapter = {
  name: 'fill',
  title: 'a human countersigns, and the order fills',
  async play(stage) {
    const { agent, operator, report } = stage;
    const before = await lookAround(stage);
    const wish = {
      ...order,
      limitPrice: before.limitPrice,
      reason: 'the demo buys five shares to show the whole path',
    };
    const proposal = await proposeForApproval(stage, wish);
    const [heard] = await Promise.all([
      agent.wait(proposal.intentId, 'decision'),
      operatorSees(stage, wish, proposal).then(async ({ approvalId, envelopeHash }) => {
        const { status, body } = await operator.decide({ verb: 'grant', approvalId, envelopeHash });
        expectSame("answer to the operator's grant", [status, body.code], [200, undefined]);
        report.saw('operator', 'countersigns exactly this envelope');
      }),
    ]);
    expectThat('wait_for_decision', heard.reached === true, 'a decision', heard);
    const ended = await agent.wait(proposal.intentId, 'terminal');
    expectSame('state of the order over MCP', [ended.state, ended.filled], ['Filled', '5']);
    await filledOnce(stage, wish, proposal.intentId);
    await positionGrew(stage, before);
    const trail = await showAuditTrail(operator, report, proposal.intentId, expectedTrail);
    report.saw('order', lifecycle(trail));
  },
};

const expectedTrail = [
  'OrderProposed',
  'ApprovalRequested',
  'ApprovalGranted',
  'OrderClaimed',
  'OrderSent',
  'OrderFilled',
];

type Before = { account: string; conId: number; held: number; limitPrice: string };

async function lookAround(stage: Stage): Promise<Before> {
  const { agent, exchange, report } = stage;
  const tools = await agent.toolNames();
  expectSame(
    'MCP tools with which an agent could approve, release or send',
    tools.filter((name) => /grant|approve|deny|release|submit|configure/.test(name)),
    [],
  );
  const [{ account, netLiquidation, positions }, quoted] = await Promise.all([
    agent.portfolio(),
    quote(stage, order),
  ]);
  const held = Number(positions.find(({ conId }) => conId === quoted.conId)?.quantity ?? 0);
  expectSame('position over MCP', held, await exchange.position(account, quoted.conId));
  report.saw(
    'agent',
    `has ${tools.length} tools, none approves; reads ${account}: ${netLiquidation.amount} ${netLiquidation.currency}, ${held} AAPL; AAPL ${quoted.bid} / ${quoted.ask}`,
  );
  return { account, conId: quoted.conId, held, limitPrice: quoted.limitPrice };
}

async function positionGrew(
  { agent, exchange, report }: Stage,
  { account, conId, held }: Before,
): Promise<void> {
  const wanted = held + order.quantity;
  const read = async (): Promise<number> => {
    const { positions } = await agent.portfolio();
    return Number(positions.find((one) => one.conId === conId)?.quantity ?? 0);
  };
  expectSame('position over MCP', await lookUntil(read, (seen) => seen === wanted), wanted);
  expectSame(
    'position in the books of the exchange',
    await exchange.position(account, conId),
    wanted,
  );
  report.saw('position', `AAPL ${held} before, ${wanted} after, over MCP and at the exchange`);
}

const states: Readonly<Record<string, string>> = {
  OrderProposed: 'Proposed',
  ApprovalRequested: 'AwaitingApproval',
  ApprovalGranted: 'Approved',
  OrderClaimed: 'Submitting',
  OrderAcknowledged: 'Working',
  OrderPartiallyFilled: 'PartiallyFilled',
  OrderFilled: 'Filled',
};

function lifecycle(trail: AuditTrail): string {
  return trail
    .flatMap(({ event, at }) => {
      const state = states[event.type];
      return state === undefined ? [] : [`${state} ${time(at)}`];
    })
    .join(' → ');
}
