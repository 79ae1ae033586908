import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/domain/errors.ts';
import type { ApprovalId } from '../../src/domain/ids.ts';
import type { ApprovalStatus } from '../../src/store/port/ledger.ts';
import { createWorld, type World } from '../support/doors-world.ts';
import { apiOf, headersOf, send, type Answer } from '../support/http-client.ts';
import { order, propose } from '../support/operation-samples.ts';

const route = '/api/v1/approval/request';
let counter = 0;

function post(world: World, body: unknown, extra: Record<string, string> = {}): Promise<Answer> {
  counter += 1;
  const headers = {
    ...headersOf(world, 'agent'),
    'idempotency-key': `test-key-${counter}`,
    ...extra,
  };
  return send(apiOf(world), 'POST', route, { headers, body });
}

/** One clear error: its code, the field, and what to do next. */
function expectProblem(answer: Answer, status: number, code: string, pointer?: string): void {
  expect(answer.body).toMatchObject({ code, status });
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(answer.body['hint']).toEqual(expect.stringMatching(/\w{3}/));
  expect(answer.body['requestId']).toBe(answer.headers.get('x-request-id'));
  if (pointer !== undefined) {
    const errors = answer.body['errors'] as { pointer: string }[];
    expect(errors.map((one) => one.pointer)).toContain(pointer);
  }
}

const trail = { orderType: 'TRAIL', limitPrice: undefined };

describe('a field that is wrong', () => {
  it.each([
    ['an unknown field', { notional: '1000' }, '/notional'],
    ['a fact from the caller', { price: '1' }, '/price'],
    [
      'an unknown field inside the instrument',
      { instrument: { symbol: 'AAPL', isin: 'x' } },
      '/instrument/isin',
    ],
    [
      'an instrument of both kinds',
      { instrument: { conId: 1, symbol: 'AAPL' } },
      '/instrument/symbol',
    ],
    ['no instrument', { instrument: undefined }, '/instrument'],
    ['an instrument as text', { instrument: 'AAPL' }, '/instrument'],
    ['a fractional conId', { instrument: { conId: 1.5 } }, '/instrument/conId'],
    ['a negative quantity', { quantity: '-1' }, '/quantity'],
    ['a negative number', { quantity: -1 }, '/quantity'],
    ['zero', { quantity: '0' }, '/quantity'],
    ['NaN as text', { quantity: 'NaN' }, '/quantity'],
    ['Infinity as text', { quantity: 'Infinity' }, '/quantity'],
    ['an exponent', { quantity: '1e9' }, '/quantity'],
    ['a huge number', { quantity: 1e30 }, '/quantity'],
    ['hexadecimal', { quantity: '0x10' }, '/quantity'],
    ['full-width digits', { quantity: '５' }, '/quantity'],
    ['thousands separators', { quantity: '1,000' }, '/quantity'],
    ['too many decimals', { quantity: '1.0000000000000000001' }, '/quantity'],
    ['a boolean quantity', { quantity: true }, '/quantity'],
    ['an array quantity', { quantity: ['5'] }, '/quantity'],
    ['null', { quantity: null }, '/quantity'],
    ['another side', { side: 'HOLD' }, '/side'],
    ['a lower-case side', { side: 'buy' }, '/side'],
    ['an order type that is not sold here', { orderType: 'PEG MID' }, '/orderType'],
    ['LMT without a price', { limitPrice: undefined }, '/limitPrice'],
    ['MKT with a price', { orderType: 'MKT' }, '/limitPrice'],
    ['STP without a stop', { orderType: 'STP', limitPrice: undefined }, '/stopPrice'],
    [
      'a trail of two kinds',
      { ...trail, trailingAmount: '1', trailingPercent: '2' },
      '/trailingPercent',
    ],
    ['a trail of no kind', trail, '/trailingAmount'],
    ['a stop for IOC', { orderType: 'STP LMT', stopPrice: '180', tif: 'IOC' }, '/tif'],
    ['MOC that stays', { orderType: 'MOC', limitPrice: undefined, tif: 'GTC' }, '/tif'],
    ['LOC outside regular hours', { orderType: 'LOC', outsideRth: true }, '/outsideRth'],
    ['GTD without an end', { tif: 'GTD' }, '/goodTillDate'],
    ['an end without a zone', { tif: 'GTD', goodTillDate: '2026-12-18T20:59:00' }, '/goodTillDate'],
    ['a text as boolean', { outsideRth: 'yes' }, '/outsideRth'],
    ['a short reason', { reason: 'because' }, '/reason'],
    ['a NUL in the reason', { reason: 'a fine\u0000 long reason' }, '/reason'],
    ['half a surrogate pair', { reason: 'a fine \ud800 long reason' }, '/reason'],
    ['a line break in the reason', { reason: 'a fine\n long reason' }, '/reason'],
    [
      'a control character in the symbol',
      { instrument: { symbol: 'AA\u0000PL' } },
      '/instrument/symbol',
    ],
    ['Cyrillic letters', { instrument: { symbol: 'ААPL' } }, '/instrument/symbol'],
    ['a lower-case symbol', { instrument: { symbol: 'aapl' } }, '/instrument/symbol'],
    ['another kind of account', { account: 'x; DROP TABLE' }, '/account'],
    ['the key in the body', { idempotencyKey: 'abcdefgh' }, '/idempotencyKey'],
  ])('%s', async (_what, change, pointer) => {
    expectProblem(await post(createWorld(), { ...order, ...change }), 422, 'VALIDATION', pointer);
  });

  it('names every wrong field at once', async () => {
    const answer = await post(createWorld(), { ...order, side: 'x', quantity: '-5', extra: 1 });
    const errors = answer.body['errors'] as { pointer: string }[];
    expect(errors.map((one) => one.pointer).sort()).toEqual(['/extra', '/quantity', '/side']);
  });

  it('does not fall for prototype keys', async () => {
    const world = createWorld();
    const text = JSON.stringify(order).replace(
      '{',
      '{"__proto__":{"side":"SELL"},"constructor":1,',
    );
    const headers = { ...headersOf(world, 'agent'), 'idempotency-key': 'proto-key-1' };
    const answer = await send(apiOf(world), 'POST', route, { headers, text });
    expectProblem(answer, 422, 'VALIDATION', '/constructor');
  });
});

