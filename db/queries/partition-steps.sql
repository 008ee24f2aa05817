-- How did the partitions of the last round run, in Spring Batch's words?
SELECT step_name, status, start_time, end_time, read_count, write_count, commit_count, rollback_count, exit_message
  FROM v_round_steps
 WHERE round_id = (SELECT MAX(round_id) FROM round)
 ORDER BY step_execution_id;
