-- Which uids changed their hotkey, and at which block?
-- Whole history; 0.03 s with 2,560 stays.
SELECT network, netuid, uid, previous_hotkey, hotkey, from_block, to_block, latest
  FROM v_uid_history
 WHERE previous_hotkey IS NOT NULL
 ORDER BY from_block DESC, network, netuid, uid;
