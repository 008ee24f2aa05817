-- A job has one open round at the most, whoever opens it: its name while the round is open, null afterwards.
ALTER TABLE round ADD COLUMN open_job VARCHAR(63);
UPDATE round SET open_job = job
 WHERE round_id IN (SELECT MIN(o.round_id) FROM round o WHERE o.state = 'OPEN' GROUP BY o.job);
ALTER TABLE round ADD CONSTRAINT one_open_round UNIQUE (open_job);
ALTER TABLE round ADD CONSTRAINT open_job_is_the_job CHECK (open_job IS NULL OR (open_job = job AND state = 'OPEN'));
