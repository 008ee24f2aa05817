-- A follow-up asks a chosen few targets of another round once more, so it counts in no rate; a hotkey's latest result may be its.
CREATE OR REPLACE VIEW v_round_summary AS
SELECT round_id, job, network, netuid, block, opened_at, sealed_at, target_n, asked_n, attempt_n, denominator_n, ok_n,
       CAST(ok_n AS DOUBLE PRECISION) / NULLIF(denominator_n, 0) AS success_rate,
       miner_n, network_n, validator_n, response_bytes, p50_nanos, p95_nanos, kind
  FROM round_summary;

CREATE OR REPLACE VIEW v_miner_24h AS
SELECT s.job, i.hotkey, COUNT(*) AS round_n,
       COUNT(CASE WHEN i.in_denominator THEN 1 END) AS denominator_n,
       COUNT(CASE WHEN i.outcome = 'OK' THEN 1 END) AS ok_n,
       CAST(COUNT(CASE WHEN i.outcome = 'OK' THEN 1 END) AS DOUBLE PRECISION)
         / NULLIF(COUNT(CASE WHEN i.in_denominator THEN 1 END), 0) AS success_rate,
       CAST(PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY CASE WHEN i.outcome = 'OK' THEN i.total_nanos END) AS BIGINT)
         AS p50_nanos,
       CAST(PERCENTILE_CONT(0.95) WITHIN GROUP (ORDER BY CASE WHEN i.outcome = 'OK' THEN i.total_nanos END) AS BIGINT)
         AS p95_nanos
  FROM round_summary s JOIN scoring_input i ON i.round_id = s.round_id
 WHERE s.sealed_at >= CURRENT_TIMESTAMP - INTERVAL '24' HOUR AND s.kind IS DISTINCT FROM 'FOLLOW_UP'
 GROUP BY s.job, i.hotkey;

CREATE OR REPLACE VIEW v_miner_7d AS
SELECT s.job, i.hotkey, COUNT(*) AS round_n,
       COUNT(CASE WHEN i.in_denominator THEN 1 END) AS denominator_n,
       COUNT(CASE WHEN i.outcome = 'OK' THEN 1 END) AS ok_n,
       CAST(COUNT(CASE WHEN i.outcome = 'OK' THEN 1 END) AS DOUBLE PRECISION)
         / NULLIF(COUNT(CASE WHEN i.in_denominator THEN 1 END), 0) AS success_rate,
       CAST(PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY CASE WHEN i.outcome = 'OK' THEN i.total_nanos END) AS BIGINT)
         AS p50_nanos,
       CAST(PERCENTILE_CONT(0.95) WITHIN GROUP (ORDER BY CASE WHEN i.outcome = 'OK' THEN i.total_nanos END) AS BIGINT)
         AS p95_nanos
  FROM round_summary s JOIN scoring_input i ON i.round_id = s.round_id
 WHERE s.sealed_at >= CURRENT_TIMESTAMP - INTERVAL '7' DAY AND s.kind IS DISTINCT FROM 'FOLLOW_UP'
 GROUP BY s.job, i.hotkey;

-- A median latency of 0 has no ratio.
CREATE OR REPLACE VIEW v_position_bias AS
SELECT round_id, job, sealed_at, ok_n, first_quarter_p50_nanos, last_quarter_p50_nanos,
       CAST(last_quarter_p50_nanos AS DOUBLE PRECISION) / NULLIF(first_quarter_p50_nanos, 0) AS last_to_first_ratio,
       rank_correlation
  FROM round_summary;
