package org.axonometer.history;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.axonometer.testing.SnapshotNeurons;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * A made-up history of sealed rounds, ten minutes apart and the last one just now, 256 targets
 * each, with one attempt and one scoring input per target: what a validator of a full subnet has
 * after {@code rounds / 144} days. Every invariant holds; the seals' hashes are made up.
 */
public final class LargeHistory {
  public static final int TARGETS = 256;
  private static final int ROUNDS_PER_TRANSACTION = 32;
  private static final int ROUNDS_PER_SNAPSHOT = 24;

  private static final String SNAPSHOTS =
      """
      INSERT INTO snapshot (snapshot_id, sha256, network, netuid, block, taken_at, stored_at)
      SELECT x, LPAD(CAST(x AS VARCHAR), 64, '0'), 'finney', 1, 1000000 + x * 1200, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP
        FROM SYSTEM_RANGE(?1, ?2) WHERE ?3 >= 0
      """;
  private static final String NEURONS =
      """
      INSERT INTO neuron (snapshot_id, uid, hotkey, coldkey, axon_ip, axon_port, axon_version, stake_rao, validator_permit,
                          active, incentive_u16, dividends_u16, consensus_u16, last_update)
      SELECT s.x, u.x, '5' || LPAD(CAST(u.x AS VARCHAR), 47, 'H'), '5' || LPAD(CAST(u.x / 4 AS VARCHAR), 47, 'C'),
             2130706433 + u.x, 8091, 900, 1000000000, FALSE, TRUE, 100, 0, 100, 1000000
        FROM SYSTEM_RANGE(?1, ?2) s CROSS JOIN SYSTEM_RANGE(0, 255) u WHERE ?3 >= 0
      """;

