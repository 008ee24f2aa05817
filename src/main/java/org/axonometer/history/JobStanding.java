package org.axonometer.history;

import java.time.Instant;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What a monitor asks of a job again and again: each question reads one row by its index, which H2
 * does only when the order names the index's columns from the first one on.
 */
public final class JobStanding {
  private final JdbcClient jdbc;

  public JobStanding(Database database) {
    this.jdbc = database.jdbc();
  }

  /**
   * A sealed round in figures.
   *
   * @param attempts queries sent
   * @param counted targets in the miners' denominator
   * @param bias median latency of the last quarter asked by that of the first; empty without both
   * @param correlation of place and latency, -1 to 1; empty when nothing differs
   */
  public record Sealed(
      long roundId,
      int targets,
      int attempts,
      int counted,
      int ok,
      Optional<Double> bias,
      Optional<Double> correlation) {}

  /** The newest sealed round of the job that is no follow-up, also when retention has taken it. */
  public Optional<Sealed> newestSealed(String job) {
    return jdbc.sql(
            """
            SELECT round_id, target_n, attempt_n, denominator_n, ok_n, rank_correlation,
                   CAST(last_quarter_p50_nanos AS DOUBLE PRECISION) / NULLIF(first_quarter_p50_nanos, 0) AS bias
              FROM round_summary
             WHERE job = :job AND kind IS DISTINCT FROM 'FOLLOW_UP'
             ORDER BY job DESC, round_id DESC FETCH FIRST ROW ONLY
            """)
        .param("job", job)
        .query(
            (row, n) ->
                new Sealed(
                    row.getLong("round_id"),
                    row.getInt("target_n"),
                    row.getInt("attempt_n"),
                    row.getInt("denominator_n"),
                    row.getInt("ok_n"),
                    Optional.ofNullable(row.getObject("bias", Double.class)),
                    Optional.ofNullable(row.getObject("rank_correlation", Double.class))))
        .optional();
  }

  /**
   * The newest round of the job.
   *
   * @param snapshotTakenAt when the snapshot it was opened on was taken
   */
  public record Opened(
      long roundId, boolean sealed, Instant openedAt, Instant deadline, Instant snapshotTakenAt) {}

  /**
   * The newest round of the job: the open one, else the newest sealed one that is no follow-up, if
   * it is still kept.
   */
  public Optional<Opened> newestOpened(String job) {
    return jdbc.sql(
            """
            SELECT r.round_id, r.state, r.opened_at, r.deadline_at, s.taken_at
              FROM round r JOIN snapshot s ON s.snapshot_id = r.snapshot_id
             WHERE r.round_id = COALESCE(
                     (SELECT o.round_id FROM round o WHERE o.open_job = :job),
                     (SELECT n.round_id FROM round_summary n
                       WHERE n.job = :job AND n.kind IS DISTINCT FROM 'FOLLOW_UP'
                       ORDER BY n.job DESC, n.round_id DESC FETCH FIRST ROW ONLY))
            """)
        .param("job", job)
        .query(
            (row, n) ->
                new Opened(
                    row.getLong("round_id"),
                    row.getString("state").equals("SEALED"),
                    Rows.instant(row, "opened_at"),
                    Rows.instant(row, "deadline_at"),
                    Rows.instant(row, "taken_at")))
        .optional();
  }
}
