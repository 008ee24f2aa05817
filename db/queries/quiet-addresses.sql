-- Which addresses showed no axon in the last rounds of a job, and are left in peace from 3 on?
SELECT job, host, round_n, asked_at
  FROM quiet_address
 ORDER BY round_n DESC, job, host;
