-- Did the place in the order of asking change the latency in the last 20 rounds, of all jobs or of one?
-- A ratio near 1 and a correlation within about 2 / sqrt(ok_n) of 0 say no.
-- set rounds=20
-- set job=
SELECT round_id, job, ok_n, first_quarter_p50_nanos / 1000000 AS first_quarter_millis,
       last_quarter_p50_nanos / 1000000 AS last_quarter_millis, last_to_first_ratio, rank_correlation
  FROM v_position_bias
 WHERE CAST(:job AS VARCHAR(63)) IN ('', job)
 ORDER BY round_id DESC
 FETCH FIRST CAST(:rounds AS INTEGER) ROWS ONLY;
