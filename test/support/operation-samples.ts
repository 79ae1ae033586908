import { randomUUID } from 'node:crypto';
import { operations } from '../../src/operations/index.ts';
import { invoke } from '../../src/operations/invoke.ts';
import type { World } from './doors-world.ts';
import { firstLatchId } from './memory-limits.ts';

/** A good order; every test changes what it is about. */
export const order = {
  instrument: { symbol: 'AAPL' },
  side: 'BUY',
  quantity: '5',
  orderType: 'LMT',
  limitPrice: '189.50',
  reason: 'rebalance the core holding',
} as const;

export type Proposed = { intentId: string; approvalId: string; envelopeHash: string };

/** Proposes a good order as the world's agent. */
export async function propose(world: World, change: object = {}): Promise<Proposed> {
  const operation = operations.find((one) => one.name === 'request_approval');
  if (operation === undefined) throw new Error('no request_approval');
  const input = { ...order, idempotencyKey: randomUUID(), ...change };
  const output = await invoke(operation, world.context(world.agent.principal), () => input);
  return output as Proposed;
}

/** A valid input of every operation, by name: an operation without one fails the parity test. */
export const samples: Readonly<Record<string, (p: Proposed) => Record<string, unknown>>> = {
  activate_kill_switch: () => ({ reason: 'drill of the halt' }),
  connection_status: () => ({}),
  deny_approval: (p) => ({
    approvalId: p.approvalId,
    envelopeHash: p.envelopeHash,
    reason: 'too large for today',
  }),
  evaluate_risk: () => order,
  get_auto_approval: () => ({}),
  get_cash: () => ({}),
  get_decision: (p) => ({ approvalId: p.approvalId }),
  get_limits_in_use: () => ({ account: 'DU1234567' }),
  get_open_orders: () => ({ account: 'DU1234567' }),
  get_policy: () => ({}),
  get_portfolio: () => ({}),
  get_positions: () => ({}),
  get_request: (p) => ({ intentId: p.intentId }),
  grant_approval: (p) => ({ approvalId: p.approvalId, envelopeHash: p.envelopeHash }),
  instrument_resolve: () => ({ symbol: 'TWIN', exchange: 'NYSE' }),
  instrument_search: () => ({ pattern: 'AAPL', secType: 'STK', currency: 'USD', limit: 5 }),
  kill_switch_status: () => ({}),
  list_accounts: () => ({}),
  list_completed_orders: () => ({ limit: 5 }),
  list_executions: () => ({ since: '2026-11-24T09:30:00-05:00', symbol: 'AAPL' }),
  list_latches: () => ({ account: 'DU1234567' }),
  list_pending: () => ({}),
  list_requests: () => ({ limit: 10, state: 'AwaitingApproval' }),
  market_bars: () => ({ symbol: 'AAPL', barSize: '1d', limit: 5 }),
  market_snapshot: () => ({ conId: 265598, fields: ['bid', 'ask'], fresh: true }),
  option_chain: () => ({ conId: 265598 }),
  query_audit: () => ({ limit: 5, afterSeq: 0 }),
  read_statistics: () => ({}),
  reconnect: () => ({}),
  reload_policy: () => ({}),
  release_kill_switch: () => ({ reason: 'drill is over' }),
  release_latch: () => ({ latchId: firstLatchId, reason: 'the loss was looked at' }),
  request_approval: () => ({ ...order, idempotencyKey: randomUUID() }),
  simulate_order: () => ({ ...order, instrument: { conId: 265598 }, reason: undefined }),
  wait_for_decision: (p) => ({ intentId: p.intentId, timeoutSeconds: 1 }),
  withdraw_request: (p) => ({ intentId: p.intentId }),
};

/** The sample as JSON would carry it. */
export function sampleOf(name: string, proposed: Proposed): Record<string, unknown> {
  const make = samples[name];
  if (make === undefined) throw new Error(`no sample for ${name}: add one to operation-samples.ts`);
  return JSON.parse(JSON.stringify(make(proposed))) as Record<string, unknown>;
}
