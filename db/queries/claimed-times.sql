-- How far is the process time axons claim from the time we measured, in the last round, of any job or of one?
-- The claim is the axon's own text; what is no plain number is shown as no number.
-- set job=
SELECT uid, hotkey, measured_seconds, claimed_seconds, measured_seconds - claimed_seconds AS difference_seconds,
       claimed_process_time AS claim
  FROM (SELECT uid, hotkey, claimed_process_time, CAST(total_nanos AS DOUBLE PRECISION) / 1000000000 AS measured_seconds,
               CASE WHEN CHAR_LENGTH(claimed_process_time) BETWEEN 1 AND 25
                     AND POSITION(SUBSTRING(claimed_process_time FROM 1 FOR 1) IN '0123456789') > 0
                     AND POSITION(SUBSTRING(claimed_process_time FROM CHAR_LENGTH(claimed_process_time) FOR 1)
                                  IN '0123456789') > 0
                     AND (REPLACE(TRANSLATE(claimed_process_time, '123456789', '000000000'), '0', '') IN ('', '.')
                          OR (REPLACE(TRANSLATE(claimed_process_time, '123456789', '000000000'), '0', '') IN ('e-', '.e-')
                              AND POSITION('e-' IN claimed_process_time) > CHAR_LENGTH(claimed_process_time) - 4))
                    THEN CAST(claimed_process_time AS DOUBLE PRECISION) END AS claimed_seconds
          FROM scoring_input
         WHERE round_id = (SELECT MAX(round_id) FROM round_summary WHERE CAST(:job AS VARCHAR(63)) IN ('', job))
           AND total_nanos IS NOT NULL) claims
 ORDER BY uid;
