// `npm run histories`: drives the product through every way an order can go and writes the Temporal history of
// each, or each that is named, into test/replay/histories, for the replay test. Run it when the lifecycle has got a new shape.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { resolveTemporalCli } from '../../src/embedded/temporal.ts';
import {
  calmMarket,
  deny,
  ended,
  grant,
  inState,
  order,
  propose,
  request,
  shownApproval,
  until,
  view,
} from '../support/orders.ts';
import { startProduct } from '../support/product.ts';
import { resolveCacheDir } from '../../tools/setup/dirs.mjs';

const target = new URL('./histories/', import.meta.url);
const barriers = mkdtempSync(join(tmpdir(), 'countersign-histories-'));
const run = promisify(execFile);

/** Each makes one order go one way, to its end, and returns its intent id. */
const ways = {
  async filled(product) {
    const proposed = await propose(product);
    await grant(product, proposed);
    return proposed.intentId;
  },
  async 'approved-by-policy'(product) {
    await product.sim.setQuote('MSFT', { bid: '419.98', ask: '420.00', last: '419.99' });
    const { body } = await request(product.agent, order({ instrument: { symbol: 'MSFT' } }));
    return String(body['intentId']);
  },
  async 'filled-in-parts'(product) {
    await product.sim.setFillPolicy({ mode: 'manual' });
    const proposed = await propose(product, { quantity: '50' });
    await grant(product, proposed);
    await inState(product, proposed.intentId, 'Working');
    const [{ permId }] = await product.sim.orders({ orderRef: proposed.intentId });
    await product.sim.fill(permId, { shares: 20 });
    await inState(product, proposed.intentId, 'PartiallyFilled');
    await product.sim.fill(permId, { shares: 30 });
    return proposed.intentId;
  },
  async 'cancelled-at-the-broker'(product) {
    await product.sim.setFillPolicy({ mode: 'manual' });
    const proposed = await propose(product, { orderType: 'LMT', limitPrice: '190.00' });
    await grant(product, proposed);
    await inState(product, proposed.intentId, 'Working');
    const [{ permId }] = await product.sim.orders({ orderRef: proposed.intentId });
    await product.sim.cancel(permId, 'by hand');
    return proposed.intentId;
  },
  async rejected(product) {
    await product.sim.armFault({ kind: 'reject' });
    const proposed = await propose(product);
    await grant(product, proposed);
    return proposed.intentId;
  },
  async denied(product) {
    const { body } = await request(product.agent, order({ quantity: '400' }));
    return body.intentId;
  },
  async declined(product) {
    const proposed = await propose(product);
    await deny(product, proposed, 'not today');
    return proposed.intentId;
  },
  async expired(product) {
    return (await propose(product, { validForSeconds: 5 })).intentId;
  },
  async withdrawn(product) {
    const { intentId } = await propose(product);
    await product.agent.post(`/requests/${intentId}/withdraw`);
    return intentId;
  },
  async 'stale-then-filled'(product) {
    const first = await propose(product);
    await product.sim.setQuote('AAPL', { bid: '195.00', ask: '195.02', last: '195.01' });
    await until('the new price is seen', async () => {
      const { body } = await product.agent.get('/market/snapshot?symbol=AAPL');
      return body.ask === '195.02' ? true : null;
    });
    await grant(product, first);
    const second = await until('a second round', async () => {
      const shown = await view(product, first.intentId);
      return shown.state === 'AwaitingApproval' && shown.round === 2 ? shown : null;
    });
    await grant(product, shownApproval(second));
    return first.intentId;
  },
  async 'granted-by-signal'(product, client) {
    const { intentId, approvalId } = await propose(product);
    const handle = client.workflow.getHandle(`order-${intentId}`);
    await handle.signal('approve', 'nonsense');
    await handle.signal('approve', { approvalId });
    return intentId;
  },
  async 'granted-without-a-row'(product, client) {
    const { intentId, approvalId } = await propose(product);
    const handle = client.workflow.getHandle(`order-${intentId}`);
    await handle.executeUpdate('grant', { args: [{ approvalId, decisionId: 'none' }] });
    await handle.signal('deny', { approvalId, reason: 'nobody signed' });
    return intentId;
  },
  async 'swallowed-not-sent'(product) {
    await product.sim.armFault({ kind: 'swallow' });
    const proposed = await propose(product);
    await grant(product, proposed);
    return proposed.intentId;
  },
  async 'found-by-asking'(product) {
    await product.sim.armFault({ kind: 'lost-acks' });
    const proposed = await propose(product);
    await grant(product, proposed);
    return proposed.intentId;
  },
  async 'halted-at-the-claim'(product) {
    const point = join(barriers, 'submit.before-claim');
    writeFileSync(`${point}.hold`, '');
    const proposed = await propose(product);
    await grant(product, proposed);
    await until('the barrier is reached', async () =>
      existsSync(`${point}.reached`) ? true : null,
    );
    await product.operator.post('/kill-switch/activate', { reason: 'a history' });
    rmSync(`${point}.hold`);
    return proposed.intentId;
  },
  async 'halted-at-the-gate'(product) {
    const { body } = await request(product.agent, order());
    return body.intentId;
  },
};

async function historyOf(product, cli, intentId) {
  const { temporalAddress, temporalNamespace } = product.info;
  const { stdout } = await run(
    cli,
    [
      ...['workflow', 'show', '--workflow-id', `order-${intentId}`, '--output', 'json'],
      ...['--address', temporalAddress, '--namespace', temporalNamespace],
    ],
    { maxBuffer: 64 * 1024 * 1024 },
  );
  // Which process of which machine worked on it (`123@name`) is no part of a replay.
  const anonymous = (text) => text.replace(/^\d+@[^-]+/, 'recorded');
  return JSON.parse(stdout, (_key, value) =>
    typeof value === 'string' ? anonymous(value) : value,
  );
}

/** Approves MSFT, which no other way orders. */
const autoApproval = join(barriers, 'auto-approval.json');
const categories = {
  symbols: { allow: [{ con_id: 272093, name: 'MSFT' }], deny: [] },
  ...{ security_types: 'off', time_windows: 'off', order_types: 'off' },
  ...{ dca_schedules: 'off', position_share: 'off' },
};
writeFileSync(
  autoApproval,
  JSON.stringify({
    ...{ version: 'histories', enabled: true, environments: ['dev'], threshold: '5000' },
    ...{ cumulative: { limit: '5000', time_zone: 'UTC' }, categories },
  }),
);
const wanted = process.argv.slice(2);
const product = await startProduct({
  COUNTERSIGN_BARRIER_DIR: barriers,
  AUTO_APPROVAL_POLICY_FILE: autoApproval,
});
const connection = await Connection.connect({ address: product.info.temporalAddress });
try {
  const client = new Client({ connection, namespace: product.info.temporalNamespace });
  const cli = await resolveTemporalCli(resolveCacheDir().dir);
  mkdirSync(target, { recursive: true });
  for (const [name, goes] of Object.entries(ways)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    await calmMarket(product);
    const intentId = await goes(product, client);
    const { state } = await ended(product, intentId);
    await client.workflow.getHandle(`order-${intentId}`).result();
    const history = await historyOf(product, cli, intentId);
    writeFileSync(new URL(`${name}.json`, target), `${JSON.stringify(history)}\n`);
    console.log(`${name}: ${state}, ${history.events.length} events`);
  }
} finally {
  await connection.close();
  await product.stop();
  rmSync(barriers, { recursive: true, force: true });
}
