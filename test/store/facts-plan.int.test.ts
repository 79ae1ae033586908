import { afterAll, beforeAll, expect, it } from 'vitest';
import { ledgerFacts } from '../../src/store/pg/ledger/facts-query.ts';
import { createDatabase, query, type TestDatabase } from '../support/database.ts';

/** Days of orders, one every ten seconds, of one account, ten agents and fifty instruments; checks of keys are off. */
const longLedger = `
  SET session_replication_role = replica;
  INSERT INTO intents (intent_id, proposer, idempotency_key, body_hash, account, con_id, side,
      quantity, terms, contract, reason, proposed_at)
    SELECT 'int_' || n, 'agt_' || n % 10, n, '', 'DU1', n % 50, 'BUY', 1, '{}', '{}', 'x',
      now() - n * interval '10 seconds' FROM generate_series(1, 30000) n;
  INSERT INTO orders (intent_id, state) SELECT intent_id, 'Filled' FROM intents;
  INSERT INTO submissions (intent_id, approval_id, account, client_id, order_id, claimed_at, outcome)
    SELECT intent_id, intent_id, account, 1, ordinal, proposed_at, 'sent' FROM intents;
  INSERT INTO reservations (intent_id, account, con_id, side, quantity, notional, released_at,
      ended_at, proposer, reserved_at)
    SELECT intent_id, account, con_id, side, 1, 100, proposed_at, proposed_at, proposer, proposed_at
    FROM intents;
  ANALYZE intents, orders, submissions, reservations`;
/** What the parameters of the statement stand for. */
const given: Readonly<Record<string, string>> = {
  ...{ $1: `'DU1'`, $2: 'NULL::text', $3: `'{}'`, $4: 'now()', $5: '5' },
  ...{ $6: '3600000', $7: `'agt_5'`, $8: 'false' },
};

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
  await query(database.ownerUrl, longLedger);
});
afterAll(() => database.drop());

it('reads no table of a long ledger from end to end', async () => {
  const text = ledgerFacts.text.replaceAll(/\$\d/g, (name) => given[name] ?? name);
  const rows = await query(database.ownerUrl, `EXPLAIN (COSTS OFF) ${text}`);
  const plan = rows.map((row) => String(row['QUERY PLAN']));
  expect(plan.length).toBeGreaterThan(10);
  const scanned = plan.filter((line) =>
    /Seq Scan on (intents|orders|submissions|reservations)/.test(line),
  );
  expect(scanned).toEqual([]);
});
