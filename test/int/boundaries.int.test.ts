// Who may see and do what: two agents, one operator, both doors.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { mintAgentKey } from '../../src/operations/access/secrets.ts';
import { operations } from '../../src/operations/index.ts';
import { createPgStore } from '../../src/store/pg/store.ts';
import { callTool, connectMcp, connectMcpStdio, type McpSession } from '../support/mcp-client.ts';
import {
  calmMarket,
  ended,
  framesOf,
  grant,
  newKey,
  order,
  propose,
  trail,
  view,
  type Proposed,
} from '../support/orders.ts';
import { caller, startProduct, type Caller, type Product } from '../support/product.ts';

let product: Product;
let other: Caller;
let otherKey: string;
beforeAll(async () => {
  product = await startProduct();
  const minted = mintAgentKey();
  const store = await createPgStore({ databaseUrl: product.info.databaseUrl, poolSize: 2 });
  await store.identity.putAgentKey({
    name: 'another-agent',
    prefix: minted.prefix,
    digest: minted.digest,
    actor: { kind: 'system', id: 'test', channel: 'system' },
  });
  await store.close();
  otherKey = minted.key;
  other = caller(product.info.apiUrl, { authorization: `Bearer ${otherKey}` });
});
afterAll(() => product.stop());
beforeEach(() => calmMarket(product));

describe('two agents', () => {
  let mine: Proposed;
  beforeAll(async () => {
    await calmMarket(product);
    mine = await propose(product);
  });

  it('do not see each other’s requests, and cannot tell that they exist', async () => {
    for (const path of [`/requests/${mine.intentId}`, `/requests/${mine.intentId}/wait`]) {
      const foreign = await other.get(path);
      const unknown = await other.get(path.replace(mine.intentId, `int_${'0'.repeat(20)}`));
      expect(foreign.status).toBe(404);
      expect(unknown.status).toBe(404);
      expect(Object.keys(foreign.body).sort()).toEqual(Object.keys(unknown.body).sort());
    }
    const list = (await other.get('/requests')).body['requests'];
    expect(list).toEqual([]);
    expect((await product.agent.get('/requests')).body['requests']).toHaveLength(1);
  });

  it('nor over MCP', async () => {
    const session = await connectMcp(product, otherKey);
    const answer = await callTool(session, 'get_request', { intentId: mine.intentId });
    expect(answer).toMatchObject({ isError: true, output: { code: 'NOT_FOUND' } });
    const listed = await callTool(session, 'list_requests');
    expect(listed.output['requests']).toEqual([]);
    const taken = await callTool(session, 'withdraw_request', { intentId: mine.intentId });
    expect(taken).toMatchObject({ isError: true, output: { code: 'NOT_FOUND' } });
    await session.close();
  });

  it('cannot withdraw each other’s requests', async () => {
    const answer = await other.post(`/requests/${mine.intentId}/withdraw`);
    expect(answer.status).toBe(404);
    expect(await view(product, mine.intentId)).toMatchObject({ state: 'AwaitingApproval' });
  });

  it('may use the same idempotency key for orders of their own', async () => {
    const key = newKey();
    const [first, second] = await Promise.all([
      product.agent.post('/approval/request', order(), { 'idempotency-key': key }),
      other.post('/approval/request', order(), { 'idempotency-key': key }),
    ]);
    expect([first.status, second.status]).toEqual([202, 202]);
    expect(first.body['intentId']).not.toBe(second.body['intentId']);
  });
});

describe('an agent on the routes of operators', () => {
  const forOperators = operations.filter(
    ({ http, roles }) =>
      http !== null && roles.length > 0 && !roles.some((role) => role.startsWith('agent:')),
  );

  it('there are some', () => {
    expect(forOperators.length).toBeGreaterThanOrEqual(5);
  });

  it.each(forOperators.map((one) => [one.name, one] as const))('%s → 403', async (name, one) => {
    const { method = 'get', path = '' } = one.http ?? {};
    const filled = path.replaceAll(/\{\w+\}/g, `apr_${'0'.repeat(20)}`);
    const answer =
      method === 'get' ? await product.agent.get(filled) : await product.agent.post(filled, {});
    expect(answer.status).toBe(403);
    expect(answer.body).toMatchObject({ code: 'FORBIDDEN' });
    const [last] = (await trail(product, 'type=AccessRefused')).slice(-1);
    expect(last).toMatchObject({ actor: { kind: 'agent' }, payload: { operation: name } });
  });

  it('cannot grant its own request with everything it knows', async () => {
    const proposed = await propose(product);
    const answer = await product.agent.post(
      `/approval/${proposed.approvalId}/grant`,
      {},
      { 'if-match': `"${proposed.envelopeHash}"` },
    );
    expect(answer.status).toBe(403);
    expect(await view(product, proposed.intentId)).toMatchObject({ state: 'AwaitingApproval' });
    expect(await framesOf(product, proposed.intentId)).toBe(0);
  });

  it('and an operator cannot propose', async () => {
    const answer = await product.operator.post('/approval/request', order(), {
      'idempotency-key': newKey(),
    });
    expect(answer.status).toBe(403);
  });
});

