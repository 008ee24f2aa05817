-- A sealed round gets no further rows either, nor rows of other rounds: whoever adds one has to find the round open, and keeps it
-- from being sealed until that is committed. Its challenges are as fixed as its targets. Bodies may go at any time, but not change.
CREATE OR REPLACE FUNCTION refuse_sealed_change() RETURNS trigger LANGUAGE plpgsql AS $$
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

CREATE TRIGGER no_more_rows BEFORE INSERT ON target FOR EACH ROW EXECUTE FUNCTION refuse_sealed_change();
CREATE TRIGGER no_more_rows BEFORE INSERT ON synapse_history FOR EACH ROW EXECUTE FUNCTION refuse_sealed_change();
CREATE TRIGGER no_more_rows BEFORE INSERT ON scoring_input FOR EACH ROW EXECUTE FUNCTION refuse_sealed_change();
CREATE TRIGGER no_more_rows BEFORE INSERT ON challenge FOR EACH ROW EXECUTE FUNCTION refuse_sealed_change();
CREATE TRIGGER no_more_rows BEFORE INSERT ON synapse_body FOR EACH ROW EXECUTE FUNCTION refuse_sealed_change();
CREATE TRIGGER sealed_rows BEFORE UPDATE OR DELETE ON challenge FOR EACH ROW EXECUTE FUNCTION refuse_sealed_change();
CREATE TRIGGER sealed_rows BEFORE UPDATE ON synapse_body FOR EACH ROW EXECUTE FUNCTION refuse_sealed_change();
CREATE TRIGGER sealed_rows BEFORE UPDATE OR DELETE ON round_summary FOR EACH ROW EXECUTE FUNCTION refuse_any_change();
CREATE TRIGGER sealed_rows BEFORE UPDATE OR DELETE ON round_outcome FOR EACH ROW EXECUTE FUNCTION refuse_any_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON round FOR EACH STATEMENT EXECUTE FUNCTION refuse_any_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON target FOR EACH STATEMENT EXECUTE FUNCTION refuse_any_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON synapse_history FOR EACH STATEMENT EXECUTE FUNCTION refuse_any_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON challenge FOR EACH STATEMENT EXECUTE FUNCTION refuse_any_change();
