// The gate with a policy of its own, on a product of its own beside the running one: small limits and automatic
// approvals, which the files in config/ do not have. The prices of two shares are held still, so that the figures are
// the same every time.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { policyFile } from '../../test/support/policy-file.ts';
import { startProduct, type Product } from '../../test/support/product.ts';
import { connectAgent, type Agent, type Proposal, type Wish } from '../agent.ts';
import { expectSame, expectThat, lookUntil, present } from '../observe.ts';
import { checkout } from '../running-product.ts';
import type { Chapter } from '../stage.ts';
import type { Report } from '../report.ts';

const latchWithinMs = 30_000;

export const gate: Chapter = {
  name: 'gate',
  title: 'a denial with its nearest twin, an automatic approval, a latch and its release',
  async play({ report }) {
    const dir = mkdtempSync(join(tmpdir(), 'countersign-demo-'));
    report.saw(
      'operator',
      'runs a second product: R1 270 an order, R11 0.2 % drawdown, automatic up to 1000',
    );
    const risk = policyFile(limits);
    const product = await startProduct({
      ...bundled,
      RISK_POLICY_FILE: risk.file,
      AUTO_APPROVAL_POLICY_FILE: autoPolicyIn(dir),
    });
    const agent = await connectAgent(product.info.mcpUrl, product.agentKey);
    try {
      const world = { product, agent, report };
      await product.sim.setQuote('AAPL', { bid: '189.98', ask: '190.00', last: '189.99' });
      const twin = await denied(world);
      await approvedByPolicy(world, twin, 'proposes the twin');
      const latchId = await latched(world);
      await released(world, latchId);
    } finally {
      await agent.close();
      await product.stop();
      risk.remove();
      rmSync(dir, { recursive: true, force: true });
    }
  },
};

/** Nothing of what the running product may have been given: its servers are its own. */
const bundled = {
  DATABASE_URL: '',
  TEMPORAL_ADDRESS: '',
  IBKR_HOST: '',
  IBKR_PORT: '',
  BROKER: 'sim',
};

type World = { readonly product: Product; readonly agent: Agent; readonly report: Report };

/** What differs from the policy of dev. */
const limits = [
  [['version'], 'demo'],
  [['rules', 'max_notional', 'limit'], '270'],
  [['rules', 'daily_loss', 'limit'], '900000'],
  [['rules', 'drawdown', 'max_drawdown'], '0.002'],
  [['rules', 'drawdown', 'max_daily_loss'], '1'],
  [['rules', 'drawdown', 'max_weekly_loss'], '1'],
] as const;

/** The policy of dev for automatic approvals, switched on. */
function autoPolicyIn(dir: string): string {
  const source = join(checkout, 'config/environments/dev/auto_approval_policy.json');
  const policy = JSON.parse(readFileSync(source, 'utf8')) as Record<string, unknown>;
  const file = join(dir, 'auto_approval_policy.json');
  writeFileSync(file, JSON.stringify({ ...policy, version: 'demo', enabled: true }));
  return file;
}

const wishFor = (quantity: number, limitPrice: string): Wish => ({
  symbol: 'AAPL',
  side: 'BUY',
  quantity,
  limitPrice,
  reason: 'the demo shows what the gate answers',
});

/** Three shares are too many; the answer names what would pass. */
async function denied({ agent, report }: World): Promise<Wish> {
  const wish = wishFor(3, '190.00');
  const { state, verdict } = await agent.propose(wish);
  const { rules, nearest } = present('verdict', verdict);
  expectSame('state of the proposal', state, 'Denied');
  expectSame('rules that deny', refusing(rules), ['R1']);
  const found = present('nearest order that passes', nearest?.kind === 'found' ? nearest : null);
  expectSame('nearest order', [found.quantity, found.limitPrice], ['1', '190']);
  const r1 = rules.find(({ rule }) => rule === 'R1');
  report.saw('agent', `proposes BUY 3 AAPL LMT 190.00`);
  report.saw(
    'gate',
    `denies: R1 ${r1?.observed ?? ''} of ${r1?.limit ?? ''} allowed; nearest that passes: ${found.quantity} at ${found.limitPrice ?? ''}`,
  );
  return wishFor(Number(found.quantity), '190.00');
}

async function approvedByPolicy(
  { agent, product, report }: World,
  wish: Wish,
  what: string,
): Promise<Proposal> {
  const proposal = await agent.propose(wish);
  expectSame(`state of the twin (${proposal.next})`, proposal.state, 'Approved');
  const ended = await agent.wait(proposal.intentId, 'terminal');
  expectSame('end of the order', [ended.state, ended.filled], ['Filled', String(wish.quantity)]);
  const frames = await product.sim.frames(proposal.intentId);
  expectSame(
    'placeOrder frames at the exchange',
    frames.reduce((sum, { total, whatIf }) => sum + total - whatIf, 0),
    1,
  );
  report.saw('agent', `${what}: approved by the policy, no human asked; filled with one frame`);
  return proposal;
}

const Latches = z.object({
  latches: z.array(z.object({ latchId: z.string(), rule: z.string(), observed: z.string() })),
});

/** What is held loses value: the rule latches, new risk is denied, and an exit still passes. */
async function latched({ agent, product, report }: World): Promise<string> {
  await product.sim.setQuote('SPY', { bid: '400.00', ask: '400.02', last: '400.01' });
  report.saw('market', 'SPY, which the account holds, falls to 400 through the control port');
  // The broker tells what the account is worth with the next change of what is held.
  await agent.propose(wishFor(1, '190.01'));
  const latches = await lookUntil(
    async () => Latches.parse((await product.agent.get('/latches')).body).latches,
    (all) => all.some(({ rule }) => rule === 'R11'),
    latchWithinMs,
  );
  const latch = present(
    'latch of R11',
    latches.find(({ rule }) => rule === 'R11'),
  );
  report.saw('gate', `R11 has latched: ${latch.observed}`);
  const entry = await agent.propose(wishFor(1, '190.02'));
  expectSame('state of a new order', entry.state, 'Denied');
  expectSame('rules that deny', refusing(present('verdict', entry.verdict).rules), ['R11']);
  const exit = await agent.evaluate({ symbol: 'AAPL', side: 'SELL', quantity: 1 });
  expectSame('rules that deny an exit', refusing(exit.verdict.rules), []);
  report.saw('gate', 'denies new risk while it is latched; an exit would pass');
  return latch.latchId;
}

/** No tool of the agent releases it; the operator does, with a reason. */
async function released({ agent, product, report }: World, latchId: string): Promise<void> {
  const tools = await agent.toolNames();
  expectThat('tools', !tools.includes('release_latch'), 'none that releases a latch', tools);
  const path = `/latches/${latchId}/release`;
  const byAgent = await product.agent.post(path, { reason: 'an agent tries' });
  expectSame('release by the agent', byAgent.status, 403);
  const byOperator = await product.operator.post(path, { reason: 'the fall is understood' });
  expectSame('release by the operator', byOperator.status, 200);
  report.saw('operator', 'releases the latch with a reason; the agent was refused (403)');
  await approvedByPolicy(
    { agent, product, report },
    wishFor(1, '190.03'),
    'proposes again after the release',
  );
}

function refusing(rules: readonly { rule: string; outcome: string }[]): string[] {
  return rules
    .filter(({ outcome }) => outcome === 'deny' || outcome === 'cannot-evaluate')
    .map(({ rule }) => rule);
}
