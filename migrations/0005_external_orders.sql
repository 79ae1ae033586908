-- Orders at the broker that are not ours: made in TWS, or by other programs on the same login. One row each, with the
-- last that was heard; what was said of them is in broker_events. The key is the permId, or <client>/<order id> until
-- IBKR has given one.

CREATE TABLE external_orders (
  order_key     text PRIMARY KEY,
  perm_id       text,
  client_id     integer,
  order_id      bigint,
  order_ref     text,
  account       text,
  con_id        bigint,
  symbol        text,
  side          text,
  order_type    text,
  tif           text,
  quantity      numeric,
  limit_price   numeric,
  status        text,
  filled        numeric NOT NULL DEFAULT 0,
  average_price numeric,
  first_seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  last_seen_at  timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX external_orders_account ON external_orders (account, last_seen_at);
CREATE INDEX broker_events_perm ON broker_events (perm_id) WHERE perm_id IS NOT NULL;

-- Their executions. IBKR corrects one by another whose id differs after the last dot only; the highest counts.
CREATE VIEW external_executions AS
  SELECT DISTINCT ON (regexp_replace(e.exec_id, '\.[^.]*$', ''))
    o.order_key, e.exec_id, e.quantity, e.price,
    c.commission, c.event->'commission'->>'currency' AS commission_currency, e.stored_at
  FROM broker_events e
  JOIN external_orders o ON o.perm_id = e.perm_id
  LEFT JOIN broker_events c ON c.kind = 'commission' AND c.exec_id = e.exec_id
  WHERE e.kind = 'execution' AND e.intent_id IS NULL
  ORDER BY regexp_replace(e.exec_id, '\.[^.]*$', ''), length(e.exec_id) DESC, e.exec_id DESC;

GRANT SELECT, INSERT, UPDATE ON external_orders TO countersign_app;
GRANT SELECT ON external_executions TO countersign_app;
