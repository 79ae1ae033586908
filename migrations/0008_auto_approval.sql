-- Approvals that no person gave: the policy's decision is a row like everybody's, and this is what it was made of.

ALTER TABLE decisions DROP CONSTRAINT decisions_channel_check;
ALTER TABLE decisions ADD CONSTRAINT decisions_channel_check
  CHECK (channel IN ('http', 'cli', 'temporal', 'policy'));
-- Nobody else speaks through that channel, and the policy through no other one.
ALTER TABLE decisions ADD CONSTRAINT decisions_policy_check
  CHECK ((channel = 'policy') = (principal = 'sys_auto'));

-- notional: worst case in base currency; market_at: the market's clock, which windows and schedules go by.
-- An intent is approved automatically at most once: after a breach a person decides.
CREATE TABLE auto_approvals (
  approval_id text PRIMARY KEY REFERENCES approvals,
  decision_id text NOT NULL UNIQUE REFERENCES decisions,
  intent_id   text NOT NULL UNIQUE REFERENCES intents,
  proposer    text NOT NULL,
  con_id      bigint NOT NULL,
  notional    numeric NOT NULL CHECK (notional > 0),
  schedule    text,
  market_at   timestamptz,
  matched     json NOT NULL,
  policy_hash text NOT NULL,
  at          timestamptz NOT NULL
);
CREATE INDEX auto_approvals_usage ON auto_approvals (proposer, con_id, at);

GRANT SELECT, INSERT ON auto_approvals TO countersign_app;