describe('whoever shows no key, or a wrong one', () => {
  it.each([
    '',
    'Bearer nonsense',
    `Bearer csk_00000000_${'A'.repeat(43)}`,
    'Basic YWRtaW46YWRtaW4=',
  ])('%j opens nothing', async (authorization) => {
    const stranger = caller(product.info.apiUrl, authorization === '' ? {} : { authorization });
    for (const path of ['/requests', '/portfolio', '/approval/pending', '/audit']) {
      expect((await stranger.get(path)).status).toBe(401);
    }
    const overMcp = await fetch(product.info.mcpUrl, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(authorization === '' ? {} : { authorization }),
      },
      body: '{}',
    });
    expect(overMcp.status).toBe(401);
  });

  it('a session cookie without an Origin of ours changes nothing', async () => {
    const proposed = await propose(product);
    const answer = await product.operator.post(
      `/approval/${proposed.approvalId}/grant`,
      {},
      { 'if-match': `"${proposed.envelopeHash}"`, origin: 'https://evil.example' },
    );
    expect(answer.status).toBe(403);
    expect(await view(product, proposed.intentId)).toMatchObject({ state: 'AwaitingApproval' });
  });
});

describe.each([
  ['Streamable HTTP', () => connectMcp(product)],
  ['stdio', () => connectMcpStdio(product)],
] as const)('an agent over MCP, %s', (_transport, connect) => {
  let session: McpSession;
  beforeAll(async () => {
    session = await connect();
  });
  afterAll(() => session.close());

  it('has no tool that approves, sends, releases or configures', async () => {
    const { tools } = await session.client.listTools();
    const names = tools.map(({ name }) => name);
    expect(names).toContain('request_approval');
    expect(names).toContain('activate_kill_switch');
    const forbidden = /grant|approve_|deny|submit|release|configure|audit/;
    expect(names.filter((name) => forbidden.test(name))).toEqual([]);
  });

  it('looks, proposes, waits, and sees the fill', async () => {
    const quote = await callTool(session, 'market_snapshot', { symbol: 'AAPL' });
    expect(quote.output).toMatchObject({ ask: '190', kind: 'live' });
    const proposal = { ...order(), idempotencyKey: newKey('mcp') };
    const answer = await callTool(session, 'request_approval', proposal);
    expect(answer.isError).toBe(false);
    expect(answer.output).toMatchObject({ state: 'AwaitingApproval' });
    const again = await callTool(session, 'request_approval', proposal);
    expect(again.output).toEqual(answer.output);
    const intentId = String(answer.output['intentId']);
    const waiting = callTool(session, 'wait_for_decision', {
      intentId,
      until: 'terminal',
      timeoutSeconds: 30,
    });
    await grant(product, {
      approvalId: String(answer.output['approvalId']),
      envelopeHash: String(answer.output['envelopeHash']),
    });
    expect((await waiting).output).toMatchObject({ state: 'Filled', reached: true });
    expect(await ended(product, intentId)).toMatchObject({ state: 'Filled', averagePrice: '190' });
    expect(await framesOf(product, intentId)).toBe(1);
    const [proposed] = await trail(product, intentId);
    expect(proposed).toMatchObject({ type: 'OrderProposed', actor: { channel: 'mcp' } });
  });

  it('is told the rule, the value and the limit when the gate denies', async () => {
    const answer = await callTool(session, 'request_approval', {
      ...order({ quantity: '400', orderType: 'LMT', limitPrice: '190.00' }),
      idempotencyKey: newKey('mcp'),
    });
    expect(answer.isError).toBe(false);
    expect(answer.output).toMatchObject({ state: 'Denied' });
    expect(answer.output['next']).toMatch(/R1 .*76000.*limit 50000/);
  });
});
