-- Which targets of the last round share an address?
SELECT host, COUNT(*) AS target_n, COUNT(DISTINCT port) AS port_n, COUNT(DISTINCT coldkey) AS coldkey_n,
       MIN(uid) AS lowest_uid, MAX(uid) AS highest_uid
  FROM target
 WHERE round_id = (SELECT MAX(round_id) FROM round_summary) AND host IS NOT NULL
 GROUP BY host
HAVING COUNT(*) > 1
 ORDER BY target_n DESC, host;
