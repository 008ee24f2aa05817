-- How old a round's snapshot was when the round opened, and what was to be said of it; what the chain's subnet state tells of a
-- neuron.
ALTER TABLE round ADD COLUMN snapshot_age_seconds BIGINT;
ALTER TABLE round ADD COLUMN snapshot_notes VARCHAR(2000);
UPDATE round
   SET snapshot_age_seconds =
         (SELECT GREATEST(0, CAST(EXTRACT(EPOCH FROM (round.opened_at - s.taken_at)) AS BIGINT))
            FROM snapshot s WHERE s.snapshot_id = round.snapshot_id);

ALTER TABLE neuron ADD COLUMN total_stake_rao NUMERIC(20, 0);
ALTER TABLE neuron ADD COLUMN registered_block BIGINT;
