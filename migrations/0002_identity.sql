-- People, agents and their keys. Secrets are SHA-256 digests; the plain text is never here.

CREATE TABLE principals (
  principal_id text PRIMARY KEY,
  kind         text NOT NULL CHECK (kind IN ('agent', 'operator', 'service')),
  name         text NOT NULL,
  roles        text[] NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (kind, name)
);

CREATE TABLE agent_keys (
  principal_id text PRIMARY KEY REFERENCES principals,
  prefix       text NOT NULL UNIQUE,
  digest       text NOT NULL CHECK (digest ~ '^[0-9a-f]{64}$'),
  created_at   timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE login_links (
  digest       text PRIMARY KEY CHECK (digest ~ '^[0-9a-f]{64}$'),
  principal_id text NOT NULL REFERENCES principals,
  expires_at   timestamptz NOT NULL,
  used_at      timestamptz
);

CREATE TABLE operator_sessions (
  digest       text PRIMARY KEY CHECK (digest ~ '^[0-9a-f]{64}$'),
  principal_id text NOT NULL REFERENCES principals,
  expires_at   timestamptz NOT NULL,
  ended_at     timestamptz
);

GRANT SELECT, INSERT ON principals TO countersign_app;
GRANT SELECT, INSERT, UPDATE ON agent_keys, login_links, operator_sessions TO countersign_app;
