-- What a seal covers does not change: the database refuses it, whoever asks, unless retention has marked the round as being
-- deleted. Seals are only ever added.
CREATE FUNCTION refuse_sealed_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM public.round r
              WHERE r.round_id = OLD.round_id AND r.state = 'SEALED' AND (TG_OP = 'UPDATE' OR r.pruned_at IS NULL)) THEN
    RAISE EXCEPTION 'round % is sealed: its rows in % do not change', OLD.round_id, TG_TABLE_NAME
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN
    RETURN OLD;
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

CREATE TRIGGER sealed_rows BEFORE UPDATE OR DELETE ON scoring_input FOR EACH ROW EXECUTE FUNCTION refuse_sealed_change();
CREATE TRIGGER sealed_rows BEFORE UPDATE OR DELETE ON target FOR EACH ROW EXECUTE FUNCTION refuse_sealed_change();
CREATE TRIGGER sealed_rows BEFORE UPDATE OR DELETE ON synapse_history FOR EACH ROW EXECUTE FUNCTION refuse_sealed_change();
CREATE TRIGGER sealed_rows BEFORE UPDATE OR DELETE ON round FOR EACH ROW EXECUTE FUNCTION refuse_sealed_round();
CREATE TRIGGER sealed_rows BEFORE UPDATE OR DELETE ON seal FOR EACH ROW EXECUTE FUNCTION refuse_any_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON seal FOR EACH STATEMENT EXECUTE FUNCTION refuse_any_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON scoring_input FOR EACH STATEMENT EXECUTE FUNCTION refuse_any_change();
