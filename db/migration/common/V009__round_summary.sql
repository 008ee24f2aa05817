-- What is kept of every sealed round in a few narrow rows, so that questions over the whole history stay fast. Written with the
-- seal. Names its round by value, so that it outlives retention.
CREATE TABLE round_summary (
  round_id                BIGINT      NOT NULL PRIMARY KEY,
  job                     VARCHAR(63) NOT NULL,
  network                 VARCHAR(64) NOT NULL,
  netuid                  INTEGER     NOT NULL,
  block                   BIGINT      NOT NULL,
  opened_at               TIMESTAMP WITH TIME ZONE NOT NULL,
  sealed_at               TIMESTAMP WITH TIME ZONE NOT NULL,
  target_n                INTEGER     NOT NULL,
  asked_n                 INTEGER     NOT NULL,
  attempt_n               INTEGER     NOT NULL,
  denominator_n           INTEGER     NOT NULL,
  ok_n                    INTEGER     NOT NULL,
  miner_n                 INTEGER     NOT NULL,
  network_n               INTEGER     NOT NULL,
  validator_n             INTEGER     NOT NULL,
  response_bytes          BIGINT      NOT NULL,
  p50_nanos               BIGINT,
  p95_nanos               BIGINT,
  first_quarter_p50_nanos BIGINT,                          -- of the quarter asked first
  last_quarter_p50_nanos  BIGINT,
  rank_correlation        DOUBLE PRECISION                 -- of place and latency; above 0: the later asked look slower
);
CREATE INDEX round_summary_by_time ON round_summary (sealed_at, round_id, job);
CREATE INDEX round_summary_by_job ON round_summary (job, round_id);

CREATE TABLE round_outcome (
  round_id BIGINT      NOT NULL REFERENCES round_summary (round_id),
  outcome  VARCHAR(20) NOT NULL REFERENCES outcome (name),
  blame    VARCHAR(10) NOT NULL,
  target_n INTEGER     NOT NULL,
  PRIMARY KEY (round_id, outcome, blame)
);

-- Who held a uid in the snapshots rounds were opened on, each stay one row. Goes forward only: a snapshot older than the newest
-- known one of its subnet changes nothing here.
CREATE TABLE uid_tenure (
  network    VARCHAR(64) NOT NULL,
  netuid     INTEGER     NOT NULL,
  uid        INTEGER     NOT NULL,
  hotkey     VARCHAR(48) NOT NULL,
  from_block BIGINT      NOT NULL,                         -- of the first snapshot that shows it
  to_block   BIGINT      NOT NULL,                         -- of the last one
  latest     BOOLEAN     NOT NULL,                         -- no later holder is known
  PRIMARY KEY (network, netuid, uid, from_block),
  CHECK (from_block <= to_block)
);
CREATE INDEX uid_tenure_by_hotkey ON uid_tenure (hotkey);

-- Narrow, so that a week of rounds is read without the wide rows.
CREATE INDEX scoring_input_measures
  ON scoring_input (round_id, hotkey, uid, outcome, blame, in_denominator, total_nanos);

INSERT INTO round_summary (round_id, job, network, netuid, block, opened_at, sealed_at, target_n, asked_n, attempt_n,
                           denominator_n, ok_n, miner_n, network_n, validator_n, response_bytes, p50_nanos,
                           p95_nanos, first_quarter_p50_nanos, last_quarter_p50_nanos, rank_correlation)
SELECT r.round_id, r.job, s.network, s.netuid, s.block, r.opened_at, r.sealed_at,
       COUNT(i.uid),
       COUNT(CASE WHEN i.attempts > 0 THEN 1 END),
       COALESCE(SUM(i.attempts), 0),
       COUNT(CASE WHEN i.in_denominator THEN 1 END),
       COUNT(i.slowness),
       COUNT(CASE WHEN i.blame = 'MINER' THEN 1 END),
       COUNT(CASE WHEN i.blame = 'NETWORK' THEN 1 END),
       COUNT(CASE WHEN i.blame = 'VALIDATOR' THEN 1 END),
       COALESCE(SUM(i.response_bytes), 0),
       CAST(PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY i.ok_nanos) AS BIGINT),
       CAST(PERCENTILE_CONT(0.95) WITHIN GROUP (ORDER BY i.ok_nanos) AS BIGINT),
       CAST(PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY CASE WHEN i.quarter = 1 THEN i.ok_nanos END) AS BIGINT),
       CAST(PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY CASE WHEN i.quarter = 4 THEN i.ok_nanos END) AS BIGINT),
       CORR(i.place, i.slowness)
  FROM round r
  JOIN snapshot s ON s.snapshot_id = r.snapshot_id
  LEFT JOIN (SELECT round_id, uid, attempts, in_denominator, blame, response_bytes,
                    CASE WHEN outcome = 'OK' THEN total_nanos END AS ok_nanos,
                    CASE WHEN outcome = 'OK' THEN NTILE(4) OVER (PARTITION BY round_id, outcome ORDER BY position) END
                      AS quarter,
                    CASE WHEN outcome = 'OK' THEN RANK() OVER (PARTITION BY round_id, outcome ORDER BY position) END
                      AS place,
                    CASE WHEN outcome = 'OK' THEN RANK() OVER (PARTITION BY round_id, outcome ORDER BY total_nanos) END
                      AS slowness
               FROM scoring_input) i
    ON i.round_id = r.round_id
 WHERE r.state = 'SEALED'
 GROUP BY r.round_id, r.job, s.network, s.netuid, s.block, r.opened_at, r.sealed_at;

INSERT INTO round_outcome
SELECT i.round_id, i.outcome, i.blame, COUNT(*)
  FROM scoring_input i
 GROUP BY i.round_id, i.outcome, i.blame;

INSERT INTO uid_tenure
SELECT network, netuid, uid, hotkey, MIN(block), MAX(block),
       stay = MAX(stay) OVER (PARTITION BY network, netuid, uid)
  FROM (SELECT c.network, c.netuid, c.uid, c.hotkey, c.block,
               SUM(c.began) OVER (PARTITION BY c.network, c.netuid, c.uid ORDER BY c.block, c.snapshot_id
                                  ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS stay
          FROM (SELECT s.network, s.netuid, s.block, s.snapshot_id, n.uid, n.hotkey,
                       CASE WHEN n.hotkey = LAG(n.hotkey) OVER (PARTITION BY s.network, s.netuid, n.uid
                                                                ORDER BY s.block, s.snapshot_id)
                            THEN 0 ELSE 1 END AS began
                  FROM snapshot s JOIN neuron n ON n.snapshot_id = s.snapshot_id
                 WHERE s.snapshot_id IN (SELECT MIN(one.snapshot_id) FROM snapshot one
                                          GROUP BY one.network, one.netuid, one.block)) c) stays
 GROUP BY network, netuid, uid, hotkey, stay;
