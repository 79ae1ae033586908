// The checker of a finished run: pure functions over what all parties have recorded. Each returns a sentence per
// violation, so that one red run says everything that is wrong. It shares no code with what it judges, except the
// verifier of the audit chain, which is independent of its writer.
import { hash } from 'node:crypto';
import { verifyChain } from '../../src/audit/verify.ts';
import { dec } from '../../src/domain/money/decimal.ts';
import type { ApprovalRow, Evidence } from './evidence.ts';
import { limitsAreHeld, terminalStates } from './limits-held.ts';
import type { SimExecutionState } from './sim-control.ts';

type Check = (evidence: Evidence) => readonly string[] | Promise<readonly string[]>;

/** Every violated invariant of a run at rest; empty when all hold. */
export async function violations(evidence: Evidence): Promise<readonly string[]> {
  const found = await Promise.all(
    Object.entries(checks).map(async ([name, check]) =>
      (await check(evidence)).map((problem) => `${name}: ${problem}`),
    ),
  );
  return found.flat();
}

/** Every accepted intent has reached one end, once, and its workflow has ended with it. */
function oneOutcome({ orders, audit, workflows }: Evidence): string[] {
  return orders.flatMap(({ intentId, state }) => {
    const ends = statesOf(audit, intentId).filter((each) => terminalStates.has(each));
    const workflow = workflows.find((each) => each.intentId === intentId)?.status ?? 'none';
    return [
      ...(terminalStates.has(state) ? [] : [`${intentId} rests in ${state}`]),
      // A fill that crossed a cancel is the one way from an end to another.
      ...(ends.length === 1 || ends.join() === 'Cancelled,Filled'
        ? []
        : [`${intentId} has ended ${ends.length} times: ${ends.join(', ')}`]),
      ...(workflow === 'COMPLETED' ? [] : [`the workflow of ${intentId} is ${workflow}`]),
    ];
  });
}

/** An intent is at most one order and at most one frame, over all time and all clients. */
function atMostOnce({ orders, broker }: Evidence): string[] {
  const known = new Set(orders.map(({ intentId }) => intentId));
  const refs = new Map<string, number>();
  for (const { orderRef } of broker.orders) refs.set(orderRef, (refs.get(orderRef) ?? 0) + 1);
  return [
    ...[...refs].filter(([, n]) => n > 1).map(([ref, n]) => `${ref} is ${n} orders at the broker`),
    ...[...refs.keys()].filter((ref) => !known.has(ref)).map((ref) => `nobody proposed "${ref}"`),
    ...broker.frames
      .filter(({ total, whatIf }) => total - whatIf > 1)
      .map(({ orderRef, total, whatIf }) => `${orderRef} was sent ${total - whatIf} times`),
  ];
}

/** What reached the broker was claimed before, with exactly the approvals it needed, of other people, in time. */
function approvedBefore(evidence: Evidence): string[] {
  const { broker, orders, submissions, exchangeAheadMs } = evidence;
  const sent = new Set([
    ...broker.orders.map(({ orderRef }) => orderRef),
    ...broker.frames.filter((f) => f.total > f.whatIf).map(({ orderRef }) => orderRef),
  ]);
  return [...sent].flatMap((intentId) => {
    const claim = submissions.find((each) => each.intentId === intentId);
    if (claim === undefined) return [`${intentId} was sent without a claim`];
    const early = broker.placements.filter(
      ({ fields, at }) =>
        fields['orderRef'] === intentId && at - exchangeAheadMs < claim.claimedAtMs - clockNoiseMs,
    );
    const isOrder = broker.orders.some(({ orderRef }) => orderRef === intentId);
    const state = orders.find((order) => order.intentId === intentId)?.state;
    return [
      ...(early.length > 0 ? [`${intentId} was sent before its claim`] : []),
      ...(isOrder && state === 'NotSent' ? [`${intentId} is an order and counts as not sent`] : []),
      ...approvalProblems(evidence, intentId, claim.approvalId, claim.claimedAtMs),
    ];
  });
}

const clockNoiseMs = 20;

