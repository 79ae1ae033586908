// Bad input against the real product, over both doors: one clear error each, nothing half-written, never a 500.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { callTool, connectMcp, type McpSession } from '../support/mcp-client.ts';
import {
  allFrames,
  calmMarket,
  countIntents,
  grant,
  newKey,
  order,
  propose,
  request,
  type Body,
} from '../support/orders.ts';
import { startProduct, type Answer, type Product } from '../support/product.ts';

let product: Product;
let mcp: McpSession;
beforeAll(async () => {
  product = await startProduct();
  mcp = await connectMcp(product);
});
afterAll(async () => {
  await mcp.close();
  await product.stop();
});

let intents = 0;
let frames = 0;
beforeEach(async () => {
  await calmMarket(product);
  intents = await countIntents(product);
  frames = await allFrames(product);
});
afterEach(async () => {
  expect(await countIntents(product)).toBe(intents);
  expect(await allFrames(product)).toBe(frames);
});

/** One clear error: code, field, and what to do next. */
function clear(answer: Answer, status: number, code: string, pointer: string): void {
  expect(answer.status).toBe(status);
  expect(answer.body).toMatchObject({ status, code });
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(answer.body['hint']).toEqual(expect.stringMatching(/\w{3}/));
  const errors = answer.body['errors'] as { pointer: string }[];
  expect(errors.map((one) => one.pointer)).toContain(pointer);
}

const NUL = String.fromCharCode(0);
const limitOrder = { orderType: 'LMT', limitPrice: '190.00' };

type Sample = readonly [what: string, change: Body, code: string, pointer: string];
const samples: readonly Sample[] = [
  ['an unknown field', { notional: '1000' }, 'VALIDATION', '/notional'],
  ['a fact from the caller', { price: '1' }, 'VALIDATION', '/price'],
  ['a missing side', { side: undefined }, 'VALIDATION', '/side'],
  ['a quantity of a wrong type', { quantity: true }, 'VALIDATION', '/quantity'],
  ['a list', { quantity: ['5'] }, 'VALIDATION', '/quantity'],
  ['an object', { side: {} }, 'VALIDATION', '/side'],
  ['NaN as text', { quantity: 'NaN' }, 'VALIDATION', '/quantity'],
  ['Infinity as text', { quantity: 'Infinity' }, 'VALIDATION', '/quantity'],
  ['an exponent', { quantity: '1e9' }, 'VALIDATION', '/quantity'],
  ['a negative quantity', { quantity: '-5' }, 'VALIDATION', '/quantity'],
  ['zero', { quantity: 0 }, 'VALIDATION', '/quantity'],
  ['a quantity beyond any number', { quantity: 1e300 }, 'VALIDATION', '/quantity'],
  ['a fraction of a share', { quantity: '1.5' }, 'QUANTITY_OFF_LOT', '/quantity'],
  [
    'a price off the tick',
    { ...limitOrder, limitPrice: '190.005' },
    'PRICE_OFF_TICK',
    '/limitPrice',
  ],
  ['a negative price', { ...limitOrder, limitPrice: '-1' }, 'VALIDATION', '/limitPrice'],
  ['LMT without a price', { orderType: 'LMT' }, 'VALIDATION', '/limitPrice'],
  ['MKT with a price', { limitPrice: '190.00' }, 'VALIDATION', '/limitPrice'],
  ['an order type that is not sold', { orderType: 'PEG MID' }, 'VALIDATION', '/orderType'],
  ['an unknown symbol', { instrument: { symbol: 'NOPE' } }, 'INSTRUMENT_UNKNOWN', '/instrument'],
  ['an unknown conId', { instrument: { conId: 1 } }, 'INSTRUMENT_UNKNOWN', '/instrument'],
  ['a foreign account', { account: 'DU9999999' }, 'ACCOUNT_UNKNOWN', '/account'],
  ['a NUL in the reason', { reason: `a reason${NUL} with more` }, 'VALIDATION', '/reason'],
  [
    'a NUL in the symbol',
    { instrument: { symbol: `AA${NUL}PL` } },
    'VALIDATION',
    '/instrument/symbol',
  ],
  ['a line break in the reason', { reason: 'a reason\nwith more lines' }, 'VALIDATION', '/reason'],
  [
    'an escape sequence in the reason',
    { reason: 'a \u001b[2J clear screen' },
    'VALIDATION',
    '/reason',
  ],
  ['a reason that is none', { reason: 'because' }, 'VALIDATION', '/reason'],
  ['a validity of no time', { validForSeconds: 0 }, 'VALIDATION', '/validForSeconds'],
  ['a tag with blanks', { strategyTag: 'a b' }, 'VALIDATION', '/strategyTag'],
];

