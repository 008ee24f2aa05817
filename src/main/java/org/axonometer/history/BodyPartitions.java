package org.axonometer.history;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The partitions of {@code synapse_body} on PostgreSQL: {@value #ROUNDS} rounds each, named for the
 * first of them. Runs in the caller's transaction.
 */
record BodyPartitions(JdbcClient jdbc) {
  static final long ROUNDS = 100;

  private static final String PREFIX = "synapse_body_from_";

  /** Makes the round's partition unless it is there. */
  void ensure(long roundId) {
    long first = roundId - Math.floorMod(roundId, ROUNDS);
    if (exists(first)) {
      return;
    }
    // Lets readers and writers go on, and one maker at a time in.
    jdbc.sql("LOCK TABLE synapse_body IN SHARE UPDATE EXCLUSIVE MODE").update();
    if (!exists(first)) {
      jdbc.sql("CREATE TABLE %s (LIKE synapse_body INCLUDING ALL)".formatted(PREFIX + first))
          .update();
      jdbc.sql(
              "ALTER TABLE synapse_body ATTACH PARTITION %s FOR VALUES FROM (%d) TO (%d)"
                  .formatted(PREFIX + first, first, first + ROUNDS))
          .update();
    }
  }

  /**
   * Drops every partition in which all bodies may go and no round is open or still to come; how
   * many bodies went.
   */
  long drop(Engine.Gone wanted) {
    long next =
        jdbc.sql("SELECT COALESCE(MAX(round_id), 0) FROM round").query(Long.class).single() + 1;
    long bodies = 0;
    for (long first : firsts()) {
      if (first + ROUNDS > next || hasOpenRound(first)) {
        continue;
      }
      List<Long> rounds =
          jdbc.sql("SELECT DISTINCT round_id FROM " + PREFIX + first)
              .query((row, n) -> row.getLong("round_id"))
              .list();
      if (rounds.stream().allMatch(wanted::mayGo)) {
        // Dropping waits for whoever reads the table, and everybody else waits behind it.
        jdbc.sql("SET LOCAL lock_timeout = '500ms'").update();
        bodies += jdbc.sql("SELECT COUNT(*) FROM " + PREFIX + first).query(Long.class).single();
        jdbc.sql("DROP TABLE " + PREFIX + first).update();
      }
    }
    return bodies;
  }

  private boolean hasOpenRound(long first) {
    return jdbc.sql(
                """
                SELECT COUNT(*) FROM round
                 WHERE round_id >= :first AND round_id < :first + :rounds AND state = 'OPEN'
                """)
            .param("first", first)
            .param("rounds", ROUNDS)
            .query(Long.class)
            .single()
        > 0;
  }

  private List<Long> firsts() {
    return jdbc.sql(
            """
            SELECT CAST(SUBSTRING(c.relname FROM '[0-9]+$') AS BIGINT) AS first_round
              FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
             WHERE i.inhparent = CAST('public.synapse_body' AS regclass)
             ORDER BY first_round
            """)
        .query((row, n) -> row.getLong("first_round"))
        .list();
  }

  private boolean exists(long first) {
    return jdbc.sql("SELECT to_regclass(:name) IS NOT NULL AS there")
        .param("name", "public." + PREFIX + first)
        .query((row, n) -> row.getBoolean("there"))
        .single();
  }
}
