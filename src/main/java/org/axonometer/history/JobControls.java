package org.axonometer.history;

import static org.axonometer.history.Rows.at;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** What operators want of the scheduler, left in the database for the process that serves. */
public final class JobControls {
  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;

  public JobControls(Database database) {
    this.jdbc = database.jdbc();
    this.transaction = new TransactionTemplate(database.transactionManager());
  }

  /**
   * What is wanted of one job.
   *
   * @param runAskedAt when a round by hand was asked for that nobody has taken up yet
   */
  public record Control(boolean paused, Optional<Instant> runAskedAt) {
    public static final Control NONE = new Control(false, Optional.empty());
  }

  /** By job; a job nobody said anything about is absent. */
  public Map<String, Control> all() {
    Map<String, Control> controls = new TreeMap<>();
    jdbc.sql("SELECT job, paused, run_asked_at FROM job_control")
        .query(
            row -> {
              controls.put(
                  row.getString("job"),
                  new Control(row.getBoolean("paused"), Rows.optionalInstant(row, "run_asked_at")));
            });
    return controls;
  }

  public void pause(String job, boolean paused) {
    transaction.executeWithoutResult(
        status -> {
          ensure(job);
          jdbc.sql("UPDATE job_control SET paused = :paused WHERE job = :job")
              .param("paused", paused)
              .param("job", job)
              .update();
        });
  }

  public void askForRun(String job, Instant now) {
    transaction.executeWithoutResult(
        status -> {
          ensure(job);
          jdbc.sql("UPDATE job_control SET run_asked_at = :now WHERE job = :job")
              .param("now", at(now))
              .param("job", job)
              .update();
        });
  }

  /** Whether this caller is the one who takes the asked run up. */
  public boolean takeRun(String job) {
    return jdbc.sql(
                """
                UPDATE job_control SET run_asked_at = NULL WHERE job = :job AND run_asked_at IS NOT NULL
                """)
            .param("job", job)
            .update()
        == 1;
  }

  private void ensure(String job) {
    jdbc.sql(
            """
            INSERT INTO job_control (job)
            SELECT :job WHERE NOT EXISTS (SELECT 1 FROM job_control WHERE job = :job)
            """)
        .param("job", job)
        .update();
  }
}
