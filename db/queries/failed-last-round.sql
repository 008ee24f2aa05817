-- Who failed in the last sealed round, of any job or of one, and why?
-- set job=
SELECT uid, hotkey, outcome, blame, http_status, detail
  FROM v_scoring_inputs
 WHERE round_id = (SELECT MAX(round_id) FROM round_summary WHERE CAST(:job AS VARCHAR(63)) IN ('', job))
   AND outcome <> 'OK'
 ORDER BY blame, outcome, uid;
