-- How good is each hotkey now: its success, recent rounds weighing more?
-- After :half_life_rounds counted rounds a result weighs half. Only rounds that count for or against the miner are steps, so
-- a hotkey that was not asked does not decay. Follow-ups are none. Reads the last :rounds rounds of each job, or of one: exact to
-- 0.1 % from 10 half-lives on.
-- set half_life_rounds=20
-- set rounds=200
-- set job=
SELECT job, hotkey, SUM(ok * weight) / SUM(weight) AS average, COUNT(*) AS counted_n, MAX(round_id) AS last_round_id
  FROM (SELECT s.job, i.hotkey, i.round_id, CASE WHEN i.outcome = 'OK' THEN 1 ELSE 0 END AS ok,
               POWER(CAST(0.5 AS DOUBLE PRECISION),
                     (ROW_NUMBER() OVER (PARTITION BY s.job, i.hotkey ORDER BY i.round_id DESC) - 1)
                       / CAST(:half_life_rounds AS DOUBLE PRECISION)) AS weight
          FROM (SELECT round_id, job, ROW_NUMBER() OVER (PARTITION BY job ORDER BY round_id DESC) AS place
                  FROM round_summary
                 WHERE kind IS DISTINCT FROM 'FOLLOW_UP' AND CAST(:job AS VARCHAR(63)) IN ('', job)) s
          JOIN scoring_input i ON i.round_id = s.round_id
         WHERE s.place <= CAST(:rounds AS INTEGER) AND i.in_denominator) steps
 GROUP BY job, hotkey
 ORDER BY average DESC, job, hotkey;