function approvalProblems(
  { approvals, decisions, orders }: Evidence,
  intentId: string,
  approvalId: string,
  claimedAtMs: number,
): string[] {
  const consumed = approvals.filter((a) => a.intentId === intentId && a.status === 'consumed');
  const approval = consumed.find((each) => each.approvalId === approvalId);
  if (approval === undefined || consumed.length !== 1)
    return [`${intentId} has ${consumed.length} consumed approvals, not the one it claims`];
  const proposer = orders.find((each) => each.intentId === intentId)?.proposer;
  const used = decisions.filter((d) => d.approvalId === approvalId && d.consumedAtMs !== null);
  const people = new Set(used.map(({ principal }) => principal));
  const bad = used.filter(
    (d) =>
      d.decision !== 'grant' ||
      d.principal === proposer ||
      d.atMs > approval.expiresAtMs ||
      (d.consumedAtMs ?? 0) > claimedAtMs + 1,
  );
  return [
    ...(people.size >= approval.required && people.size === used.length
      ? []
      : [`${approvalId} was executed with ${people.size} of ${approval.required} approvals`]),
    ...(claimedAtMs <= approval.executeByMs ? [] : [`${approvalId} was executed too late`]),
    ...bad.map(({ principal }) => `${approvalId} counts a decision of ${principal} that may not`),
  ];
}

/** Field by field, the broker has received what was signed. */
function asSigned({ broker, approvals, submissions }: Evidence): string[] {
  const frames = broker.placements.map(({ fields, clientId }) => ({
    ref: String(fields['orderRef']),
    got: {
      conId: fields['conId'],
      action: fields['action'],
      quantity: number(fields['totalQuantity']),
      orderType: fields['orderType'],
      limitPrice: number(fields['lmtPrice']),
      tif: fields['tif'],
      account: fields['account'],
      orderId: fields['orderId'],
      clientId,
    },
  }));
  const orders = broker.orders.map((order) => ({
    ref: order.orderRef,
    got: {
      conId: order.conId,
      action: order.action,
      quantity: order.quantity,
      orderType: order.orderType,
      limitPrice: number(order.limitPrice),
      tif: order.tif,
      account: order.account,
      orderId: order.orderId,
      clientId: order.clientId,
    },
  }));
  return [...frames, ...orders].flatMap(({ ref, got }) => {
    const claim = submissions.find(({ intentId }) => intentId === ref);
    const approval = approvals.find(({ approvalId }) => approvalId === claim?.approvalId);
    if (claim === undefined || approval === undefined) return []; // said by another check
    const want = { ...signedTerms(approval), orderId: claim.orderId, clientId: claim.clientId };
    const names = Object.keys(want) as (keyof typeof want)[];
    const other = names.filter((name) => want[name] !== got[name]);
    const isWhole = `sha256:${hash('sha256', approval.envelope, 'hex')}` === approval.envelopeHash;
    return [
      ...(isWhole ? [] : [`the stored envelope of ${ref} is not the one that was signed`]),
      ...other.map((n) => `${ref}: ${n} is ${String(got[n])}, signed was ${String(want[n])}`),
    ];
  });
}

function signedTerms({ envelope }: ApprovalRow): Record<string, unknown> {
  const { terms } = JSON.parse(envelope) as { terms: Record<string, unknown> };
  return {
    conId: terms['conId'],
    action: terms['side'],
    quantity: number(terms['quantity']),
    orderType: terms['orderType'],
    limitPrice: number(terms['limitPrice']),
    tif: terms['tif'],
    account: terms['account'],
  };
}

function number(value: unknown): number | null {
  return value === undefined || value === null || value === '' ? null : Number(value);
}

/** No order is claimed between an activation of the kill switch and its release. */
function haltedMeansHalted({ audit }: Evidence): string[] {
  let isHalted = false;
  const problems: string[] = [];
  for (const event of audit) {
    const { type, intentId } = bodyOf(event);
    if (type === 'KillSwitchActivated') isHalted = true;
    if (type === 'KillSwitchReleased') isHalted = false;
    if (type === 'OrderClaimed' && isHalted) problems.push(`${String(intentId)} was claimed`);
  }
  return problems;
}

/** The chain verifies without a gap, and folding it gives the projection. */
async function auditHolds({ audit, orders }: Evidence): Promise<string[]> {
  const stream = async function* () {
    yield* await Promise.resolve(audit);
  };
  const { problems, events } = await verifyChain(stream(), []);
  const folded = orders.flatMap(({ intentId, state }) => {
    const last = statesOf(audit, intentId).at(-1) ?? 'nothing';
    return last === state ? [] : [`${intentId} is ${state} and its events say ${last}`];
  });
  return [
    ...problems.map(({ seq, kind, message }) => `event ${seq} ${kind}: ${message}`),
    ...(events === audit.at(-1)?.seq ? [] : ['the chain has a gap or is empty']),
    ...folded,
  ];
}

