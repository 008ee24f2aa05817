-- Whether a sealed round was a follow-up, which no rate counts; null = sealed before this was kept, and deleted by retention.
ALTER TABLE round_summary ADD COLUMN kind VARCHAR(10) CHECK (kind IN ('SCHEDULED', 'MANUAL', 'FOLLOW_UP'));
ALTER TABLE round_summary DISABLE TRIGGER sealed_rows;
UPDATE round_summary SET kind = (SELECT r.kind FROM round r WHERE r.round_id = round_summary.round_id);
ALTER TABLE round_summary ENABLE TRIGGER sealed_rows;