  private static final String ROUNDS =
      """
      INSERT INTO round (round_id, job, kind, state, snapshot_id, own_hotkey, wallet_path, wallet_name, wallet_hotkey,
                         job_file, job_source, job_sha256, seed, partition_n, selected_n, selection_sha256, max_attempts,
                         opened_at, deadline_at, sealed_at, fence, retried)
      SELECT x, 'probe', 'MANUAL', 'SEALED', 1 + (x - 1) / 24, '<own>', '/wallets', 'default', 'default', 'probe.yaml',
             '<job>' || REPEAT('# a job file of usual length' || CHAR(10), 100), 'sha', x, 4, 256, 'sha', 1,
             DATEADD(SECOND, -600 * (?3 - x) - 20, CURRENT_TIMESTAMP), CURRENT_TIMESTAMP,
             DATEADD(SECOND, -600 * (?3 - x), CURRENT_TIMESTAMP), 1, ''
        FROM SYSTEM_RANGE(?1, ?2)
      """
          .replace("<own>", SnapshotNeurons.hotkey(60_000).text())
          .replace(
              "<job>",
              """
              network: finney
              netuid: 1
              snapshot: {file: snapshot.json}
              synapse: {name: Prompt, request: {q: {type: str, value: why}}, response: {a: str}}
              """);
  private static final String SEALS =
      """
      INSERT INTO seal (job, round_id, input_n, inputs_sha256, previous_sha256, sha256, sealed_at)
      SELECT 'probe', x, 256, 'sha', 'sha', 'sha', DATEADD(SECOND, -600 * (?3 - x), CURRENT_TIMESTAMP)
        FROM SYSTEM_RANGE(?1, ?2)
      """;
  private static final String TARGETS_OF_ROUNDS =
      """
      INSERT INTO target (round_id, uid, hotkey, coldkey, host, port, position, part_no, reason)
      SELECT r.x, u.x, '5' || LPAD(CAST(u.x AS VARCHAR), 47, 'H'), '5' || LPAD(CAST(u.x / 4 AS VARCHAR), 47, 'C'),
             '10.0.' || (u.x / 100) || '.' || MOD(u.x, 50), 8091, 1 + MOD(u.x * 77 + r.x * 13, 256), MOD(u.x, 4), 'eligible'
        FROM SYSTEM_RANGE(?1, ?2) r CROSS JOIN SYSTEM_RANGE(0, 255) u WHERE ?3 >= 0
      """;
  private static final String ENDED =
      """
      (SELECT r.x AS round_id, u.x AS uid, 1 + MOD(u.x * 77 + r.x * 13, 256) AS position,
              CASE WHEN MOD(u.x * 31 + r.x * 17, 100) < 85 THEN 'OK' WHEN MOD(u.x * 31 + r.x * 17, 100) < 93 THEN 'TIMED_OUT'
                   WHEN MOD(u.x * 31 + r.x * 17, 100) < 97 THEN 'AXON_ERROR'
                   WHEN MOD(u.x * 31 + r.x * 17, 100) < 99 THEN 'UNREACHABLE' ELSE 'LOCAL_FAULT' END AS outcome,
              CASE WHEN MOD(u.x * 31 + r.x * 17, 100) < 85
                   THEN 200000000 + u.x * 1000000 + MOD(u.x * 7919 + r.x * 104729, 300000000) END AS nanos
         FROM SYSTEM_RANGE(?1, ?2) r CROSS JOIN SYSTEM_RANGE(0, 255) u WHERE ?3 >= 0) e
      """;
  private static final String ATTEMPTS =
      """
      INSERT INTO synapse_history (round_id, uid, attempt, fence, state, nonce, uuid, claimed_at, ended_at, outcome, http_status,
                                   queue_nanos, prepare_nanos, connect_nanos, first_byte_nanos, total_nanos,
                                   request_body_hash, response_bytes, response_sha256, claimed_process_time, fields)
      SELECT e.round_id, e.uid, 1, 1, 'DONE', e.round_id * 4096 + e.uid, CAST(RANDOM_UUID() AS VARCHAR), CURRENT_TIMESTAMP,
             CURRENT_TIMESTAMP, e.outcome, CASE WHEN e.nanos IS NOT NULL THEN 200 END, 1000, 90000, 300000, e.nanos - 1000,
             e.nanos, RPAD('ab', 64, 'ab'), CASE WHEN e.nanos IS NOT NULL THEN 900 END,
             CASE WHEN e.nanos IS NOT NULL THEN RPAD(CAST(e.round_id * 256 + e.uid / 2 AS VARCHAR), 64, 'f') END, '0.1234',
             '{"completion":"' || REPEAT('an answer ', 30) || '"}'
        FROM %s
      """
          .formatted(ENDED);
  private static final String INPUTS =
      """
      INSERT INTO scoring_input (round_id, uid, hotkey, coldkey, outcome, blame, in_denominator, http_status, queue_nanos,
                                 prepare_nanos, connect_nanos, first_byte_nanos, total_nanos, claimed_process_time,
                                 response_bytes, response_sha256, fields, attempts, position)
      SELECT e.round_id, e.uid, '5' || LPAD(CAST(e.uid AS VARCHAR), 47, 'H'),
             '5' || LPAD(CAST(e.uid / 4 AS VARCHAR), 47, 'C'), e.outcome,
             CASE e.outcome WHEN 'OK' THEN 'NONE' WHEN 'UNREACHABLE' THEN 'NETWORK' WHEN 'LOCAL_FAULT' THEN 'VALIDATOR'
                            ELSE 'MINER' END,
             e.outcome <> 'LOCAL_FAULT', CASE WHEN e.nanos IS NOT NULL THEN 200 END, 1000, 90000, 300000, e.nanos - 1000,
             e.nanos, '0.1234', CASE WHEN e.nanos IS NOT NULL THEN 900 END,
             CASE WHEN e.nanos IS NOT NULL THEN RPAD(CAST(e.round_id * 256 + e.uid / 2 AS VARCHAR), 64, 'f') END,
             '{"completion":"' || REPEAT('an answer ', 30) || '"}', 1, e.position
        FROM %s
      """
          .formatted(ENDED);
  private static final String[] BATCH = {
    """
    INSERT INTO batch_job_instance (job_instance_id, version, job_name, job_key)
    SELECT x, 0, 'round', CAST(x AS VARCHAR) FROM SYSTEM_RANGE(?1, ?2) WHERE ?3 >= 0
    """,
    """
    INSERT INTO batch_job_execution (job_execution_id, version, job_instance_id, create_time, status)
    SELECT x, 1, x, CURRENT_TIMESTAMP, 'COMPLETED' FROM SYSTEM_RANGE(?1, ?2) WHERE ?3 >= 0
    """,
    """
    INSERT INTO batch_job_execution_params (job_execution_id, parameter_name, parameter_type, parameter_value, identifying)
    SELECT x, 'round', 'java.lang.Long', CAST(x AS VARCHAR), 'Y' FROM SYSTEM_RANGE(?1, ?2) WHERE ?3 >= 0
    """,
    """
    INSERT INTO batch_step_execution (step_execution_id, version, step_name, job_execution_id, create_time, status, read_count,
                                      write_count, commit_count, rollback_count)
    SELECT e.x * 8 + s.x, 1, 'ask:p0' || s.x, e.x, CURRENT_TIMESTAMP, 'COMPLETED', 64, 64, 4, 0
      FROM SYSTEM_RANGE(?1, ?2) e CROSS JOIN SYSTEM_RANGE(0, 3) s WHERE ?3 >= 0
    """
  };
  private static final String TENURES =
      """
      INSERT INTO uid_tenure
      SELECT 'finney', 1, u.x, '5' || LPAD(CAST(u.x + MOD(s.x, 10) * 1000 AS VARCHAR), 47, 'H'), s.x * 100000, s.x * 100000 + 90000,
             s.x = 10
        FROM SYSTEM_RANGE(0, 255) u CROSS JOIN SYSTEM_RANGE(1, 10) s
      """;

