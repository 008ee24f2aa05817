-- Which rounds have no seal yet, and who owns them?
SELECT round_id, job, kind, opened_at, deadline_at, selected_n, owner_host, owner_pid, owner_started_at
  FROM round
 WHERE state = 'OPEN'
 ORDER BY round_id;