describe('a proposal with a mistake, over REST', () => {
  it.each(samples)('%s', async (_what, change, code, pointer) => {
    clear(await request(product.agent, order(change)), 422, code, pointer);
  });
});

describe('a proposal with a mistake, over MCP', () => {
  it.each(samples)('%s', async (_what, change, code, pointer) => {
    const input = { ...order(change), idempotencyKey: newKey() };
    const answer = await callTool(
      mcp,
      'request_approval',
      JSON.parse(JSON.stringify(input)) as Body,
    );
    expect(answer.isError).toBe(true);
    expect(answer.output).toMatchObject({ code });
    const errors = answer.output['errors'] as { pointer: string }[];
    expect(errors.map((one) => one.pointer)).toContain(pointer);
    expect(answer.text).toMatch(/Next: \w{3}/);
    expect(answer.text).toContain(code);
  });
});

describe('what the answer offers instead', () => {
  it('the nearest valid prices', async () => {
    const { body } = await request(product.agent, order({ ...limitOrder, limitPrice: '190.005' }));
    expect(body['details']).toEqual({ nearest: ['190', '190.01'] });
    expect(body['hint']).toMatch(/190 or 190\.01 USD/);
  });

  it.each(['SHOP', 'RY', 'SAP'])('the alternatives of %s', async (symbol) => {
    const answer = await request(product.agent, order({ instrument: { symbol } }));
    clear(answer, 422, 'INSTRUMENT_AMBIGUOUS', '/instrument');
    const { alternatives } = answer.body['details'] as { alternatives: Body[] };
    expect(alternatives.length).toBeGreaterThanOrEqual(2);
    for (const one of alternatives) {
      expect(one).toMatchObject({ symbol, conId: expect.any(Number) as number });
      expect(one['currency']).toMatch(/^[A-Z]{3}$/);
    }
    const tool = await callTool(mcp, 'instrument_resolve', { symbol });
    expect(tool).toMatchObject({ isError: true, output: { code: 'INSTRUMENT_AMBIGUOUS' } });
    expect(tool.text).toContain(String(alternatives[0]?.['conId']));
  });

  it('every wrong field at once', async () => {
    const { body } = await request(
      product.agent,
      order({ side: 'HOLD', quantity: '-1', extra: true, tif: 'FOREVER' }),
    );
    const errors = body['errors'] as { pointer: string }[];
    expect(errors.map(({ pointer }) => pointer).sort()).toEqual([
      '/extra',
      '/quantity',
      '/side',
      '/tif',
    ]);
  });
});

describe('a body that is none', () => {
  const post = (text: string, headers: Record<string, string> = {}) =>
    product.agent.post('/approval/request', text, { 'idempotency-key': newKey(), ...headers });

  it.each([
    ['malformed JSON', '{"side": BUY}', 400, 'MALFORMED_BODY'],
    ['a bare NaN', '{"quantity": NaN}', 400, 'MALFORMED_BODY'],
    ['half an object', '{"side":"BUY"', 400, 'MALFORMED_BODY'],
    ['a list', '[]', 422, 'VALIDATION'],
    ['a text', '"BUY 5 AAPL"', 422, 'VALIDATION'],
    ['null', 'null', 422, 'VALIDATION'],
    ['deep nesting', `${'['.repeat(20_000)}${']'.repeat(20_000)}`, 422, 'VALIDATION'],
  ])('%s', async (_what, text, status, code) => {
    const answer = await post(text);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ code });
    expect(answer.body['hint']).toEqual(expect.stringMatching(/\w{3}/));
  });

  it('a body over 64 KB', async () => {
    const answer = await post(JSON.stringify(order({ reason: 'a long reason '.repeat(6000) })));
    expect(answer.status).toBe(413);
    expect(answer.body).toMatchObject({ code: 'BODY_TOO_LARGE' });
    const overMcp = await fetch(product.info.mcpUrl, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${product.agentKey}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', x: 'x'.repeat(70_000) }),
    });
    expect(overMcp.status).toBe(413);
  });

  it('another media type', async () => {
    const answer = await post('side=BUY', { 'content-type': 'application/x-www-form-urlencoded' });
    expect(answer.status).toBe(415);
  });

  it('no idempotency key, a short one, one with blanks', async () => {
    const none = await product.agent.post('/approval/request', order());
    expect(none.status).toBe(400);
    expect(none.body).toMatchObject({ code: 'IDEMPOTENCY_KEY_MISSING' });
    for (const key of ['short', 'with blanks in it', 'x'.repeat(129)]) {
      clear(await request(product.agent, order(), key), 422, 'VALIDATION', '/idempotencyKey');
    }
  });
});

