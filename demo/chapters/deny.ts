import { showAuditTrail } from '../audit-trail.ts';
import { expectSame, expectThat } from '../observe.ts';
import { neverSent, quote, type Chapter } from '../stage.ts';

const order = { symbol: 'AAPL', side: 'BUY', quantity: 1000 } as const;

export const deny: Chapter = {
  name: 'deny',
  title: 'the gate denies an order that is too large',
  async play(stage) {
    const { agent, operator, report } = stage;
    const { limitPrice } = await quote(stage, order);
    const reason = 'the demo asks for far too much on purpose';
    const denied = await agent.propose({ ...order, limitPrice, reason });
    expectSame('state of the order', denied.state, 'Denied');
    expectSame('approval id of a denied order', denied.approvalId, null);
    report.saw(
      'agent',
      `proposes BUY 1000 AAPL LMT ${limitPrice}: Denied at once, nobody is asked`,
    );
    const refusals = (denied.verdict?.rules ?? []).filter(({ outcome }) => outcome === 'deny');
    expectThat(
      'rules that refuse',
      refusals.some(({ rule }) => rule === 'R1'),
      'R1 among them',
      refusals,
    );
    for (const { rule, title, observed, limit, unit } of refusals) {
      expectThat(
        `${rule} of the verdict`,
        observed !== null && limit !== null && denied.next.includes(observed),
        'observed value and limit, also in the advice to the agent',
        { observed, limit, next: denied.next },
      );
      report.saw('gate', `${rule} ${title}: observed ${observed}, limit ${limit} (${unit})`);
    }
    const notional = Number(refusals.find(({ rule }) => rule === 'R1')?.observed);
    expectThat(
      'observed notional of R1',
      Math.abs(notional / (1000 * Number(limitPrice)) - 1) < 0.01,
      `1000 × ${limitPrice} within a percent`,
      notional,
    );
    await neverSent(stage, denied.intentId);
    await showAuditTrail(operator, report, denied.intentId, [
      'OrderProposed',
      'GateEvaluated',
      'OrderDenied',
    ]);
  },
};
