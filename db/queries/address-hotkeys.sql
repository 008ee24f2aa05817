-- Which hotkeys served at one address, from which block to which? Give it with --set host=1.2.3.4
-- set host=
SELECT network, netuid, hotkey, port, from_block, to_block, latest
  FROM v_address_history
 WHERE host = CAST(:host AS VARCHAR(45))
 ORDER BY network, netuid, from_block, hotkey;
