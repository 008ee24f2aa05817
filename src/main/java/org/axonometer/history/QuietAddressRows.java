package org.axonometer.history;

import static org.axonometer.history.Rows.at;

import java.time.Duration;
import java.time.Instant;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Addresses at which a job's rounds found no sign of an axon: neither an OK answer nor the status
 * header that only an axon sends. Faults of ours tell nothing about an address. Runs in the seal's
 * transaction, after the scoring inputs.
 */
record QuietAddressRows(JdbcClient jdbc) {

  private static final Duration FORGOTTEN = Duration.ofDays(30);

  private static final String SIGNS =
      """
      SELECT t.host FROM target t JOIN scoring_input i ON i.round_id = t.round_id AND i.uid = t.uid
       WHERE t.round_id = :round AND (i.outcome = 'OK' OR i.claimed_status IS NOT NULL)
      """;

  private static final String ASKED =
      """
      SELECT t.host FROM target t JOIN scoring_input i ON i.round_id = t.round_id AND i.uid = t.uid
       WHERE t.round_id = :round AND i.attempts > 0 AND i.blame <> 'VALIDATOR'
      """;

  void count(Round round) {
    jdbc.sql("DELETE FROM quiet_address WHERE job = :job AND host IN (" + SIGNS + ")")
        .param("job", round.job())
        .param("round", round.id())
        .update();
    jdbc.sql("DELETE FROM quiet_address WHERE job = :job AND asked_at < :forgotten")
        .param("job", round.job())
        .param("forgotten", at(forgotten(round.openedAt())))
        .update();
    jdbc.sql(
            """
            UPDATE quiet_address SET round_n = round_n + 1, asked_at = :opened
             WHERE job = :job AND host IN (%s) AND host NOT IN (%s)
            """
                .formatted(ASKED, SIGNS))
        .param("opened", at(round.openedAt()))
        .param("job", round.job())
        .param("round", round.id())
        .update();
    jdbc.sql(
            """
            INSERT INTO quiet_address (job, host, round_n, asked_at)
            SELECT DISTINCT CAST(:job AS VARCHAR(63)), a.host, 1, CAST(:opened AS TIMESTAMP WITH TIME ZONE)
              FROM (%s) a
             WHERE a.host NOT IN (%s)
               AND NOT EXISTS (SELECT 1 FROM quiet_address q WHERE q.job = :job AND q.host = a.host)
            """
                .formatted(ASKED, SIGNS))
        .param("opened", at(round.openedAt()))
        .param("job", round.job())
        .param("round", round.id())
        .update();
  }

  private static Instant forgotten(Instant opened) {
    return opened.isAfter(Instant.EPOCH.plus(FORGOTTEN)) ? opened.minus(FORGOTTEN) : Instant.EPOCH;
  }
}
