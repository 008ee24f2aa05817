-- Which targets of the last round, of any job or of one, could not be asked, and why?
-- set job=
SELECT uid, hotkey, unaskable, host, port, reason
  FROM target
 WHERE round_id = (SELECT MAX(round_id) FROM round_summary WHERE CAST(:job AS VARCHAR(63)) IN ('', job)) AND unaskable IS NOT NULL
 ORDER BY unaskable, uid;