describe('an order with several faults', () => {
  it('has all of them told at once: what does not go together', async () => {
    const change = { orderType: 'TRAIL LIMIT', tif: 'FOK', goodTillDate: '2026-12-18T20:59:00Z' };
    const answer = await post(createWorld(), { ...order, ...change });
    const errors = answer.body['errors'] as { pointer: string }[];
    expect(errors.map((one) => one.pointer)).toEqual([
      ...['/limitPrice', '/stopPrice', '/limitOffset', '/trailingAmount', '/tif', '/goodTillDate'],
    ]);
  });

  it('has all of them told at once: what is off the steps', async () => {
    const change = { orderType: 'STP LMT', stopPrice: '189.001', limitPrice: '189.505' };
    const answer = await post(createWorld(), { ...order, ...change, quantity: '1.5' });
    expectProblem(answer, 422, 'PRICE_OFF_TICK', '/limitPrice');
    const errors = answer.body['errors'] as { pointer: string }[];
    expect(errors.map((one) => one.pointer)).toEqual(['/limitPrice', '/stopPrice', '/quantity']);
    expect(answer.body['hint']).toMatch(
      /limitPrice to 189.5 or 189.51.*stopPrice.*quantity to 1 or 2/,
    );
  });

  it('holds a distance against the tick of the stop', async () => {
    const change = { ...trail, trailingAmount: '0.505', stopPrice: '180.00' };
    expectProblem(
      await post(createWorld(), { ...order, ...change }),
      422,
      'PRICE_OFF_TICK',
      '/trailingAmount',
    );
  });
});

