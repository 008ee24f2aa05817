-- Where did one hotkey serve, from which block to which? Give it with --set hotkey=5…
-- set hotkey=
SELECT network, netuid, host, port, previous_host, previous_port, from_block, to_block, latest
  FROM v_address_history
 WHERE hotkey = CAST(:hotkey AS VARCHAR(48))
 ORDER BY network, netuid, from_block;
