-- How did the last rounds choose whom to ask: rules, seed, place on the ring?
-- set rounds=20
SELECT round_id, job, opened_at, selected_n, selection, seed, ring_seed, ring_from, ring_to
  FROM round
 ORDER BY round_id DESC FETCH FIRST CAST(:rounds AS INTEGER) ROWS ONLY;