describe('an order that the broker does not take', () => {
  it.each([
    ['off tick', { limitPrice: '189.505' }, 'PRICE_OFF_TICK', '/limitPrice', /189\.5.*189\.51/],
    ['off lot', { quantity: '1.5' }, 'QUANTITY_OFF_LOT', '/quantity', /1 or 2/],
    [
      'unknown symbol',
      { instrument: { symbol: 'ZZZZ' } },
      'INSTRUMENT_UNKNOWN',
      '/instrument',
      /instrument_search/,
    ],
    [
      'ambiguous symbol',
      { instrument: { symbol: 'TWIN' } },
      'INSTRUMENT_AMBIGUOUS',
      '/instrument',
      /conId/,
    ],
    ['foreign account', { account: 'DU9999999' }, 'ACCOUNT_UNKNOWN', '/account', /DU1234567/],
  ])('%s', async (_what, change, code, pointer, hint) => {
    const answer = await post(createWorld(), { ...order, ...change });
    expectProblem(answer, 422, code, pointer);
    expect(answer.body['hint']).toMatch(hint);
  });

  it('lists the alternatives of an ambiguous symbol and never guesses', async () => {
    const answer = await post(createWorld(), { ...order, instrument: { symbol: 'TWIN' } });
    expect(answer.body['details']).toMatchObject({
      alternatives: [
        { conId: 1, primaryExchange: 'NASDAQ', currency: 'USD', name: 'TWIN INC' },
        { conId: 2, primaryExchange: 'NYSE' },
      ],
    });
  });

  it('an absurd quantity is judged by the gate: Denied is an answer, no error', async () => {
    const answer = await post(createWorld(), { ...order, quantity: '99999999' });
    expect(answer.status).toBe(202);
    expect(answer.body).toMatchObject({ state: 'Denied', approvalId: null });
    expect(answer.body['next']).toMatch(/R13.*99999999.*1000/);
  });
});

