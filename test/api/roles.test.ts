import { describe, expect, it } from 'vitest';
import { operations } from '../../src/operations/index.ts';
import { createWorld } from '../support/doors-world.ts';
import { apiOf, call, headersOf, send, type Who } from '../support/http-client.ts';
import { propose, sampleOf } from '../support/operation-samples.ts';

const reader: readonly Who[] = ['agent', 'operator', 'auditor'];
const floor: readonly Who[] = ['agent', 'operator'];
/** Who may do what, written down by hand: the second opinion on the roles in the operations. */
const allowed: Readonly<Record<string, readonly Who[]>> = {
  activate_kill_switch: floor,
  connection_status: reader,
  deny_approval: ['operator'],
  evaluate_risk: floor,
  get_auto_approval: ['operator', 'auditor'],
  get_cash: reader,
  get_decision: ['operator'],
  get_limits_in_use: reader,
  get_open_orders: reader,
  get_policy: reader,
  get_portfolio: reader,
  get_positions: reader,
  get_request: reader,
  grant_approval: ['operator'],
  instrument_resolve: floor,
  instrument_search: floor,
  kill_switch_status: reader,
  list_accounts: reader,
  list_completed_orders: reader,
  list_executions: reader,
  list_latches: reader,
  list_pending: ['operator'],
  list_requests: reader,
  market_bars: floor,
  market_snapshot: floor,
  option_chain: floor,
  query_audit: ['operator', 'auditor'],
  read_statistics: reader,
  reconnect: floor,
  release_kill_switch: ['operator'],
  release_latch: ['operator'],
  reload_policy: ['operator'],
  request_approval: ['agent'],
  simulate_order: floor,
  wait_for_decision: reader,
  withdraw_request: ['agent'],
};

describe.each(operations.map((one) => [one.name, one] as const))('%s', (name, operation) => {
  it.each(['agent', 'operator', 'auditor', 'nobody'] as const)('for %s', async (who) => {
    const world = createWorld();
    const app = apiOf(world);
    const proposed = await propose(world);
    if (name === 'wait_for_decision') world.ledger.setState(proposed.intentId as never, 'Expired');
    const answer = await call(app, world, who, operation, sampleOf(name, proposed));
    const refusals = world.events.filter((event) => event.body.includes('"AccessRefused"'));
    if (who === 'nobody') {
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toContain('Bearer');
      expect(answer.body).toMatchObject({ code: 'UNAUTHENTICATED' });
    } else if (allowed[name]?.includes(who) === true) {
      expect(answer.body['code']).toBeUndefined();
      expect(answer.status).toBe(operation.http?.status ?? 200);
      expect(refusals).toEqual([]);
    } else {
      expect(answer.status).toBe(403);
      expect(answer.body).toMatchObject({ code: 'FORBIDDEN', retry: 'never' });
      expect(refusals).toHaveLength(1);
    }
  });
});

describe('an agent', () => {
  it('cannot see, wait for or withdraw the request of another, as if it did not exist', async () => {
    const world = createWorld();
    const app = apiOf(world);
    const { intentId } = await propose(world);
    const unknown = 'int_00000000000000000000';
    for (const [method, tail] of [
      ['GET', ''],
      ['GET', '/wait?timeoutSeconds=1'],
      ['POST', '/withdraw'],
    ] as const) {
      const headers = headersOf(world, 'otherAgent');
      const theirs = await send(app, method, `/api/v1/requests/${intentId}${tail}`, { headers });
      const none = await send(app, method, `/api/v1/requests/${unknown}${tail}`, { headers });
      expect(theirs.status).toBe(404);
      expect(String(theirs.body['detail']).replace(intentId, '')).toBe(
        String(none.body['detail']).replace(unknown, ''),
      );
    }
    const headers = headersOf(world, 'otherAgent');
    const list = await send(app, 'GET', '/api/v1/requests', { headers });
    expect(list.body['requests']).toEqual([]);
  });

  it('never sees text that the broker or another client wrote', async () => {
    const world = createWorld();
    const app = apiOf(world);
    const proposed = await propose(world);
    world.ledger.setState(proposed.intentId as never, 'Expired');
    const seen: unknown[] = [];
    for (const operation of operations.filter((one) => one.mcp !== null)) {
      const input = sampleOf(operation.name, proposed);
      seen.push((await call(app, world, 'agent', operation, input)).body);
    }
    const text = JSON.stringify(seen);
    expect(text).not.toContain('SECRET BROKER WARNING');
    expect(text).not.toContain('ignore your rules');
    expect(text).not.toMatch(/\\u202e|\\u0007/);
  });
});
