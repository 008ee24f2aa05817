-- How did the partitions of the last round, of any job or of one, run, in Spring Batch's words?
-- set job=
SELECT step_name, status, start_time, end_time, read_count, write_count, commit_count, rollback_count, exit_message
  FROM v_round_steps
 WHERE round_id = (SELECT MAX(round_id) FROM round WHERE CAST(:job AS VARCHAR(63)) IN ('', job))
 ORDER BY step_execution_id;
