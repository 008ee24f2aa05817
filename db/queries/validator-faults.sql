-- In which rounds did we fail, not the miners, and how?
-- Whole history; 0.03 s with 1,000,000 scoring inputs.
SELECT round_id, job, sealed_at, outcome, target_n
  FROM v_failures_by_blame
 WHERE blame = 'VALIDATOR'
 ORDER BY round_id DESC, outcome;
