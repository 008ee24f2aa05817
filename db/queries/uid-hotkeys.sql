-- Which hotkeys held one uid, from which block to which? Give it with --set uid=7 and, if need be, --set netuid=1
-- set uid=0
-- set netuid=-1
SELECT network, netuid, hotkey, previous_hotkey, from_block, to_block, latest
  FROM v_uid_history
 WHERE uid = CAST(:uid AS INTEGER) AND (CAST(:netuid AS INTEGER) = -1 OR netuid = CAST(:netuid AS INTEGER))
 ORDER BY network, netuid, from_block;
