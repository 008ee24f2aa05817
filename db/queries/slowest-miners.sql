-- Which miners were slowest in the last 24 hours (95th percentile of their OK answers)?
SELECT job, hotkey, p95_nanos / 1000000 AS p95_millis, p50_nanos / 1000000 AS p50_millis, ok_n, success_rate
  FROM v_miner_24h
 WHERE ok_n > 0
 ORDER BY p95_nanos DESC, hotkey;
