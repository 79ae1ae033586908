// The faults that a run plants, one at a time, each with the fastest test that has to notice it. A fault is an exact
// replacement in one file: where the text is no longer there, the run says so instead of passing.

export type Fault = {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  readonly project: 'unit' | 'contract' | 'int';
  readonly testFile: string;
  /** The title of the test that has to go red as vitest joins it (`group > test`), or its beginning. */
  readonly test: string;
  /** Also part of the short run. */
  readonly quick?: true;
};

const submitTests = { project: 'int', testFile: 'test/store/submit.int.test.ts' } as const;
const ledgerTests = { project: 'int', testFile: 'test/store/ledger.int.test.ts' } as const;
const chainTests = { project: 'int', testFile: 'test/audit/chain.int.test.ts' } as const;
const doubtTests = { project: 'int', testFile: 'test/workflows/doubt.int.test.ts' } as const;
const placeTests = { project: 'contract', testFile: 'test/broker/place.contract.test.ts' } as const;
const gatewayTests = {
  project: 'unit',
  testFile: 'test/activities/broker-activities.test.ts',
} as const;

export const faults: readonly Fault[] = [
  {
    name: 'the lease is ignored when the bytes are to leave',
    file: 'src/activities/broker-activities.ts',
    find: 'mayWrite: () => ports.holdsLease() &&',
    replace: 'mayWrite: () =>',
    ...gatewayTests,
    test: 'the right to write > ends with the lease, also after the claim',
    quick: true,
  },
  {
    name: 'a doubtful order always counts as unclaimed',
    file: 'src/activities/broker-activities.ts',
    find: "if ((await ledger.submission(intentId)) === null) return { kind: 'unclaimed' };",
    replace: "if (intentId.length > 0) return { kind: 'unclaimed' };",
    ...gatewayTests,
    test: 'after a doubt > what the broker knows is recorded before it counts as found',
    quick: true,
  },
  {
    name: 'an unfinished answer counts as absence',
    file: 'src/activities/broker-activities.ts',
    find: "kind: evidence.complete ? 'absent' : 'unclear'",
    replace: "kind: 'absent'",
    ...gatewayTests,
    test: 'after a doubt > a claimed order that is not found, completely asked false',
    quick: true,
  },
  {
    name: 'a raw signal approves whatever the policy says',
    file: 'src/activities/order-activities.ts',
    find: 'if (!signalsCount() || approvalId === null)',
    replace: 'if (approvalId === null)',
    project: 'unit',
    testFile: 'test/activities/order-activities.test.ts',
    test: 'a signal that says "approve" > is nothing where the policy does not',
  },
  {
    name: 'a rule that cannot be evaluated passes',
    file: 'src/domain/risk/evaluate.ts',
    find: "return outcome === 'deny' || outcome === 'cannot-evaluate';",
    replace: "return outcome === 'deny';",
    project: 'unit',
    testFile: 'test/domain/risk/evaluate.test.ts',
    test: 'the verdict > is deny as soon as one needed fact is missing',
    quick: true,
  },
  {
    name: 'R2 does not see what open approvals have reserved',
    file: 'src/domain/risk/exposure.ts',
    find: 'for (const held of ledger.reservations) {',
    replace: 'for (const held of ledger.reservations.slice(0, 0)) {',
    project: 'unit',
    testFile: 'test/domain/risk/rules/r02-max-position-share.test.ts',
    test: 'R2: property > many orders of which each waits for approval',
    quick: true,
  },
  {
    name: 'the price may have left the signed band',
    file: 'src/domain/approval/breaches.ts',
    find: 'return value !== null && !value.lt(fixed(low)) && !value.gt(fixed(high));',
    replace: 'return value !== null && low <= high;',
    project: 'unit',
    testFile: 'test/domain/approval/breaches.test.ts',
    test: 'properties > the price is a breach exactly outside the band',
  },
  {
    name: 'the hash depends on the order of keys',
    file: 'src/domain/order/envelope.ts',
    find: 'const text = canonicalize(value);',
    replace: 'const text = JSON.stringify(value) ?? canonicalize(value);',
    project: 'unit',
    testFile: 'test/domain/order/envelope.test.ts',
    test: 'the canonical form > is the same for the same value',
  },
  {
    name: 'the verifier does not look at the links',
    file: 'src/audit/verify.ts',
    find: 'if (event.previousHash !== (last?.hash ?? firstPreviousHash))',
    replace: 'if (event.previousHash.length !== (last?.hash ?? firstPreviousHash).length)',
    project: 'unit',
    testFile: 'test/audit/verify.test.ts',
    test: 'verifyChain > refuses links that do not hash the event before them',
  },
  {
    name: 'the adapter sends an envelope with a foreign hash',
    file: 'src/broker/ibkr/place.ts',
    find: 'envelopeHash(envelope) === order.envelopeHash &&',
    replace: '',
    ...placeTests,
    test: 'place() > refuses, before any byte, whatever does not hold together',
  },
  {
    name: 'the adapter writes the same intent again',
    file: 'src/broker/ibkr/place.ts',
    find: 'if (usedIds.has(orderId) || usedIntents.has(intentId)) {',
    replace: 'if (usedIds.has(orderId) && usedIntents.size < 0) {',
    ...placeTests,
    test: 'place() > never writes the same order id or the same intent twice',
  },
  {
    name: 'the claim does not look at the kill switch',
    file: 'src/store/pg/ledger/claim.ts',
    find: 'if (approval.isHalted) {',
    replace: 'if (approval.isHalted && approval.isTooLate) {',
    ...submitTests,
    test: 'the kill switch > halts proposals and grants, allows denials, and changes once',
    quick: true,
  },
  {
    name: 'an approval that ran out is executed',
    file: 'src/store/pg/ledger/claim.ts',
    find: 'if (approval.isTooLate) {',
    replace: 'if (approval.isTooLate && approval.isHalted) {',
    ...ledgerTests,
    test: 'time > expires a granted order that is claimed too late',
  },
  {
    name: 'a claim that has grown old is written',
    file: 'src/store/pg/ledger/submit.ts',
    find: ': isInTime()',
    replace: ': isInTime() || intentId.length > 0',
    ...submitTests,
    test: 'submit > marks an order as not sent when it took too long',
  },
  {
    name: 'an order id is given out twice',
    file: 'src/store/pg/ledger/claim.ts',
    find: 'last_id = greatest(ids.last_id + 1, excluded.last_id)',
    replace: 'last_id = excluded.last_id',
    ...submitTests,
    test: 'submit > takes order ids above both the session and the high-water mark',
  },
  {
    name: 'a decision may name another envelope',
    file: 'src/store/pg/ledger/decisions.ts',
    find: "return named === approval.envelopeHash ? null : 'ENVELOPE_MISMATCH';",
    replace: 'return null;',
    ...ledgerTests,
    test: 'decisions > refuses another envelope',
    quick: true,
  },
  {
    name: 'the proposer may approve',
    file: 'src/store/pg/ledger/decisions.ts',
    find: "if (input.principal === order.proposer) return 'APPROVER_IS_PROPOSER';",
    replace: '',
    ...ledgerTests,
    test: 'decisions > refuses the proposer',
  },
  {
    name: 'an agent may approve',
    file: 'src/store/pg/ledger/decisions.ts',
    find: "if (input.principal.startsWith('agt_') || input.actor.kind === 'agent') return 'FORBIDDEN';",
    replace: '',
    ...ledgerTests,
    test: 'decisions > refuses another agent',
  },
  {
    name: 'the same broker event is stored twice',
    file: 'migrations/0003_ledger.sql',
    find: `CREATE UNIQUE INDEX broker_events_other ON broker_events (dedup_key, client_id, order_id)
  NULLS NOT DISTINCT WHERE`,
    replace: `CREATE INDEX broker_events_other ON broker_events (dedup_key, client_id, order_id)
  WHERE`,
    project: 'int',
    testFile: 'test/store/broker-events.int.test.ts',
    test: 'recording > stores each event once and names each intent once',
  },
  {
    name: 'the chain leaves the previous hash out',
    file: 'migrations/0001_audit.sql',
    find: "last_hash || E'\\n' || last_seq",
    replace: 'last_seq',
    ...chainTests,
    test: 'the chain > has no gap and no fork under fifty writers',
  },
  {
    name: 'the audit table may be emptied',
    file: 'migrations/0001_audit.sql',
    find: 'BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events',
    replace: 'BEFORE UPDATE OR DELETE ON audit_events',
    ...chainTests,
    test: 'the chain > refuses TRUNCATE audit_events',
  },
  {
    name: 'a failed attempt to send is repeated',
    file: 'src/workflows/activity-stubs.ts',
    find: 'retry: { maximumAttempts: 1 },',
    replace: 'retry: { maximumAttempts: 3 },',
    ...doubtTests,
    test: 'after an attempt to send that nobody can vouch for > looks at the broker, adopts',
  },
  {
    name: 'one absence is proof enough',
    file: 'src/workflows/reconcile-order.ts',
    find: 'if (workflowNowMs() - absentSince >= input.quarantineMs) {',
    replace: 'if (workflowNowMs() - absentSince >= 0) {',
    ...doubtTests,
    test: 'after an attempt to send that nobody can vouch for > gives up an order that is absent twice',
  },
  {
    name: 'an order exactly at its limit is denied',
    file: 'src/domain/risk/judge.ts',
    find: "if (observed.gt(limit)) return 'deny';",
    replace: "if (!observed.lt(limit)) return 'deny';",
    project: 'unit',
    testFile: 'test/domain/risk/rules/r01-max-notional.test.ts',
    test: 'R1: table > warn: exactly at the limit',
    quick: true,
  },
  {
    name: 'a rule runs although a fact that it needs is missing',
    file: 'src/domain/risk/evaluate.ts',
    find: "const result = missing === '' ? rule.check(input, limits[key]) : cannotEvaluate(missing);",
    replace: 'const result = rule.check(input, limits[key]);',
    project: 'unit',
    testFile: 'test/domain/risk/evaluate.test.ts',
    test: 'the verdict > lists several missing facts of one rule',
    quick: true,
  },
  {
    name: 'what approvals reserve does not count',
    file: 'src/domain/risk/exposure.ts',
    find: 'if (rest.isPositive()) total = total.plus(rest);',
    replace: 'if (rest.isNegative()) total = total.plus(rest);',
    project: 'unit',
    testFile: 'test/domain/risk/rules/r02-max-position-share.test.ts',
    test: 'R2: table > deny: a reservation counts',
    quick: true,
  },
  {
    name: 'a latch is forgotten when the limit is kept again',
    file: 'src/domain/risk/latched.ts',
    find: 'active.rule === rule && active.scope === scope',
    replace: 'active.rule === rule && active.scope !== scope',
    project: 'unit',
    testFile: 'test/domain/risk/rules/r08-daily-loss.test.ts',
    test: 'R8: table > deny: latched, although the day has recovered',
    quick: true,
  },
  {
    name: 'the nearest order is one lot too large',
    file: 'src/domain/risk/nearest.ts',
    find: 'return at(good).quantity;',
    replace: 'return at(bad).quantity;',
    project: 'unit',
    testFile: 'test/domain/risk/nearest.test.ts',
    test: 'the nearest order that passes > is the largest quantity at the same price',
    quick: true,
  },
  {
    name: 'a warning does not keep the policy from approving',
    file: 'src/domain/approval/policy/judge-auto-approval.ts',
    find: 'warning.length > 0 || verdict.warnings > 0,',
    replace: 'warning.length > 99,',
    project: 'unit',
    testFile: 'test/domain/approval/policy/judge-auto-approval.test.ts',
    test: 'what refuses > a rule that warns',
    quick: true,
  },
];
