-- Which answers of the last :rounds rounds came byte for byte from several hotkeys in one round? A sign of one axon behind many.
-- Of all jobs, or of one.
-- set rounds=20
-- set job=
SELECT i.round_id, i.response_sha256, COUNT(*) AS hotkey_n, COUNT(DISTINCT i.coldkey) AS coldkey_n,
       MIN(i.response_bytes) AS response_bytes, MIN(i.uid) AS lowest_uid, MAX(i.uid) AS highest_uid
  FROM (SELECT round_id FROM round_summary WHERE CAST(:job AS VARCHAR(63)) IN ('', job)
         ORDER BY round_id DESC FETCH FIRST CAST(:rounds AS INTEGER) ROWS ONLY) s
  JOIN scoring_input i ON i.round_id = s.round_id
 WHERE i.response_sha256 IS NOT NULL
 GROUP BY i.round_id, i.response_sha256, i.outcome
HAVING i.outcome = 'OK' AND COUNT(DISTINCT i.hotkey) > 1
 ORDER BY i.round_id DESC, hotkey_n DESC, i.response_sha256;
