-- What was sent and what came back, byte for byte, as far as the job stores it. Apart from the rows, because scans skip it, and in
-- ranges of round numbers, so that retention drops a range whole. The ranges are made as rounds are opened. No foreign key: with
-- one, making and dropping a range would stop every writer of synapse_history; a body is written in its attempt's transaction.
CREATE TABLE synapse_body (
  round_id         BIGINT  NOT NULL,
  uid              INTEGER NOT NULL,
  attempt          INTEGER NOT NULL,
  request_body     BYTEA   NOT NULL,
  response_body    BYTEA,
  response_headers VARCHAR(262144),                        -- ASCII JSON object: name to list of values, capped
  PRIMARY KEY (round_id, uid, attempt)
) PARTITION BY RANGE (round_id);

-- The extracted fields once more, for questions inside them. The text stays what is sealed and exported. An axon can write JSON
-- that jsonb cannot hold (U+0000, half a character, a number out of range): that row has no jsonb, and no other row suffers.
CREATE FUNCTION jsonb_or_null(source TEXT) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  RETURN source::jsonb;
EXCEPTION WHEN OTHERS THEN
  RETURN NULL;
END $$;

ALTER TABLE scoring_input ADD COLUMN fields_jsonb jsonb GENERATED ALWAYS AS (jsonb_or_null(fields)) STORED;

-- What a seal covers does not change: the database refuses it, whoever asks, unless retention has marked the round as being
-- deleted. A sealed round gets no further rows either, nor rows of other rounds: whoever adds one has to find the round open, and
-- keeps it from being sealed until that is committed.
CREATE FUNCTION refuse_sealed_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' AND EXISTS (SELECT 1 FROM public.round r
                                    WHERE r.round_id = OLD.round_id AND r.state = 'SEALED'
                                      AND (TG_OP = 'UPDATE' OR r.pruned_at IS NULL)) THEN
    RAISE EXCEPTION 'round % is sealed: its rows in % do not change', OLD.round_id, TG_TABLE_NAME
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN
    RETURN OLD;
  END IF;
  IF TG_OP = 'INSERT' OR NEW.round_id <> OLD.round_id THEN
    PERFORM 1 FROM public.round r WHERE r.round_id = NEW.round_id AND r.state = 'OPEN' FOR SHARE;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'round % is not open: it gets no more rows in %', NEW.round_id, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION refuse_sealed_round() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state = 'SEALED' THEN
    IF TG_OP = 'DELETE' AND OLD.pruned_at IS NULL THEN
      RAISE EXCEPTION 'round % is sealed: it goes by retention only', OLD.round_id
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'UPDATE'
       AND to_jsonb(NEW) - 'exported_at' - 'pruned_at' <> to_jsonb(OLD) - 'exported_at' - 'pruned_at' THEN
      RAISE EXCEPTION 'round % is sealed: it does not change', OLD.round_id
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
  END IF;
  IF TG_OP = 'DELETE' THEN
    RETURN OLD;
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION refuse_any_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER sealed_rows BEFORE UPDATE OR DELETE ON round FOR EACH ROW EXECUTE FUNCTION refuse_sealed_round();
CREATE TRIGGER sealed_rows BEFORE UPDATE OR DELETE ON target FOR EACH ROW EXECUTE FUNCTION refuse_sealed_change();
CREATE TRIGGER sealed_rows BEFORE UPDATE OR DELETE ON challenge FOR EACH ROW EXECUTE FUNCTION refuse_sealed_change();
CREATE TRIGGER sealed_rows BEFORE UPDATE OR DELETE ON synapse_history FOR EACH ROW EXECUTE FUNCTION refuse_sealed_change();
CREATE TRIGGER sealed_rows BEFORE UPDATE OR DELETE ON scoring_input FOR EACH ROW EXECUTE FUNCTION refuse_sealed_change();
-- Bodies may go at any time, but not change.
CREATE TRIGGER sealed_rows BEFORE UPDATE ON synapse_body FOR EACH ROW EXECUTE FUNCTION refuse_sealed_change();

CREATE TRIGGER no_more_rows BEFORE INSERT ON target FOR EACH ROW EXECUTE FUNCTION refuse_sealed_change();
CREATE TRIGGER no_more_rows BEFORE INSERT ON challenge FOR EACH ROW EXECUTE FUNCTION refuse_sealed_change();
CREATE TRIGGER no_more_rows BEFORE INSERT ON synapse_history FOR EACH ROW EXECUTE FUNCTION refuse_sealed_change();
CREATE TRIGGER no_more_rows BEFORE INSERT ON scoring_input FOR EACH ROW EXECUTE FUNCTION refuse_sealed_change();
CREATE TRIGGER no_more_rows BEFORE INSERT ON synapse_body FOR EACH ROW EXECUTE FUNCTION refuse_sealed_change();

-- Seals, and the narrow rows written with them, are only ever added.
CREATE TRIGGER sealed_rows BEFORE UPDATE OR DELETE ON seal FOR EACH ROW EXECUTE FUNCTION refuse_any_change();
CREATE TRIGGER sealed_rows BEFORE UPDATE OR DELETE ON round_summary FOR EACH ROW EXECUTE FUNCTION refuse_any_change();
CREATE TRIGGER sealed_rows BEFORE UPDATE OR DELETE ON round_outcome FOR EACH ROW EXECUTE FUNCTION refuse_any_change();

-- TRUNCATE asks no row.
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON round FOR EACH STATEMENT EXECUTE FUNCTION refuse_any_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON target FOR EACH STATEMENT EXECUTE FUNCTION refuse_any_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON challenge FOR EACH STATEMENT EXECUTE FUNCTION refuse_any_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON synapse_history FOR EACH STATEMENT EXECUTE FUNCTION refuse_any_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON scoring_input FOR EACH STATEMENT EXECUTE FUNCTION refuse_any_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON seal FOR EACH STATEMENT EXECUTE FUNCTION refuse_any_change();
