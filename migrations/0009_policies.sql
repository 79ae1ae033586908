-- Every risk policy that was ever in force, as its validated text, and which one is: the newest activation.
CREATE TABLE policies (
  hash     text PRIMARY KEY,
  version  text NOT NULL,
  source   text NOT NULL,
  seen_at  timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TABLE policy_activations (
  activation_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  hash          text NOT NULL REFERENCES policies,
  previous_hash text REFERENCES policies,
  by_id         text NOT NULL,
  at            timestamptz NOT NULL DEFAULT clock_timestamp()
);
-- Said by one person in live, until another one says the same. A later activation makes it void.
CREATE TABLE policy_proposals (
  hash             text NOT NULL,
  after_activation bigint NOT NULL REFERENCES policy_activations,
  by_id            text NOT NULL,
  at               timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (hash, after_activation)
);
GRANT SELECT, INSERT ON policies, policy_activations, policy_proposals TO countersign_app;

UPDATE principals SET roles = array_append(roles, 'risk:configure')
  WHERE kind = 'operator' AND NOT 'risk:configure' = ANY (roles);
