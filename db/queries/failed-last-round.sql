-- Who failed in the last sealed round, and why?
SELECT uid, hotkey, outcome, blame, http_status, detail
  FROM v_scoring_inputs
 WHERE round_id = (SELECT MAX(round_id) FROM round_summary)
   AND outcome <> 'OK'
 ORDER BY blame, outcome, uid;
