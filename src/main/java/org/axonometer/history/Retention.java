package org.axonometer.history;

import static org.axonometer.history.Rows.at;

import java.sql.SQLException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Deletes what is older than a job keeps: bodies, then whole rounds with their rows, snapshots no
 * round uses any more, Spring Batch's rows of those rounds and what became of scheduled times that
 * have no round any more. Seals and summaries stay. Never touches an open round, nor one that a
 * round still here follows. Works in transactions of about {@value #ROWS_AT_ONCE} rows, so that a
 * running round waits for none of them; a killed run is finished by the next one.
 */
public final class Retention {
  static final int ROWS_AT_ONCE = 1_000;

  private static final String SEALED_BEFORE =
      """
        FROM round r
       WHERE r.job = :job AND r.state = 'SEALED' AND r.sealed_at < :before
      """;
  private static final String EXPORTED = " AND (r.exported_at IS NOT NULL OR :unexported)";

  private final Database database;
  private final JdbcClient jdbc;
  private final NamedParameterJdbcTemplate batch;
  private final TransactionTemplate transaction;

  public Retention(Database database) {
    this.database = database;
    this.jdbc = database.jdbc();
    this.batch = new NamedParameterJdbcTemplate(database.dataSource());
    this.transaction = new TransactionTemplate(database.transactionManager());
  }

  /** Deletes what the rule lets go; the counts are of committed rows. */
  public Pruned prune(RetentionRule rule, Instant now) {
    Pruned pruned = leftAlone(rule).plus(Pruned.ofBodies(dropBodies(rule)));
    for (long roundId : withBodies(rule)) {
      pruned = pruned.plus(Pruned.ofBodies(inBatches("synapse_body", roundId)));
    }
    // A round that follows another goes first: the newest one is looked at first.
    for (long roundId : rounds(rule)) {
      if (mark(rule, roundId, now)) {
        pruned = pruned.plus(deleteRound(roundId));
      }
    }
    return pruned.plus(Pruned.ofFires(deleteFires(rule)));
  }

  /** Deletes snapshots that no round uses; how many. */
  public long pruneSnapshots() {
    return unusedSnapshots().stream().filter(this::deleteSnapshot).count();
  }

  /** What {@link #prune} would delete now. */
  public Pruned plan(RetentionRule rule) {
    Pruned pruned = leftAlone(rule);
    Set<Long> rounds = deletable(rule);
    for (long roundId : withBodies(rule)) {
      if (!rounds.contains(roundId)) {
        pruned = pruned.plus(Pruned.ofBodies(count("synapse_body", roundId)));
      }
    }
    for (long roundId : rounds) {
      pruned =
          pruned.plus(
              new Pruned(
                  1,
                  count("synapse_body", roundId),
                  count("synapse_history", roundId),
                  count("target", roundId),
                  count("scoring_input", roundId),
                  new BatchRows(jdbc, roundId).count(),
                  0,
                  0));
    }
    return pruned.plus(
        Pruned.ofFires(
            oldFires(rule).stream()
                .filter(fire -> !fire.stored || rounds.contains(fire.roundId))
                .count()));
  }

  private Set<Long> deletable(RetentionRule rule) {
    Set<Long> rounds = new HashSet<>();
    for (long roundId : rounds(rule)) {
      if (rounds.containsAll(followers(roundId))) {
        rounds.add(roundId);
      }
    }
    return rounds;
  }

  /**
   * Whole ranges of bodies at once, where the database keeps them so; how many bodies went. A range
   * that somebody reads right now is left to the deletion of its rows.
   */
  private long dropBodies(RetentionRule rule) {
    Set<Long> gone = deletable(rule);
    gone.addAll(withBodies(rule));
    if (gone.isEmpty()) {
      return 0;
    }
    try {
      return inTransaction(() -> database.engine().dropBodies(jdbc, gone::contains));
    } catch (DataAccessException e) {
      if (e.getRootCause() instanceof SQLException cause && "55P03".equals(cause.getSQLState())) {
        return 0;
      }
      throw e;
    }
  }

  /**
   * A scheduled time and its round.
   *
   * @param roundId 0 when it got none
   * @param stored whether that round is still there
   */
  private record OldFire(Instant time, long roundId, boolean stored) {}

  /** Times before the newest one, which says from where the job's schedule goes on. */
  private List<OldFire> oldFires(RetentionRule rule) {
    if (rule.rowsBefore().isEmpty()) {
      return List.of();
    }
    return jdbc.sql(
            """
            SELECT f.fire_time, COALESCE(f.round_id, 0) AS round_id, r.round_id IS NOT NULL AS stored
              FROM fire f LEFT JOIN round r ON r.round_id = f.round_id
             WHERE f.job = :job AND f.fire_time < :before
               AND f.fire_time < (SELECT MAX(n.fire_time) FROM fire n WHERE n.job = :job)
             ORDER BY f.fire_time
            """)
        .param("job", rule.job())
        .param("before", at(rule.rowsBefore().get()))
        .query(
            (row, n) ->
                new OldFire(
                    Rows.instant(row, "fire_time"),
                    row.getLong("round_id"),
                    row.getBoolean("stored")))
        .list();
  }

  private long deleteFires(RetentionRule rule) {
    List<SqlParameterSource> gone =
        oldFires(rule).stream()
            .filter(fire -> !fire.stored)
            .map(
                fire ->
                    (SqlParameterSource)
                        new MapSqlParameterSource("job", rule.job())
                            .addValue("time", at(fire.time)))
            .toList();
    for (int i = 0; i < gone.size(); i += ROWS_AT_ONCE) {
      List<SqlParameterSource> some = gone.subList(i, Math.min(gone.size(), i + ROWS_AT_ONCE));
      inTransaction(
          () ->
              batch.batchUpdate(
                  "DELETE FROM fire WHERE job = :job AND fire_time = :time",
                  some.toArray(SqlParameterSource[]::new)));
    }
    return gone.size();
  }

  private List<Long> withBodies(RetentionRule rule) {
    if (rule.bodiesBefore().isEmpty()) {
      return List.of();
    }
    return jdbc.sql(
            "SELECT r.round_id"
                + SEALED_BEFORE
                + EXPORTED
                + " AND EXISTS (SELECT 1 FROM synapse_body b WHERE b.round_id = r.round_id)"
                + " ORDER BY r.round_id")
        .param("job", rule.job())
        .param("before", at(rule.bodiesBefore().get()))
        .param("unexported", rule.unexported())
        .query((row, n) -> row.getLong("round_id"))
        .list();
  }

  private List<Long> rounds(RetentionRule rule) {
    if (rule.rowsBefore().isEmpty()) {
      return List.of();
    }
    return jdbc.sql("SELECT r.round_id" + SEALED_BEFORE + EXPORTED + " ORDER BY r.round_id DESC")
        .param("job", rule.job())
        .param("before", at(rule.rowsBefore().get()))
        .param("unexported", rule.unexported())
        .query((row, n) -> row.getLong("round_id"))
        .list();
  }

  private List<Long> followers(long roundId) {
    return jdbc.sql("SELECT round_id FROM round WHERE follows_round_id = :round")
        .param("round", roundId)
        .query((row, n) -> row.getLong("round_id"))
        .list();
  }

  private Pruned leftAlone(RetentionRule rule) {
    Instant before = rule.rowsBefore().or(rule::bodiesBefore).orElse(Instant.EPOCH);
    long unexported =
        rule.unexported() ? 0 : countRounds(rule.job(), before, " AND r.exported_at IS NULL");
    return Pruned.leftUnexported(unexported);
  }

  private long countRounds(String job, Instant before, String more) {
    return jdbc.sql("SELECT COUNT(*)" + SEALED_BEFORE + more)
        .param("job", job)
        .param("before", at(before))
        .query(Long.class)
        .single();
  }

  /**
   * Marks the round as being deleted, so that nobody takes the rows it still has for the whole
   * round; false when it may not go.
   */
  private boolean mark(RetentionRule rule, long roundId, Instant now) {
    return jdbc.sql(
                """
                UPDATE round r
                   SET pruned_at = COALESCE(r.pruned_at, :now)
                 WHERE r.round_id = :round AND r.state = 'SEALED'
                   AND (r.exported_at IS NOT NULL OR :unexported)
                   AND NOT EXISTS (SELECT 1 FROM round f WHERE f.follows_round_id = r.round_id)
                """)
            .param("now", at(now))
            .param("round", roundId)
            .param("unexported", rule.unexported())
            .update()
        == 1;
  }

  private Pruned deleteRound(long roundId) {
    long bodies = inBatches("synapse_body", roundId);
    long attempts = inBatches("synapse_history", roundId);
    long inputs = inBatches("scoring_input", roundId);
    inBatches("challenge", roundId);
    long targets = inBatches("target", roundId);
    long batchRows = inTransaction(() -> new BatchRows(jdbc, roundId).delete());
    inTransaction(
        () ->
            jdbc.sql("DELETE FROM round WHERE round_id = :round AND pruned_at IS NOT NULL")
                .param("round", roundId)
                .update());
    return new Pruned(1, bodies, attempts, targets, inputs, batchRows, 0, 0);
  }

  /** Deletes a round's rows of one table, some uids a transaction. */
  private long inBatches(String table, long roundId) {
    long deleted = 0;
    while (true) {
      int rows = inTransaction(() -> deleteSome(table, roundId));
      if (rows == 0) {
        return deleted;
      }
      deleted += rows;
    }
  }

  private int deleteSome(String table, long roundId) {
    // In two statements: the database evaluates a subquery anew for every row it looks at.
    List<Integer> uids =
        jdbc.sql(
                "SELECT uid FROM %s WHERE round_id = :round ORDER BY uid FETCH FIRST %d ROWS ONLY"
                    .formatted(table, ROWS_AT_ONCE))
            .param("round", roundId)
            .query((row, n) -> row.getInt("uid"))
            .list();
    return uids.isEmpty()
        ? 0
        : jdbc.sql("DELETE FROM %s WHERE round_id = :round AND uid <= :last".formatted(table))
            .param("round", roundId)
            .param("last", uids.getLast())
            .update();
  }

  private long count(String table, long roundId) {
    return jdbc.sql("SELECT COUNT(*) FROM " + table + " WHERE round_id = :round")
        .param("round", roundId)
        .query(Long.class)
        .single();
  }

  private List<Long> unusedSnapshots() {
    return jdbc.sql(
            """
            SELECT s.snapshot_id
              FROM snapshot s
             WHERE NOT EXISTS (SELECT 1 FROM round r WHERE r.snapshot_id = s.snapshot_id)
            """)
        .query((row, n) -> row.getLong("snapshot_id"))
        .list();
  }

  /** In one transaction with its neurons: a round that opens on it must find it whole or not. */
  private boolean deleteSnapshot(long snapshotId) {
    return inTransaction(
        () -> {
          jdbc.sql("SELECT snapshot_id FROM snapshot WHERE snapshot_id = :snapshot FOR UPDATE")
              .param("snapshot", snapshotId)
              .query(Long.class)
              .list();
          long rounds =
              jdbc.sql("SELECT COUNT(*) FROM round WHERE snapshot_id = :snapshot")
                  .param("snapshot", snapshotId)
                  .query(Long.class)
                  .single();
          if (rounds > 0) {
            return false;
          }
          jdbc.sql("DELETE FROM neuron WHERE snapshot_id = :snapshot")
              .param("snapshot", snapshotId)
              .update();
          return jdbc.sql("DELETE FROM snapshot WHERE snapshot_id = :snapshot")
                  .param("snapshot", snapshotId)
                  .update()
              == 1;
        });
  }

  private <T> T inTransaction(Supplier<T> work) {
    return Objects.requireNonNull(transaction.execute(status -> work.get()));
  }
}
