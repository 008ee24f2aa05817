package org.axonometer.torture;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.axonometer.history.Database;
import org.axonometer.history.HistoryQueries;
import org.axonometer.mockaxons.ReceivedQuery;
import org.axonometer.scoring.SealVerification;
import org.axonometer.scoring.SealVerification.Verdict;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Holds a history against what is promised, against what the axons wrote down, and against what it
 * said before. Every answer is a list of what is broken. Of one thread.
 */
final class Checker {
  /** Part of what is said of queries that left without their row. */
  static final String UNRECORDED = "received queries have no row";

  /** Part of what is said of a claim that did not look at the fence. */
  static final String OLD_INTENT = "an open intent of an older fence";

  /** Taking a round ends what the owner before left open, in the same transaction. */
  private static final String OPEN_INTENTS_OF_AN_OLDER_FENCE =
      """
      SELECT '%s: round ' || h.round_id || ' uid ' || h.uid AS broken
        FROM synapse_history h JOIN round r ON r.round_id = h.round_id
       WHERE h.state = 'INTENT' AND h.fence < r.fence
      """
          .formatted(OLD_INTENT);

  private final Map<Long, String> seals = new HashMap<>();
  private final Map<Long, String> receipts = new HashMap<>();
  private int expectedQueries;

  private record Row(String state, int uid) {}

  /** A receipt that a program printed: the round is sealed, with this hash, for ever. */
  void printed(long roundId, String sealSha256) {
    receipts.put(roundId, sealSha256);
  }

  /** How many receipts there are. */
  int receipts() {
    return receipts.size();
  }

  /** What must hold at any moment, also while others write. */
  static List<String> always(Database database) {
    List<String> broken =
        new ArrayList<>(
            JdbcClient.create(database.dataSource())
                .sql(OPEN_INTENTS_OF_AN_OLDER_FENCE)
                .query((row, n) -> row.getString("broken"))
                .list());
    new HistoryQueries(database)
        .brokenInvariants()
        .forEach(one -> broken.add("round " + one.roundId() + ": " + one));
    return broken;
  }

  /** All there is to check while nobody writes. */
  List<String> all(Database database, List<ReceivedQuery> received) {
    List<String> broken = new ArrayList<>(always(database));
    broken.addAll(unrecorded(database, received));
    var queries = new HistoryQueries(database);
    List<Long> sealed =
        JdbcClient.create(database.dataSource())
            .sql("SELECT round_id FROM round WHERE state = 'SEALED'")
            .query(Long.class)
            .list();
    for (long round : sealed) {
      String sha256 =
          queries.seal(round).map(org.axonometer.history.StoredSeal::sha256).orElse("none");
      if (!seals.computeIfAbsent(round, first -> sha256).equals(sha256)) {
        broken.add("round " + round + " has another seal than before");
      }
    }
    receipts.forEach(
        (round, sha256) -> {
          if (!sha256.equals(seals.get(round))) {
            broken.add(
                "round %d: its receipt says %s, it has %s"
                    .formatted(round, sha256, seals.get(round)));
          }
        });
    seals.keySet().stream()
        .filter(round -> !sealed.contains(round))
        .forEach(round -> broken.add("round " + round + " was sealed and is not any more"));
    var verification = new SealVerification(queries);
    for (String job : queries.jobs()) {
      verification.job(job).stream()
          .filter(finding -> finding.verdict() == Verdict.BROKEN)
          .forEach(
              finding ->
                  broken.add("seal of round " + finding.roundId() + ": " + finding.detail()));
    }
    return broken;
  }

  /** Queries that axons received and the history does not know, or knows as something else. */
  private List<String> unrecorded(Database database, List<ReceivedQuery> received) {
    Map<String, Row> rows = new HashMap<>();
    JdbcClient.create(database.dataSource())
        .sql("SELECT nonce, state, uid FROM synapse_history")
        .query(
            (row, n) ->
                rows.put(
                    row.getString("nonce"), new Row(row.getString("state"), row.getInt("uid"))))
        .list();
    List<String> broken = new ArrayList<>();
    Set<String> once = new HashSet<>();
    int lost = 0;
    for (ReceivedQuery query : received) {
      Row row = rows.get(query.nonce());
      if (row == null) {
        lost++;
      } else if (row.uid() != query.uid().value()) {
        broken.add("uid %s received the query of uid %d".formatted(query.uid(), row.uid()));
      } else if (row.state().equals("RELEASED")) {
        broken.add("uid %s received a query that is RELEASED".formatted(query.uid()));
      }
      if (!once.add(query.nonce())) {
        broken.add("uid %s received a query twice".formatted(query.uid()));
      }
    }
    if (lost > 0) {
      broken.add("%d of %d %s".formatted(lost, received.size(), UNRECORDED));
    }
    if (received.size() < expectedQueries) {
      broken.add("the axons' log became shorter");
    }
    expectedQueries = received.size();
    return broken;
  }
}
