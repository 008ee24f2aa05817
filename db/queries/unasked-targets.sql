-- Which targets of the last round could not be asked, and why?
SELECT uid, hotkey, unaskable, host, port, reason
  FROM target
 WHERE round_id = (SELECT MAX(round_id) FROM round_summary) AND unaskable IS NOT NULL
 ORDER BY unaskable, uid;
