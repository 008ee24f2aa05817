-- Which queries of the last 100 rounds may have been answered without us storing it (the process ended in between)?
SELECT round_id, job, uid, hotkey, attempt, claimed_at, ended_at
  FROM v_attempts
 WHERE state = 'UNKNOWN'
   AND round_id >= (SELECT COALESCE(MAX(round_id), 0) - 100 FROM round)
 ORDER BY round_id DESC, uid, attempt;
