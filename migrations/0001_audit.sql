-- The audit chain. Rows are appended by append_audit() alone and never change: the application role may only
-- SELECT and INSERT, and a trigger refuses everything else for every role, the owner included.

CREATE TABLE audit_events (
  seq            bigint PRIMARY KEY CHECK (seq > 0),
  at             text NOT NULL CHECK (at ~ '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$'),
  type           text NOT NULL,
  correlation_id text NOT NULL,
  intent_id      text,
  actor_kind     text NOT NULL,
  actor_id       text NOT NULL,
  actor_channel  text NOT NULL,
  body           text NOT NULL,
  previous_hash  text NOT NULL CHECK (previous_hash ~ '^[0-9a-f]{64}$'),
  hash           text NOT NULL CHECK (hash ~ '^[0-9a-f]{64}$')
);
CREATE INDEX audit_events_intent ON audit_events (intent_id, seq) WHERE intent_id IS NOT NULL;
CREATE INDEX audit_events_correlation ON audit_events (correlation_id, seq);
CREATE INDEX audit_events_type ON audit_events (type, seq);

CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit_events is append-only: % is refused', TG_OP
    USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

-- Chains RFC 8785 texts to the last row. The lock lasts until the transaction ends, so the next writer sees this
-- one's rows or none of them; at READ COMMITTED each statement below has a snapshot taken after the lock was
-- granted. (At a stricter level the snapshot could be older: the primary key then refuses the second row.)
CREATE FUNCTION append_audit(bodies text[]) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  last_seq  bigint;
  last_hash text;
  last_at   text;
  event     record;
  text_body text;
BEGIN
  PERFORM pg_advisory_xact_lock(4851, 1);
  SELECT seq, hash, at INTO last_seq, last_hash, last_at FROM audit_events ORDER BY seq DESC LIMIT 1;
  IF NOT FOUND THEN
    last_seq := 0;
    last_hash := repeat('0', 64);
    last_at := '';
  END IF;
  FOREACH text_body IN ARRAY bodies LOOP
    -- One pass over the text: a body may be large.
    SELECT e.type, e."correlationId" AS correlation_id, e."intentId" AS intent_id,
        e.actor->>'kind' AS kind, e.actor->>'id' AS id, e.actor->>'channel' AS channel
      INTO event
      FROM json_to_record(text_body::json)
        AS e (type text, "correlationId" text, "intentId" text, actor json);
    last_seq := last_seq + 1;
    last_at := greatest(
      last_at COLLATE "C",
      to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') COLLATE "C");
    INSERT INTO audit_events (seq, at, type, correlation_id, intent_id, actor_kind, actor_id,
      actor_channel, body, previous_hash, hash)
    VALUES (last_seq, last_at, event.type, event.correlation_id, event.intent_id,
      event.kind, event.id, event.channel, text_body, last_hash,
      encode(sha256(convert_to(
        last_hash || E'\n' || last_seq || E'\n' || last_at || E'\n' || text_body, 'UTF8')), 'hex'))
    RETURNING hash INTO last_hash;
  END LOOP;
  RETURN last_seq;
END $$;

GRANT SELECT, INSERT ON audit_events TO countersign_app;
