-- How did the last rounds, of all jobs or of one, choose whom to ask: rules, seed, place on the ring?
-- set rounds=20
-- set job=
SELECT round_id, job, opened_at, selected_n, selection, seed, ring_seed, ring_from, ring_to
  FROM round
 WHERE CAST(:job AS VARCHAR(63)) IN ('', job)
 ORDER BY round_id DESC FETCH FIRST CAST(:rounds AS INTEGER) ROWS ONLY;
