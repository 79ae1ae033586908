// The kill switch between the decision and the bytes. Barriers hold the gateway at the two points that matter.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { callTool, connectMcp, type McpSession } from '../support/mcp-client.ts';
import {
  allFrames,
  calmMarket,
  ended,
  framesOf,
  grant,
  order,
  propose,
  request,
  trail,
  until,
  view,
} from '../support/orders.ts';
import { caller, startProduct, type Product } from '../support/product.ts';

const barriers = mkdtempSync(join(tmpdir(), 'countersign-barriers-'));
let product: Product;
let mcp: McpSession;
beforeAll(async () => {
  product = await startProduct({ COUNTERSIGN_BARRIER_DIR: barriers });
  mcp = await connectMcp(product);
});
afterAll(async () => {
  await mcp.close();
  await product.stop();
  rmSync(barriers, { recursive: true, force: true });
});
beforeEach(() => calmMarket(product));
afterEach(async () => {
  letGo('submit.before-claim');
  letGo('submit.after-claim');
  await release();
});

function hold(point: string): void {
  rmSync(join(barriers, `${point}.reached`), { force: true });
  writeFileSync(join(barriers, `${point}.hold`), '');
}

function letGo(point: string): void {
  rmSync(join(barriers, `${point}.hold`), { force: true });
}

function reached(point: string): Promise<true> {
  return until(`${point} is reached`, () =>
    Promise.resolve(existsSync(join(barriers, `${point}.reached`)) ? true : null),
  );
}

const activate = () =>
  product.operator.post('/kill-switch/activate', { reason: 'a test of the kill switch' });
const release = () =>
  product.operator.post('/kill-switch/release', { reason: 'the test has seen enough' });
const status = async () => (await product.agent.get('/kill-switch/status')).body;

describe('activation after the grant', () => {
  it('before the claim: halted, and no byte leaves', async () => {
    hold('submit.before-claim');
    const proposed = await propose(product);
    expect((await grant(product, proposed)).status).toBe(200);
    await reached('submit.before-claim');
    const activated = await activate();
    expect(activated.status).toBe(200);
    expect(activated.body).toMatchObject({ state: 'active' });
    expect(await framesOf(product, proposed.intentId)).toBe(0);
    letGo('submit.before-claim');
    expect(await ended(product, proposed.intentId)).toMatchObject({ state: 'Halted' });
    expect(await framesOf(product, proposed.intentId)).toBe(0);
    const told = (await trail(product, proposed.intentId)).map(({ type }) => type);
    expect(told).toContain('OrderHalted');
    expect(told).not.toContain('OrderClaimed');
  });

  it('after the claim: activate returns only when the claim can no longer be written', async () => {
    hold('submit.after-claim');
    const proposed = await propose(product);
    await grant(product, proposed);
    await reached('submit.after-claim');
    const activated = await activate();
    expect(activated.body).toMatchObject({ state: 'active' });
    expect(await framesOf(product, proposed.intentId)).toBe(0);
    letGo('submit.after-claim');
    expect(await ended(product, proposed.intentId)).toMatchObject({ state: 'NotSent' });
    expect(await framesOf(product, proposed.intentId)).toBe(0);
    const told = (await trail(product, proposed.intentId)).map(({ type }) => type);
    expect(told).toContain('OrderClaimed');
    expect(told).toContain('OrderNotSent');
    expect(told).not.toContain('OrderSent');
  });

  it('while a claim is about to write: it may leave before activate returns, never after', async () => {
    hold('submit.after-claim');
    const proposed = await propose(product);
    await grant(product, proposed);
    await reached('submit.after-claim');
    const activating = activate();
    await until('it is active', async () => ((await status())['state'] === 'active' ? true : null));
    letGo('submit.after-claim');
    expect((await activating).status).toBe(200);
    const framesAtReturn = await framesOf(product, proposed.intentId);
    const done = await ended(product, proposed.intentId);
    expect(await framesOf(product, proposed.intentId)).toBe(framesAtReturn);
    expect(done['state']).toBe(framesAtReturn === 1 ? 'Filled' : 'NotSent');
  });
});

describe('a send that takes longer than the time to decide', () => {
  it('still leaves: the decision was in time, and the envelope says how long it may be executed', async () => {
    hold('submit.before-claim');
    const proposed = await propose(product, { validForSeconds: 5 });
    expect((await grant(product, proposed)).status).toBe(200);
    await reached('submit.before-claim');
    const expiresAt = Date.parse(String(proposed.body['expiresAt']));
    await until('the time to decide is over', () =>
      Promise.resolve(Date.now() > expiresAt + 100 ? true : null),
    );
    letGo('submit.before-claim');
    expect(await ended(product, proposed.intentId)).toMatchObject({ state: 'Filled' });
    expect(await framesOf(product, proposed.intentId)).toBe(1);
  });
});

