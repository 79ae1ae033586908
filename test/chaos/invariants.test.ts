import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { AuditEvent } from '../../src/domain/audit/event.ts';
import type { Evidence } from '../support/evidence.ts';
import { violations } from '../support/invariants.ts';

type Writable<T> = T extends string | number | boolean
  ? T
  : T extends readonly (infer U)[]
    ? Writable<U>[]
    : T extends object
      ? { -readonly [K in keyof T]: Writable<T[K]> }
      : T;

const t0 = Date.parse('2026-11-24T16:00:00.000Z');

function chain(bodies: readonly object[]): AuditEvent[] {
  let previousHash = '0'.repeat(64);
  return bodies.map((each, index) => {
    const seq = index + 1;
    const at = new Date(t0 + index).toISOString();
    const body = JSON.stringify(each);
    const hashed = hash('sha256', `${previousHash}\n${seq}\n${at}\n${body}`, 'hex');
    const event = { seq, at, body, previousHash, hash: hashed } as AuditEvent;
    previousHash = hashed;
    return event;
  });
}

const said = (type: string, payload: object = {}) => ({ type, intentId: 'int_1', payload });
const life = [
  said('OrderProposed'),
  said('ApprovalRequested'),
  said('ApprovalGranted', { status: 'granted' }),
  said('OrderClaimed'),
  said('OrderSent'),
  said('OrderFilled', { state: 'Filled' }),
];

/** One order, proposed, granted, claimed, sent and filled: 5 shares at 200, 1 commission. */
function wholeRun(): Writable<Evidence> {
  const terms = {
    conId: 265598,
    side: 'BUY',
    quantity: '5',
    orderType: 'LMT',
    limitPrice: '200.5',
    tif: 'DAY',
    account: 'DU1',
  };
  const envelope = JSON.stringify({ terms });
  const account = { id: 'DU1', realized: '0', netLiquidation: '0' };
  const held = { conId: 265598, symbol: 'AAPL', averageCost: '0', realized: '0' };
  return {
    audit: chain(life),
    orders: [
      {
        intentId: 'int_1',
        proposer: 'agt_a',
        account: 'DU1',
        state: 'Filled',
        quantity: '5',
        filled: '5',
        commission: '1',
      },
    ],
    submissions: [
      {
        intentId: 'int_1',
        approvalId: 'apr_1',
        clientId: 11,
        orderId: 7,
        claimedAtMs: t0 + 3,
        outcome: 'sent',
      },
    ],
    approvals: [
      {
        approvalId: 'apr_1',
        intentId: 'int_1',
        status: 'consumed',
        envelope,
        envelopeHash: `sha256:${hash('sha256', envelope, 'hex')}`,
        required: 1,
        expiresAtMs: t0 + 300_000,
        executeByMs: t0 + 330_000,
      },
    ],
    decisions: [
      {
        approvalId: 'apr_1',
        decision: 'grant',
        principal: 'opr_b',
        atMs: t0 + 2,
        consumedAtMs: t0 + 3,
      },
    ],
    reservations: [{ intentId: 'int_1', quantity: '5', notional: '1002.5', releasedAtMs: t0 + 9 }],
    workflows: [{ intentId: 'int_1', status: 'COMPLETED' }],
    broker: {
      orders: [
        {
          permId: 1,
          clientId: 11,
          orderId: 7,
          orderRef: 'int_1',
          account: 'DU1',
          conId: 265598,
          symbol: 'AAPL',
          action: 'BUY',
          quantity: 5,
          orderType: 'LMT',
          limitPrice: '200.5',
          tif: 'DAY',
          status: 'Filled',
          filled: 5,
          avgPrice: '200',
        },
      ],
      executions: [
        {
          execId: 'e.1',
          permId: 1,
          orderRef: 'int_1',
          side: 'BOT',
          shares: 5,
          price: '200',
          cumQty: 5,
          commission: '1',
          at: '',
        },
      ],
      frames: [{ orderRef: 'int_1', total: 1, whatIf: 0 }],
      placements: [
        {
          seq: 1,
          at: t0 + 3_600_000 + 10,
          wallMs: t0 + 10,
          clientId: 11,
          direction: 'in',
          message: 'placeOrder',
          fields: {
            orderRef: 'int_1',
            conId: 265598,
            action: 'BUY',
            totalQuantity: '5',
            orderType: 'LMT',
            lmtPrice: '200.5',
            tif: 'DAY',
            account: 'DU1',
            orderId: 7,
          },
        },
      ],
      accounts: [{ ...account, cash: '8999', positions: [{ ...held, quantity: 45 }] }],
    },
    opening: [{ ...account, cash: '10000', positions: [{ ...held, quantity: 40 }] }],
    exchangeAheadMs: 3_600_000,
    secrets: ['csk_secret'],
    logs: 'nothing to hide',
  };
}

