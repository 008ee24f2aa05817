-- How long did the last 50 rounds take, of all jobs or of one, and how good and how fast were the answers?
-- set job=
SELECT round_id, job, kind, sealed_at,
       CAST(EXTRACT(EPOCH FROM sealed_at) - EXTRACT(EPOCH FROM opened_at) AS DOUBLE PRECISION) AS seconds,
       target_n, ok_n, success_rate, p50_nanos / 1000000 AS p50_millis, p95_nanos / 1000000 AS p95_millis
  FROM v_round_summary
 WHERE CAST(:job AS VARCHAR(63)) IN ('', job)
 ORDER BY round_id DESC
 FETCH FIRST 50 ROWS ONLY;
