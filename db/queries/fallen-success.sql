-- Whose success rate fell this week: the last 24 hours against the six days before?
-- A follow-up counts for neither.
-- set min_rounds=5
SELECT job, hotkey, CAST(ok_before_n AS DOUBLE PRECISION) / counted_before_n AS rate_before,
       CAST(ok_24h_n AS DOUBLE PRECISION) / counted_24h_n AS rate_24h,
       CAST(ok_24h_n AS DOUBLE PRECISION) / counted_24h_n - CAST(ok_before_n AS DOUBLE PRECISION) / counted_before_n
         AS change,
       counted_before_n, counted_24h_n
  FROM (SELECT s.job, i.hotkey,
               COUNT(CASE WHEN NOT s.recent THEN 1 END) AS counted_before_n,
               COUNT(CASE WHEN NOT s.recent AND i.outcome = 'OK' THEN 1 END) AS ok_before_n,
               COUNT(CASE WHEN s.recent THEN 1 END) AS counted_24h_n,
               COUNT(CASE WHEN s.recent AND i.outcome = 'OK' THEN 1 END) AS ok_24h_n
          FROM (SELECT round_id, job, sealed_at >= CURRENT_TIMESTAMP - INTERVAL '24' HOUR AS recent
                  FROM round_summary
                 WHERE sealed_at >= CURRENT_TIMESTAMP - INTERVAL '7' DAY AND kind IS DISTINCT FROM 'FOLLOW_UP') s
          JOIN scoring_input i ON i.round_id = s.round_id
         WHERE i.in_denominator
         GROUP BY s.job, i.hotkey) counted
 WHERE counted_before_n >= CAST(:min_rounds AS INTEGER) AND counted_24h_n >= CAST(:min_rounds AS INTEGER)
   AND ok_24h_n * counted_before_n < ok_before_n * counted_24h_n
 ORDER BY change, job, hotkey;
