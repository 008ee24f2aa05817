-- Which targets of the last round, of any job or of one, share an address?
-- set job=
SELECT host, COUNT(*) AS target_n, COUNT(DISTINCT port) AS port_n, COUNT(DISTINCT coldkey) AS coldkey_n,
       MIN(uid) AS lowest_uid, MAX(uid) AS highest_uid
  FROM target
 WHERE round_id = (SELECT MAX(round_id) FROM round_summary WHERE CAST(:job AS VARCHAR(63)) IN ('', job))
   AND host IS NOT NULL
 GROUP BY host
HAVING COUNT(*) > 1
 ORDER BY target_n DESC, host;