  private static final String ADDRESSES =
      """
      INSERT INTO axon_tenure
      SELECT network, netuid, hotkey, '10.0.' || (uid / 100) || '.' || MOD(uid, 50), 8091, from_block, to_block, latest
        FROM uid_tenure
      """;

  /** A hotkey, an address and a uid of the made-up subnet. */
  public static final Map<String, String> SOMEBODY =
      Map.of("hotkey", "5" + "H".repeat(45) + "77", "host", "10.0.0.27", "uid", "77");

  private LargeHistory() {}

  /** Fills an empty database. */
  public static void fill(Database database, int rounds) throws SQLException {
    try (Connection connection = database.dataSource().getConnection()) {
      connection.setAutoCommit(false);
      int snapshots = 1 + (rounds - 1) / ROUNDS_PER_SNAPSHOT;
      run(connection, SNAPSHOTS, 1, snapshots, rounds);
      run(connection, NEURONS, 1, snapshots, rounds);
      for (int first = 1; first <= rounds; first += ROUNDS_PER_TRANSACTION) {
        int last = Math.min(rounds, first + ROUNDS_PER_TRANSACTION - 1);
        run(connection, ROUNDS, first, last, rounds);
        run(connection, TARGETS_OF_ROUNDS, first, last, rounds);
        run(connection, ATTEMPTS, first, last, rounds);
        run(connection, INPUTS, first, last, rounds);
        run(connection, SEALS, first, last, rounds);
        for (String sql : BATCH) {
          run(connection, sql, first, last, rounds);
        }
        connection.commit();
      }
      try (Statement statement = connection.createStatement()) {
        statement.execute(TENURES);
        statement.execute(ADDRESSES);
      }
      connection.commit();
      connection.setAutoCommit(true);
    }
    var transaction = new TransactionTemplate(database.transactionManager());
    transaction.executeWithoutResult(
        status -> {
          for (int round = 1; round <= rounds; round++) {
            new RoundSummaryRows(database.jdbc()).insert(round);
          }
        });
  }

  private static void run(Connection connection, String sql, int first, int last, int rounds)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setInt(1, first);
      statement.setInt(2, last);
      statement.setInt(3, rounds);
      statement.executeUpdate();
    }
  }
}
