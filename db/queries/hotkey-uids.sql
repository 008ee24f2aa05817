-- Which uids did one hotkey have, from which block to which? Give it with --set hotkey=5…
-- set hotkey=
SELECT network, netuid, uid, previous_uid, from_block, to_block, latest
  FROM v_hotkey_history
 WHERE hotkey = CAST(:hotkey AS VARCHAR(48))
 ORDER BY network, netuid, from_block;