describe('ids and queries that are none', () => {
  it.each([
    ['/requests/int_short', 422],
    ['/requests/int_00000000000000000000', 404],
    ["/requests/'%20OR%201=1--", 422],
    ['/requests/%00', 422],
    ['/requests?limit=0', 422],
    ['/requests?limit=x', 422],
    ['/requests?state=Nope', 422],
    ['/requests?cursor=zzzz', 422],
    ['/requests?limit=1&limit=2', 422],
    ['/requests?nope=1', 422],
    ['/market/snapshot', 422],
    ['/market/snapshot?symbol=NOPE', 422],
    ['/market/snapshot?symbol=AAPL&conId=1', 422],
    ['/nope', 404],
  ])('%s → %i', async (path, status) => {
    const answer = await product.agent.get(path);
    expect(answer.status).toBe(status);
    expect(answer.body['code']).toEqual(expect.any(String));
    expect(answer.body['hint']).toEqual(expect.stringMatching(/\w{3}/));
  });
});

describe('a decision with a mistake', () => {
  it('names another envelope, none, or one that has been used', async () => {
    const proposed = await propose(product);
    intents += 1;
    const path = `/approval/${proposed.approvalId}/grant`;
    clear(
      await grant(product, { ...proposed, envelopeHash: `sha256:${'f'.repeat(64)}` }),
      412,
      'ENVELOPE_MISMATCH',
      '/envelopeHash',
    );
    clear(await product.operator.post(path, {}), 422, 'VALIDATION', '/envelopeHash');
    const { envelopeHash } = proposed;
    clear(
      await product.operator.post(path, { envelopeHash, force: true }),
      422,
      'VALIDATION',
      '/force',
    );
    const unknown = await grant(product, { approvalId: `apr_${'0'.repeat(20)}`, envelopeHash });
    expect(unknown.status).toBe(404);
  });
});

describe('a risk policy that is not valid', () => {
  it('keeps the product from starting: every error is listed, exit 78', async () => {
    const home = mkdtempSync(join(tmpdir(), 'countersign-policy-'));
    try {
      const good = readFileSync(
        new URL('../../config/environments/dev/risk_policy.yml', import.meta.url),
        'utf8',
      );
      const file = join(home, 'policy.yml');
      writeFileSync(
        file,
        good
          .replace("limit: '50000'", "limit: 'a lot'")
          .replace('ttl_seconds: 300', 'ttl_seconds: 0')
          .replace('live: false', 'live: true')
          .concat('surprise: 1\n'),
      );
      const { code, output } = await startWith({ COUNTERSIGN_HOME: home, RISK_POLICY_FILE: file });
      expect(code).toBe(78);
      for (const what of [
        'rules.max_notional.limit',
        'approvals.ttl_seconds',
        'channels.temporal.live',
        'surprise',
      ]) {
        expect(output).toContain(what);
      }
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  });
});

/** Starts the product and waits for its end. */
function startWith(env: Record<string, string>): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, ['tools/bootstrap.mjs', 'start', '--headless-json'], {
    cwd: new URL('../../', import.meta.url).pathname,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGTERM'), 45_000);
    child.once('exit', (code) => {
      clearTimeout(timer);
      resolve({ code, output });
    });
  });
}
