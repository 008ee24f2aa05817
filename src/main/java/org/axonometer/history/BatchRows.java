package org.axonometer.history;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Spring Batch's own rows of one round. Runs in the caller's transaction. */
record BatchRows(JdbcClient jdbc, long roundId) {
  /** What hangs below an execution, children first. */
  private static final List<String> BELOW_AN_EXECUTION =
      List.of(
          """
          batch_step_execution_context
           WHERE step_execution_id IN (SELECT step_execution_id FROM batch_step_execution WHERE job_execution_id = :id)
          """,
          "batch_step_execution WHERE job_execution_id = :id",
          "batch_job_execution_context WHERE job_execution_id = :id",
          "batch_job_execution_params WHERE job_execution_id = :id",
          "batch_job_execution WHERE job_execution_id = :id");

  /** All of them. */
  long count() {
    long rows = 0;
    for (Execution execution : executions()) {
      for (String below : BELOW_AN_EXECUTION) {
        rows +=
            jdbc.sql("SELECT COUNT(*) FROM " + below)
                .param("id", execution.id)
                .query(Long.class)
                .single();
      }
    }
    return rows + executions().stream().map(Execution::instance).distinct().count();
  }

  /** Deletes them; how many. */
  long delete() {
    List<Execution> executions = executions();
    long rows = 0;
    for (Execution execution : executions) {
      for (String below : BELOW_AN_EXECUTION) {
        rows += jdbc.sql("DELETE FROM " + below).param("id", execution.id).update();
      }
    }
    for (long instance : executions.stream().map(Execution::instance).distinct().toList()) {
      rows +=
          jdbc.sql("DELETE FROM batch_job_instance WHERE job_instance_id = :id")
              .param("id", instance)
              .update();
    }
    return rows;
  }

  private record Execution(long id, long instance) {}

  private List<Execution> executions() {
    return jdbc.sql(
            """
            SELECT e.job_execution_id, e.job_instance_id
              FROM batch_job_execution e
              JOIN batch_job_execution_params p ON p.job_execution_id = e.job_execution_id
             WHERE p.parameter_name = 'round' AND p.parameter_value = :round
            """)
        .param("round", Long.toString(roundId))
        .query(
            (row, n) ->
                new Execution(row.getLong("job_execution_id"), row.getLong("job_instance_id")))
        .list();
  }
}