describe('while it is active', () => {
  it('a proposal is answered Halted, a grant is refused, a denial is taken', async () => {
    const open = await propose(product);
    const other = await propose(product);
    await activate();
    const frames = await allFrames(product);
    const answer = await request(product.agent, order());
    expect(answer.status).toBe(202);
    expect(answer.body).toMatchObject({ state: 'Halted', approvalId: null });
    expect(answer.body['next']).toMatch(/kill switch/);
    const granted = await grant(product, open);
    expect(granted.status).toBe(409);
    expect(granted.body).toMatchObject({ code: 'TRADING_HALTED' });
    const denied = await product.operator.post(`/approval/${other.approvalId}/deny`, {
      reason: 'not while we are halted',
      envelopeHash: other.envelopeHash,
    });
    expect(denied.status).toBe(200);
    expect(await ended(product, other.intentId)).toMatchObject({ state: 'Declined' });
    expect(await allFrames(product)).toBe(frames);

    await release();
    expect(await view(product, String(answer.body['intentId']))).toMatchObject({ state: 'Halted' });
    expect((await grant(product, open)).status).toBe(200);
    expect(await ended(product, open.intentId)).toMatchObject({ state: 'Filled' });
  });

  it('an agent may activate it over MCP and may not release it by any door', async () => {
    const halted = await callTool(mcp, 'activate_kill_switch', { reason: 'prices look wrong' });
    expect(halted.isError).toBe(false);
    expect(halted.output).toMatchObject({ state: 'active', reason: 'prices look wrong' });
    const tools = await mcp.client.listTools();
    expect(tools.tools.map(({ name }) => name).filter((name) => /release/.test(name))).toEqual([]);
    const noTool = await callTool(mcp, 'release_kill_switch', { reason: 'all is well' });
    expect(noTool).toMatchObject({ isError: true, output: { code: 'NOT_FOUND' } });
    const refused = await product.agent.post('/kill-switch/release', { reason: 'all is well' });
    expect(refused.status).toBe(403);
    expect(refused.body).toMatchObject({ code: 'FORBIDDEN' });
    const [last] = (await trail(product, 'type=AccessRefused')).slice(-1);
    expect(last).toMatchObject({
      actor: { kind: 'agent' },
      payload: { operation: 'release_kill_switch', code: 'FORBIDDEN' },
    });
    expect(await status()).toMatchObject({ state: 'active' });

    const released = await release();
    expect(released.status).toBe(200);
    expect(released.body).toMatchObject({ state: 'released' });
    const proposed = await propose(product);
    await grant(product, proposed);
    expect(await ended(product, proposed.intentId)).toMatchObject({ state: 'Filled' });
  });

  it('release needs a reason', async () => {
    await activate();
    const answer = await product.operator.post('/kill-switch/release', {});
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ code: 'VALIDATION', errors: [{ pointer: '/reason' }] });
    expect(await status()).toMatchObject({ state: 'active' });
  });

  it('stays active over a kill -9 of api, gateway and worker', async () => {
    await activate();
    for (const name of ['api', 'gateway', 'worker']) {
      const pid = product.pidOf(name);
      process.kill(pid, 'SIGKILL');
      await until(`${name} runs again`, () => Promise.resolve(isAnother(name, pid) ? true : null));
    }
    await until('the doors are open again', async () => {
      const answer = await status().catch(() => null);
      return answer?.['state'] === 'active' ? answer : null;
    });
    const answer = await until('the gate answers again', async () => {
      const one = await request(product.agent, order()).catch(() => null);
      return one?.status === 202 ? one : null;
    });
    expect(answer.body).toMatchObject({ state: 'Halted' });
    expect((await release()).body).toMatchObject({ state: 'released' });
    const proposed = await until('trading works again', () => propose(product).catch(() => null));
    await grant(product, proposed);
    const done = await ended(product, proposed.intentId);
    expect(done).toMatchObject({ state: 'Filled' });
  });
});

function isAnother(name: string, pid: number): boolean {
  try {
    return product.pidOf(name) !== pid;
  } catch {
    return false; // not started again yet
  }
}

describe('without an identity', () => {
  it('nobody may touch it', async () => {
    const stranger = caller(product.info.apiUrl, {});
    expect((await stranger.get('/kill-switch/status')).status).toBe(401);
    expect((await stranger.post('/kill-switch/activate', { reason: 'for fun' })).status).toBe(401);
    expect(await status()).toMatchObject({ state: 'released' });
  });
});
