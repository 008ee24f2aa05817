package org.axonometer.history;

import static org.axonometer.history.Rows.at;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The fire ledger's rows: exactly one for each scheduled time up to a job's {@code decided_until}.
 * A time that gets a round has its row from the round's own opening, in one transaction with it.
 */
public final class FireStore {
  private final JdbcClient jdbc;
  private final NamedParameterJdbcTemplate batch;
  private final TransactionTemplate transaction;

  public FireStore(Database database) {
    this.jdbc = database.jdbc();
    this.batch = new NamedParameterJdbcTemplate(database.dataSource());
    this.transaction = new TransactionTemplate(database.transactionManager());
  }

  /**
   * How far a job's scheduled times are decided.
   *
   * @param timetable the text of the timetable they are decided by
   */
  public record Position(String timetable, Instant decidedUntil) {}

  /** Every job that has scheduled times, by name. */
  public SortedMap<String, Position> positions() {
    SortedMap<String, Position> positions = new TreeMap<>();
    jdbc.sql("SELECT job, timetable, decided_until FROM job_schedule")
        .query(
            row -> {
              positions.put(
                  row.getString("job"),
                  new Position(row.getString("timetable"), Rows.instant(row, "decided_until")));
            });
    return positions;
  }

  /**
   * From now on the job's times are decided by this timetable, the first one after {@code from}.
   */
  public void begin(String job, String timetable, Instant from) {
    transaction.executeWithoutResult(
        status -> {
          forget(job);
          jdbc.sql(
                  """
                  INSERT INTO job_schedule (job, timetable, decided_until)
                  VALUES (:job, :timetable, :from)
                  """)
              .param("job", job)
              .param("timetable", timetable)
              .param("from", at(from))
              .update();
        });
  }

  /** The job has no scheduled times any more; their rows stay. */
  public void forget(String job) {
    jdbc.sql("DELETE FROM job_schedule WHERE job = :job").param("job", job).update();
  }

  /** The newest scheduled time of a job that has a row. */
  public Optional<Instant> last(String job) {
    return newest(job).map(Fire::time);
  }

  /** Writes times of one job that get no round, in the order of their times. */
  public void record(List<Fire> fires) {
    if (fires.isEmpty()) {
      return;
    }
    transaction.executeWithoutResult(
        status -> {
          batch.batchUpdate(
              """
              INSERT INTO fire (job, fire_time, decided_at, reason, detail)
              VALUES (:job, :time, :decided, :reason, :detail)
              """,
              fires.stream().map(FireStore::columns).toArray(SqlParameterSource[]::new));
          advance(jdbc, fires.getLast().job(), fires.getLast().time());
        });
  }

  private static SqlParameterSource columns(Fire fire) {
    return new MapSqlParameterSource("job", fire.job())
        .addValue("time", at(fire.time()))
        .addValue("decided", at(fire.decidedAt()))
        .addValue("reason", fire.reason().orElseThrow().name())
        .addValue("detail", Rows.clean(fire.detail(), 300));
  }

  /** Runs in the transaction that opens the round. */
  static void opened(JdbcClient jdbc, String job, Instant time, long roundId, Instant now) {
    jdbc.sql(
            """
            INSERT INTO fire (job, fire_time, decided_at, round_id)
            VALUES (:job, :time, :decided, :round)
            """)
        .param("job", job)
        .param("time", at(time))
        .param("decided", at(now))
        .param("round", roundId)
        .update();
    advance(jdbc, job, time);
  }

  private static void advance(JdbcClient jdbc, String job, Instant time) {
    jdbc.sql(
            """
            UPDATE job_schedule SET decided_until = :time WHERE job = :job AND decided_until < :time
            """)
        .param("time", at(time))
        .param("job", job)
        .update();
  }

  /** A job's fires after {@code from}, in the order of their times. */
  public List<Fire> fires(String job, Instant from) {
    return jdbc.sql(
            """
            SELECT job, fire_time, decided_at, round_id, reason, detail
              FROM fire
             WHERE job = :job AND fire_time > :from
             ORDER BY fire_time
            """)
        .param("job", job)
        .param("from", at(from))
        .query(FireStore::fire)
        .list();
  }

  /** What became of the newest scheduled time of a job that is decided. */
  public Optional<Fire> newest(String job) {
    return jdbc.sql(
            """
            SELECT job, fire_time, decided_at, round_id, reason, detail
              FROM fire
             WHERE job = :job
             ORDER BY job DESC, fire_time DESC FETCH FIRST ROW ONLY
            """)
        .param("job", job)
        .query(FireStore::fire)
        .optional();
  }

  private static Fire fire(ResultSet row, int number) throws SQLException {
    return new Fire(
        row.getString("job"),
        Rows.instant(row, "fire_time"),
        Rows.instant(row, "decided_at"),
        Optional.ofNullable(Rows.number(row, "round_id")),
        Optional.ofNullable(row.getString("reason")).map(Fire.Reason::valueOf),
        row.getString("detail"));
  }
}
