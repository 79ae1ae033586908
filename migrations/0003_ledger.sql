-- The ledger of orders. JSON columns are of type json, not jsonb: they keep the text that was written.

CREATE TABLE intents (
  intent_id       text PRIMARY KEY,
  ordinal         bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  proposer        text NOT NULL,
  idempotency_key text NOT NULL,
  body_hash       text NOT NULL,
  account         text NOT NULL,
  con_id          bigint NOT NULL,
  side            text NOT NULL,
  quantity        numeric NOT NULL CHECK (quantity > 0),
  limit_price     numeric,
  terms           json NOT NULL,
  contract        json NOT NULL,
  reason          text NOT NULL,
  strategy_tag    text,
  valid_for_ms    integer CHECK (valid_for_ms > 0),
  proposed_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (proposer, idempotency_key)
);
CREATE INDEX intents_recent ON intents (account, proposed_at);
CREATE INDEX intents_proposer ON intents (proposer, ordinal);

-- Every transaction that changes an order holds this row's lock: it serialises the order's life.
CREATE TABLE orders (
  intent_id      text PRIMARY KEY REFERENCES intents,
  state          text NOT NULL DEFAULT 'Proposed',
  version        integer NOT NULL DEFAULT 1,
  round          integer NOT NULL DEFAULT 0,
  approval_id    text,
  verdict        json,
  simulation     json,
  breaches       json,
  decline_reason text,
  filled         numeric NOT NULL DEFAULT 0,
  average_price  numeric,
  commission     numeric,
  updated_at     timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX orders_not_started ON orders (updated_at) WHERE state = 'Proposed';
CREATE INDEX orders_state ON orders (state);

CREATE TABLE approvals (
  approval_id   text PRIMARY KEY,
  intent_id     text NOT NULL REFERENCES intents,
  round         integer NOT NULL CHECK (round > 0),
  status        text NOT NULL DEFAULT 'open' CHECK (status IN
    ('open', 'granted', 'declined', 'expired', 'withdrawn', 'stale', 'consumed', 'halted')),
  envelope      text NOT NULL,
  envelope_hash text NOT NULL,
  required      integer NOT NULL CHECK (required > 0),
  requested_at  timestamptz NOT NULL,
  expires_at    timestamptz NOT NULL,
  execute_by    timestamptz NOT NULL CHECK (execute_by >= expires_at),
  settled_at    timestamptz,
  settled_by    text,
  followed_at   timestamptz,
  UNIQUE (intent_id, round)
);
CREATE INDEX approvals_open ON approvals (expires_at) WHERE status = 'open';
CREATE INDEX approvals_unfollowed ON approvals (settled_at)
  WHERE followed_at IS NULL AND status IN ('granted', 'declined', 'withdrawn');

CREATE TABLE gate_rounds (
  intent_id    text NOT NULL REFERENCES intents,
  round        integer NOT NULL CHECK (round > 0),
  outcome      text NOT NULL CHECK (outcome IN ('denied', 'halted', 'awaiting')),
  approval_id  text REFERENCES approvals,
  verdict      json,
  simulation   json,
  evaluated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (intent_id, round)
);

CREATE TABLE decisions (
  decision_id   text PRIMARY KEY,
  approval_id   text NOT NULL REFERENCES approvals,
  decision      text NOT NULL CHECK (decision IN ('grant', 'deny')),
  principal     text NOT NULL,
  channel       text NOT NULL CHECK (channel IN ('http', 'cli', 'temporal')),
  envelope_hash text,
  reason        text,
  at            timestamptz NOT NULL,
  consumed_at   timestamptz,
  UNIQUE (approval_id, principal, decision)
);

-- What open approvals and sent orders hold of the limits. Released once, when the order is terminal.
-- ended_at: the gateway process's clock at the broker's last word, null where the order never left.
CREATE TABLE reservations (
  intent_id   text PRIMARY KEY REFERENCES intents,
  account     text NOT NULL,
  con_id      bigint NOT NULL,
  side        text NOT NULL,
  quantity    numeric NOT NULL,
  notional    numeric NOT NULL,
  released_at timestamptz,
  ended_at    timestamptz
);
CREATE INDEX reservations_held ON reservations (account) WHERE released_at IS NULL;
CREATE INDEX reservations_ended ON reservations (account, released_at) WHERE ended_at IS NOT NULL;

-- The highest order id that each client id ever claimed.
CREATE TABLE order_ids (
  client_id integer PRIMARY KEY,
  last_id   bigint NOT NULL
);

-- One claim per intent, for ever. written_at null and outcome null = only reconciliation knows.
CREATE TABLE submissions (
  intent_id   text PRIMARY KEY REFERENCES intents,
  approval_id text NOT NULL UNIQUE REFERENCES approvals,
  account     text NOT NULL,
  client_id   integer NOT NULL,
  order_id    bigint NOT NULL,
  claimed_at  timestamptz NOT NULL,
  written_at  timestamptz,
  outcome     text CHECK (outcome IN ('sent', 'not-sent')),
  perm_id     text,
  UNIQUE (client_id, order_id)
);
CREATE INDEX submissions_day ON submissions (account, claimed_at);
CREATE INDEX submissions_perm ON submissions (perm_id) WHERE perm_id IS NOT NULL;
CREATE INDEX submissions_unwritten ON submissions (claimed_at)
  WHERE written_at IS NULL AND outcome IS NULL;

CREATE TABLE broker_events (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  dedup_key  text NOT NULL,
  kind       text NOT NULL,
  intent_id  text REFERENCES intents,
  order_id   bigint,
  client_id  integer,
  perm_id    text,
  exec_id    text,
  quantity   numeric,
  price      numeric,
  commission numeric,
  filled     numeric,
  event      json NOT NULL,
  stored_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  applied_at timestamptz
);
-- An execution id is unique in the world. Other keys carry an order id, which is unique per client id, or a
-- permId that is 0 until IBKR has given one.
CREATE UNIQUE INDEX broker_events_execution ON broker_events (dedup_key)
  WHERE kind IN ('execution', 'commission');
CREATE UNIQUE INDEX broker_events_other ON broker_events (dedup_key, client_id, order_id)
  NULLS NOT DISTINCT WHERE kind NOT IN ('execution', 'commission');
CREATE INDEX broker_events_intent ON broker_events (intent_id, id);
CREATE INDEX broker_events_news ON broker_events (stored_at)
  WHERE applied_at IS NULL AND intent_id IS NOT NULL;
CREATE INDEX broker_events_exec ON broker_events (exec_id) WHERE exec_id IS NOT NULL;
CREATE INDEX broker_events_orphan ON broker_events (exec_id)
  WHERE intent_id IS NULL AND kind = 'commission';

GRANT SELECT, INSERT ON intents, gate_rounds TO countersign_app;
GRANT SELECT, INSERT, UPDATE ON orders, reservations, order_ids TO countersign_app;
GRANT SELECT, INSERT ON approvals, decisions, submissions, broker_events TO countersign_app;
GRANT UPDATE (status, settled_at, settled_by, followed_at) ON approvals TO countersign_app;
GRANT UPDATE (consumed_at) ON decisions TO countersign_app;
GRANT UPDATE (written_at, outcome, perm_id) ON submissions TO countersign_app;
GRANT UPDATE (intent_id, applied_at) ON broker_events TO countersign_app;