/** Fills = what the ledger says = what was added to positions = what was paid, and no execution counts twice. */
function moneyAddsUp(evidence: Evidence): string[] {
  const { orders, broker } = evidence;
  const ids = new Set(broker.executions.map(({ execId }) => execId));
  const perOrder = orders.flatMap(({ intentId, quantity, filled, commission }) => {
    const fills = broker.executions.filter(({ orderRef }) => orderRef === intentId);
    const shares = fills.reduce((sum, each) => sum.plus(each.shares), dec('0'));
    const fees = fills.reduce((sum, each) => sum.plus(each.commission), dec('0'));
    return [
      ...(shares.lte(quantity) ? [] : [`${intentId} filled ${shares.toFixed()} of ${quantity}`]),
      ...(shares.eq(filled)
        ? []
        : [`${intentId}: the ledger says ${filled}, the broker ${shares.toFixed()}`]),
      ...(fees.eq(commission ?? '0')
        ? []
        : [`${intentId}: commission ${commission ?? '0'}, the broker took ${fees.toFixed()}`]),
    ];
  });
  return [
    ...(ids.size === broker.executions.length ? [] : ['an execution id was given twice']),
    ...perOrder,
    ...accountProblems(evidence),
  ];
}

function accountProblems({ broker, opening }: Evidence): string[] {
  return broker.accounts.flatMap(({ id, cash, positions }) => {
    const before = opening.find((account) => account.id === id);
    if (before === undefined) return [`account ${id} was not there before`];
    const refs = new Map(broker.orders.map((order) => [order.permId, order]));
    const fills = broker.executions.filter(({ permId }) => refs.get(permId)?.account === id);
    const paid = fills.reduce(
      (sum, fill) => sum.plus(signed(fill).times(fill.price)).plus(fill.commission),
      dec('0'),
    );
    const conIds = new Set([...positions, ...before.positions].map(({ conId }) => conId));
    const moved = [...conIds].flatMap((conId) => {
      const held = (where: typeof positions): number =>
        where.find((position) => position.conId === conId)?.quantity ?? 0;
      const filled = fills
        .filter(({ permId }) => refs.get(permId)?.conId === conId)
        .reduce((sum, fill) => sum.plus(signed(fill)), dec('0'));
      const change = held(positions) - held(before.positions);
      return filled.eq(change) ? [] : [`${id}: position ${conId} moved by ${change}`];
    });
    const change = dec(before.cash).minus(cash);
    // The control port shows cash to the cent.
    const isPaid = change.minus(paid).abs().lte('0.01');
    return [
      ...moved,
      ...(isPaid ? [] : [`${id}: ${change.toFixed()} paid, not ${paid.toFixed()}`]),
    ];
  });
}

function signed({ side, shares }: SimExecutionState): ReturnType<typeof dec> {
  return side === 'BOT' ? dec(String(shares)) : dec(String(-shares));
}

/** Nothing secret lies in the trail or in a log. */
function noSecrets({ secrets, audit, logs }: Evidence): string[] {
  return secrets.flatMap((secret, index) => [
    ...(audit.some(({ body }) => body.includes(secret)) ? [`secret ${index} is in the trail`] : []),
    ...(logs.includes(secret) ? [`secret ${index} is in a log`] : []),
  ]);
}

const checks: Readonly<Record<string, Check>> = {
  'I-1': oneOutcome,
  'I-2': atMostOnce,
  'I-3': approvedBefore,
  'I-4': asSigned,
  'I-5': haltedMeansHalted,
  'I-6': auditHolds,
  'I-7': moneyAddsUp,
  'I-8': noSecrets,
  'I-9': limitsAreHeld,
};

type Body = {
  readonly type?: string;
  readonly intentId?: string | null;
  readonly payload?: Readonly<Record<string, unknown>>;
};

function bodyOf({ body }: { readonly body: string }): Body {
  return JSON.parse(body) as Body;
}

const stateAfter: Readonly<Record<string, string>> = {
  OrderProposed: 'Proposed',
  OrderDenied: 'Denied',
  ApprovalRequested: 'AwaitingApproval',
  ApprovalDeclined: 'Declined',
  ApprovalExpired: 'Expired',
  ApprovalWithdrawn: 'Withdrawn',
  ApprovalStale: 'Stale',
  OrderHalted: 'Halted',
  OrderClaimed: 'Submitting',
  OrderUnconfirmed: 'Unconfirmed',
  OrderNotSent: 'NotSent',
};

/** The states that the trail takes an order through, each once per event. */
function statesOf(audit: Evidence['audit'], intentId: string): string[] {
  return audit.flatMap((event) => {
    const { type, intentId: of, payload } = bodyOf(event);
    if (of !== intentId || type === undefined) return [];
    if (type === 'ApprovalGranted') return payload?.['status'] === 'granted' ? ['Approved'] : [];
    const told = payload?.['state'];
    if (/^Order(Acknow|Part|Fill|Cancel|Reject|Deact)/.test(type) && typeof told === 'string')
      return [told];
    return type in stateAfter ? [stateAfter[type] ?? ''] : [];
  });
}