type Run = Writable<Evidence>;
const first = <T>(rows: T[]): T => rows[0] as T;

/** What could have gone wrong, and the check that has to say so. */
const faults: [string, string, (run: Run) => unknown][] = [
  ['an order that never ends', 'I-1', (r) => (first(r.orders).state = 'Unconfirmed')],
  ['a workflow that failed', 'I-1', (r) => (first(r.workflows).status = 'FAILED')],
  ['an order that ends twice', 'I-1', (r) => (r.audit = chain([...life, said('OrderNotSent')]))],
  ['a second order', 'I-2', (r) => r.broker.orders.push({ ...first(r.broker.orders), permId: 2 })],
  ['a second frame', 'I-2', (r) => (first(r.broker.frames).total = 2)],
  ['an order of nobody', 'I-2', (r) => (first(r.broker.orders).orderRef = 'int_9')],
  ['an order without a claim', 'I-3', (r) => (r.submissions = [])],
  ['an order before its claim', 'I-3', (r) => (first(r.broker.placements).at -= 60)],
  ['an order that counts as not sent', 'I-3', (r) => (first(r.orders).state = 'NotSent')],
  ['an approval that is not used up', 'I-3', (r) => (first(r.approvals).status = 'granted')],
  ['an approval by the proposer', 'I-3', (r) => (first(r.decisions).principal = 'agt_a')],
  ['a denial that counts', 'I-3', (r) => (first(r.decisions).decision = 'deny')],
  ['a decision that came late', 'I-3', (r) => (first(r.decisions).atMs = t0 + 300_001)],
  ['a claim that came late', 'I-3', (r) => (first(r.submissions).claimedAtMs = t0 + 330_001)],
  ['too few approvals', 'I-3', (r) => (first(r.approvals).required = 2)],
  ['an unused decision', 'I-3', (r) => (first(r.decisions).consumedAtMs = null)],
  [
    'another quantity on the wire',
    'I-4',
    (r) => (first(r.broker.placements).fields['totalQuantity'] = '6'),
  ],
  ['another account at the broker', 'I-4', (r) => (first(r.broker.orders).account = 'DU2')],
  ['another order id', 'I-4', (r) => (first(r.broker.orders).orderId = 8)],
  ['an envelope that was edited', 'I-4', (r) => (first(r.approvals).envelopeHash = 'sha256:0')],
  ['a claim while halted', 'I-5', (r) => (r.audit = chain([said('KillSwitchActivated'), ...life]))],
  ['an edited event', 'I-6', (r) => (first(r.audit).body += ' ')],
  ['a missing event', 'I-6', (r) => r.audit.splice(2, 1)],
  ['a state without an event', 'I-6', (r) => (r.audit = chain(life.slice(0, -1)))],
  ['a fill that the ledger missed', 'I-7', (r) => (first(r.orders).filled = '4')],
  ['more filled than ordered', 'I-7', (r) => (first(r.broker.executions).shares = 6)],
  ['a commission that is off', 'I-7', (r) => (first(r.orders).commission = '1.01')],
  [
    'an execution that counts twice',
    'I-7',
    (r) => r.broker.executions.push({ ...first(r.broker.executions) }),
  ],
  [
    'a position that moved alone',
    'I-7',
    (r) => (first(first(r.broker.accounts).positions).quantity = 46),
  ],
  ['cash that is missing', 'I-7', (r) => (first(r.broker.accounts).cash = '8998')],
  ['a limit that an ended order holds', 'I-9', (r) => (first(r.reservations).releasedAtMs = null)],
  ['an order that reserved nothing', 'I-9', (r) => (r.reservations = [])],
  ['an order that reserved twice', 'I-9', (r) => r.reservations.push({ ...first(r.reservations) })],
  ['a part that was reserved', 'I-9', (r) => (first(r.reservations).quantity = '4')],
  ['a live order that holds nothing', 'I-9', (r) => (first(r.orders).state = 'Working')],
  ['a key in a log', 'I-8', (r) => (r.logs = 'authorization: csk_secret')],
];

describe('the checker of a run', () => {
  it('says nothing of a whole one', async () => {
    expect(await violations(wholeRun())).toEqual([]);
  });

  it.each(faults)('sees %s (%s)', async (_what, check, spoil) => {
    const run = wholeRun();
    spoil(run);
    const found = await violations(run);
    expect(found.map((problem) => problem.slice(0, 3))).toContain(check);
  });
});
