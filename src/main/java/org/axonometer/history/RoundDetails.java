package org.axonometer.history;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.axonometer.subnet.Uid;
import org.jspecify.annotations.Nullable;

/** What is told of one round beyond its rows: its steps, its latencies, its bodies. Reads only. */
public record RoundDetails(Database database) {

  /** The round's partition steps as Spring Batch recorded them, every run of each, oldest first. */
  public List<PartitionStep> partitionSteps(long roundId) {
    return database
        .jdbc()
        .sql(
            """
            SELECT e.step_name, e.status, e.read_count, e.write_count, e.rollback_count, e.exit_message,
                   DENSE_RANK() OVER (ORDER BY e.job_execution_id) AS run_no
              FROM batch_step_execution e
              JOIN batch_job_execution_params p
                ON p.job_execution_id = e.job_execution_id
               AND p.parameter_name = 'round' AND p.parameter_value = :round
             WHERE e.step_name LIKE 'ask:%'
             ORDER BY e.step_execution_id
            """)
        .param("round", Long.toString(roundId))
        .query(
            (row, n) ->
                new PartitionStep(
                    row.getString("step_name"),
                    row.getString("status"),
                    row.getLong("read_count"),
                    row.getLong("write_count"),
                    row.getLong("rollback_count"),
                    row.getString("exit_message"),
                    row.getInt("run_no")))
        .list();
  }

  /**
   * One run of one partition, in Spring Batch's words.
   *
   * @param run which run of the round it belongs to, from 1
   */
  public record PartitionStep(
      String name,
      String status,
      long read,
      long written,
      long rollbacks,
      @Nullable String exitMessage,
      int run) {

    /** Why it failed, in one line: the innermost cause; empty when nothing is said. */
    public Optional<String> cause() {
      return FailureText.innermost(exitMessage);
    }
  }

  /** The latencies of a sealed round's OK ones, as its summary has them; empty without any. */
  public Optional<Latencies> latencies(long roundId) {
    return database
        .jdbc()
        .sql(
            "SELECT p50_nanos, p95_nanos FROM round_summary WHERE round_id = :round AND p50_nanos IS NOT NULL")
        .param("round", roundId)
        .query((row, n) -> new Latencies(row.getLong("p50_nanos"), row.getLong("p95_nanos")))
        .optional();
  }

  /** Median and 95th percentile, interpolated. */
  public record Latencies(long p50Nanos, long p95Nanos) {}

  /** Every attempt of one target with what is stored of its bodies, in order. */
  public List<AttemptBodies> bodies(long roundId, Uid uid) {
    return database
        .jdbc()
        .sql(
            """
            SELECT h.attempt, h.state, h.outcome, h.uuid, h.nonce, h.claimed_at, b.request_body, b.response_body,
                   b.response_headers
              FROM synapse_history h
              LEFT JOIN synapse_body b ON b.round_id = h.round_id AND b.uid = h.uid AND b.attempt = h.attempt
             WHERE h.round_id = :round AND h.uid = :uid
             ORDER BY h.attempt
            """)
        .param("round", roundId)
        .param("uid", uid.value())
        .query(
            (row, n) ->
                new AttemptBodies(
                    row.getInt("attempt"),
                    AttemptState.valueOf(row.getString("state")),
                    row.getString("outcome"),
                    row.getString("uuid"),
                    row.getLong("nonce"),
                    Rows.instant(row, "claimed_at"),
                    Optional.ofNullable(row.getBytes("request_body")),
                    Optional.ofNullable(row.getBytes("response_body")),
                    Optional.ofNullable(row.getString("response_headers"))))
        .list();
  }

  /** One attempt and its stored bodies; a body is empty where the job keeps none or none came. */
  public record AttemptBodies(
      int attempt,
      AttemptState state,
      @Nullable String outcome,
      String uuid,
      long nonceNanos,
      Instant claimedAt,
      Optional<byte[]> request,
      Optional<byte[]> response,
      Optional<String> responseHeaders) {}
}
