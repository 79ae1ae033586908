-- The kill switch and the sender's lease.

CREATE TABLE trading_state (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  state    text NOT NULL CHECK (state IN ('active', 'released')),
  reason   text,
  by_id    text,
  at       timestamptz
);
INSERT INTO trading_state (state) VALUES ('released');

CREATE TABLE sender_leases (
  name       text PRIMARY KEY,
  holder     text NOT NULL,
  expires_at timestamptz NOT NULL
);

GRANT SELECT, UPDATE (state, reason, by_id, at) ON trading_state TO countersign_app;
GRANT SELECT, INSERT, UPDATE ON sender_leases TO countersign_app;
