-- What the gate remembers between orders: latches, the marks of the equity, and who holds which part of the limits.

-- A rule that has stopped trading until an operator releases it. set_by: the intent whose verdict set it, or monitor.
CREATE TABLE latches (
  latch_id       text PRIMARY KEY,
  account        text NOT NULL,
  rule           text NOT NULL,
  scope          text NOT NULL,
  observed       text NOT NULL,
  limit_text     text NOT NULL,
  set_at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  set_by         text NOT NULL,
  released_at    timestamptz,
  released_by    text,
  release_reason text,
  CHECK (num_nulls(released_at, released_by, release_reason) IN (0, 3))
);
CREATE UNIQUE INDEX latches_active ON latches (account, rule, scope) WHERE released_at IS NULL;

-- Net liquidation value in base currency. week (its Monday) and day are days of the market, YYYYMMDD, that `last`
-- belongs to.
CREATE TABLE equity_marks (
  account    text PRIMARY KEY,
  currency   text NOT NULL,
  highest    numeric NOT NULL,
  week_start numeric NOT NULL,
  day_start  numeric NOT NULL,
  last       numeric NOT NULL,
  week       text NOT NULL,
  day        text NOT NULL,
  seen_at    timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Budgets count what an agent's orders have reserved, also after it was released.
ALTER TABLE reservations
  ADD COLUMN sector text NOT NULL DEFAULT '',
  ADD COLUMN proposer text,
  ADD COLUMN reserved_at timestamptz NOT NULL DEFAULT clock_timestamp();
UPDATE reservations r SET proposer = i.proposer, reserved_at = i.proposed_at
  FROM intents i WHERE i.intent_id = r.intent_id;
ALTER TABLE reservations ALTER COLUMN proposer SET NOT NULL;
CREATE INDEX reservations_agent ON reservations (proposer, reserved_at);
CREATE INDEX reservations_agent_held ON reservations (proposer) WHERE released_at IS NULL;

-- What the gate reads of each order stays as much as one window holds, however long the ledger is.
CREATE INDEX intents_asked ON intents (proposer, proposed_at);
CREATE INDEX intents_instrument ON intents (account, con_id, proposed_at);
DROP INDEX intents_recent;
CREATE INDEX submissions_counted ON submissions (account, claimed_at)
  WHERE outcome IS DISTINCT FROM 'not-sent';
DROP INDEX submissions_day;

GRANT SELECT, INSERT ON latches TO countersign_app;
GRANT UPDATE (released_at, released_by, release_reason) ON latches TO countersign_app;
GRANT SELECT, INSERT, UPDATE ON equity_marks TO countersign_app;