describe('a body that is none', () => {
  const world = createWorld();
  const headers = { ...headersOf(world, 'agent'), 'idempotency-key': 'body-key-1' };
  const big = JSON.stringify({ ...order, reason: 'x '.repeat(40_000) });
  it.each([
    ['NaN literal', '{"quantity": NaN}', {}, 400, 'MALFORMED_BODY'],
    ['half a JSON', '{"side":', {}, 400, 'MALFORMED_BODY'],
    ['not UTF-8', new Uint8Array([0x7b, 0xff, 0x7d]), {}, 400, 'MALFORMED_BODY'],
    ['an array', '[]', {}, 422, 'VALIDATION'],
    ['a number', '5', {}, 422, 'VALIDATION'],
    ['null', 'null', {}, 422, 'VALIDATION'],
    ['deep nesting', '['.repeat(20_000) + ']'.repeat(20_000), {}, 422, 'VALIDATION'],
    [
      'a form',
      'side=BUY',
      { 'content-type': 'application/x-www-form-urlencoded' },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    [
      'text',
      JSON.stringify(order),
      { 'content-type': 'text/plain' },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    ['more than 64 KB', big, {}, 413, 'BODY_TOO_LARGE'],
    ['a lying length', '{}', { 'content-length': '99999999' }, 413, 'BODY_TOO_LARGE'],
    ['nothing', '', {}, 422, 'VALIDATION'],
  ])('%s', async (_what, text, extra, status, code) => {
    const sent = { headers: { ...headers, ...extra }, text };
    expectProblem(await send(apiOf(world), 'POST', route, sent), status, code);
  });
});

describe('idempotency', () => {
  it('asks for a key', async () => {
    const world = createWorld();
    const headers = headersOf(world, 'agent');
    const answer = await send(apiOf(world), 'POST', route, { headers, body: order });
    expectProblem(answer, 400, 'IDEMPOTENCY_KEY_MISSING', '/idempotencyKey');
  });

  it('refuses a key with blanks or too short', async () => {
    const answer = await post(createWorld(), order, { 'idempotency-key': 'a b' });
    expectProblem(answer, 422, 'VALIDATION', '/idempotencyKey');
  });

  it('gives the same answer to the same request, also written differently', async () => {
    const world = createWorld();
    const key = { 'idempotency-key': 'same-key-1' };
    const first = await post(world, order, key);
    const again = await post(world, { ...order, limitPrice: 189.5, tif: 'DAY' }, key);
    expect(again.body).toEqual(first.body);
    expect(first.status).toBe(202);
    expect(first.headers.get('location')).toBe(
      `/api/v1/requests/${String(first.body['intentId'])}`,
    );
  });

  it('refuses the same key with another body', async () => {
    const world = createWorld();
    const key = { 'idempotency-key': 'same-key-2' };
    await post(world, order, key);
    const other = await post(world, { ...order, quantity: '6' }, key);
    expectProblem(other, 422, 'IDEMPOTENCY_KEY_REUSED', '/idempotencyKey');
  });
});

describe('a decision', () => {
  async function decide(
    world: World,
    verb: 'grant' | 'deny',
    change: Record<string, unknown> = {},
    extra: Record<string, string> = {},
    status: ApprovalStatus = 'open',
  ): Promise<Answer> {
    const { approvalId, envelopeHash } = await propose(world);
    world.ledger.setApproval(approvalId as ApprovalId, status);
    const body = { envelopeHash, ...(verb === 'deny' ? { reason: 'not today' } : {}), ...change };
    const headers = { ...headersOf(world, 'operator'), ...extra };
    return send(apiOf(world), 'POST', `/api/v1/approval/${approvalId}/${verb}`, { headers, body });
  }

  it.each([
    ['expired', 'APPROVAL_EXPIRED', 409],
    ['declined', 'APPROVAL_DECIDED', 409],
    ['consumed', 'APPROVAL_DECIDED', 409],
    ['withdrawn', 'APPROVAL_WITHDRAWN', 409],
  ] as const)('on a request that is %s', async (status, code, http) => {
    const answer = await decide(createWorld(), 'grant', {}, {}, status);
    expectProblem(answer, http, code, '/approvalId');
  });

  it('on another envelope', async () => {
    const change = { envelopeHash: `sha256:${'a'.repeat(64)}` };
    const world = createWorld();
    expectProblem(await decide(world, 'grant', change), 412, 'ENVELOPE_MISMATCH', '/envelopeHash');
    expect(world.ledger.decidedCalls).toEqual([]);
  });

  it('without an envelope hash', async () => {
    const answer = await decide(createWorld(), 'grant', { envelopeHash: undefined });
    expectProblem(answer, 422, 'VALIDATION', '/envelopeHash');
  });

  it('with two different hashes', async () => {
    const extra = { 'if-match': `"sha256:${'a'.repeat(64)}"` };
    expectProblem(
      await decide(createWorld(), 'grant', {}, extra),
      422,
      'VALIDATION',
      '/envelopeHash',
    );
  });

  it('to decline without a reason', async () => {
    const answer = await decide(createWorld(), 'deny', { reason: undefined });
    expectProblem(answer, 422, 'VALIDATION', '/reason');
  });

  it('while halted', async () => {
    const world = createWorld();
    const { approvalId, envelopeHash } = await propose(world);
    world.ledger.halted = true;
    const answer = await send(apiOf(world), 'POST', `/api/v1/approval/${approvalId}/grant`, {
      headers: headersOf(world, 'operator'),
      body: { envelopeHash },
    });
    expectProblem(answer, 409, 'TRADING_HALTED');
  });

  it('is taken by If-Match with the ETag of the request', async () => {
    const world = createWorld();
    const { approvalId } = await propose(world);
    const headers = headersOf(world, 'operator');
    const seen = await send(apiOf(world), 'GET', `/api/v1/approval/${approvalId}`, { headers });
    const etag = seen.headers.get('etag') ?? '';
    expect(etag).toBe(`"${String(seen.body['envelopeHash'])}"`);
    expect(JSON.stringify(seen.body)).toContain('SECRET BROKER WARNING');
    const granted = await send(apiOf(world), 'POST', `/api/v1/approval/${approvalId}/grant`, {
      headers: { ...headers, 'if-match': etag },
    });
    expect(granted.body).toMatchObject({ decision: 'grant', state: 'Approved', delivered: true });
    expect(world.ledger.decidedCalls).toEqual([{ approvalId, decision: 'grant' }]);
  });
});

describe('routes and queries', () => {
  it.each([
    ['GET', '/api/v1/nothing', 404, 'NOT_FOUND'],
    ['GET', '/nothing', 404, 'NOT_FOUND'],
    ['DELETE', '/api/v1/portfolio', 405, 'METHOD_NOT_ALLOWED'],
    ['GET', '/api/v1/approval/request/x/y', 404, 'NOT_FOUND'],
    ['PUT', '/api/v1/approval/request', 405, 'METHOD_NOT_ALLOWED'],
    ['OPTIONS', '/api/v1/portfolio', 405, 'METHOD_NOT_ALLOWED'],
    ['GET', '/api/v1/requests/int_x', 422, 'VALIDATION'],
    ['GET', '/api/v1/requests/%00', 422, 'VALIDATION'],
    ['GET', '/api/v1/requests/%E0%A4%A', 422, 'VALIDATION'],
    ['GET', '/api/v1/requests?limit=201', 422, 'VALIDATION'],
    ['GET', '/api/v1/requests?limit=-1', 422, 'VALIDATION'],
    ['GET', '/api/v1/requests?limit=x', 422, 'VALIDATION'],
    ['GET', '/api/v1/requests?limit=1&limit=2', 422, 'VALIDATION'],
    ['GET', '/api/v1/requests?__proto__=1', 422, 'VALIDATION'],
    ['GET', '/api/v1/market/snapshot', 422, 'VALIDATION'],
    ['GET', '/api/v1/market/snapshot?conId=1&symbol=AAPL', 422, 'VALIDATION'],
    ['GET', '/api/v1/instruments/search?pattern=%00', 422, 'VALIDATION'],
  ])('%s %s', async (method, path, status, code) => {
    const world = createWorld();
    const headers = headersOf(world, 'agent');
    const answer = await send(apiOf(world), method, path, { headers });
    expectProblem(answer, status, code);
    if (status === 405) expect(answer.headers.get('allow')).toMatch(/GET|POST/);
  });
});

describe('when something else fails', () => {
  it('a broker that is away is 503, and safe to repeat', async () => {
    const world = createWorld();
    world.faults.broker = new GatewayError('BROKER_UNAVAILABLE', 'The gateway is not reachable.');
    const answer = await post(world, order);
    expect(answer.body).toMatchObject({ code: 'BROKER_UNAVAILABLE', status: 503, retry: 'safe' });
    expect(answer.headers.get('retry-after')).toBe('1');
  });

  it('a bug tells nothing but a request id, and is logged without secrets', async () => {
    const world = createWorld();
    world.faults.store = new Error(`password=hunter2 in SELECT, key ${world.agent.key}`);
    const lines: string[] = [];
    const answer = await send(apiOf(world, lines), 'POST', route, {
      headers: { ...headersOf(world, 'agent'), 'idempotency-key': 'bug-key-1' },
      body: order,
    });
    expectProblem(answer, 500, 'INTERNAL');
    expect(JSON.stringify(answer.body)).not.toContain('SELECT');
    expect(lines.join('')).toContain(String(answer.body['requestId']));
    expect(lines.join('')).not.toContain(world.agent.key);
  });
});
