-- How did one hotkey do, round by round? Give it with --set hotkey=5…
-- Whole history; 0.1 s with 1,000,000 scoring inputs.
-- set hotkey=
SELECT round_id, sealed_at, uid, outcome, blame, total_nanos / 1000000 AS millis, position, detail
  FROM v_scoring_inputs
 WHERE hotkey = CAST(:hotkey AS VARCHAR(48))
 ORDER BY round_id DESC;
