package org.axonometer.history;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What must hold of a round at its seal. Each is a query for the rows that break it. */
enum Invariant {
  SELECTION_COMPLETE(
      "the frozen selection has as many targets as the round says",
      """
      SELECT 'selected ' || r.selected_n || ', targets ' || COUNT(t.uid) AS broken
        FROM round r LEFT JOIN target t ON t.round_id = r.round_id
       WHERE r.round_id = :round
       GROUP BY r.round_id, r.selected_n
      HAVING COUNT(t.uid) <> r.selected_n
      """),
  ONE_INPUT_PER_TARGET(
      "each target has exactly one scoring input",
      """
      SELECT 'uid ' || t.uid AS broken
        FROM target t
        LEFT JOIN scoring_input s ON s.round_id = t.round_id AND s.uid = t.uid
       WHERE t.round_id = :round AND s.uid IS NULL
      """),
  ATTEMPTS_WITHOUT_GAP(
      "attempts are numbered 1 to n, and no more of them left the machine than the round allows",
      """
      SELECT 'uid ' || h.uid AS broken
        FROM synapse_history h JOIN round r ON r.round_id = h.round_id
       WHERE h.round_id = :round
       GROUP BY h.uid, r.max_attempts
      HAVING MAX(h.attempt) <> COUNT(*) OR MIN(h.attempt) <> 1
          OR COUNT(CASE WHEN h.state <> 'RELEASED' THEN 1 END) > r.max_attempts
      """),
  NOBODY_ASKED_AFTER_OK(
      "no attempt left the machine after one that was OK",
      """
      SELECT 'uid ' || later.uid AS broken
        FROM synapse_history later
        JOIN synapse_history ok
          ON ok.round_id = later.round_id AND ok.uid = later.uid AND ok.attempt < later.attempt AND ok.outcome = 'OK'
       WHERE later.round_id = :round AND later.state <> 'RELEASED'
      """),
  NO_INTENT_LEFT(
      "no attempt is still open",
      """
      SELECT 'uid ' || uid AS broken FROM synapse_history WHERE round_id = :round AND state = 'INTENT'
      """),
  FENCES_NEVER_GO_BACK(
      "no attempt carries a fence above the round's",
      """
      SELECT 'uid ' || h.uid AS broken
        FROM synapse_history h JOIN round r ON r.round_id = h.round_id
       WHERE h.round_id = :round AND h.fence > r.fence
      """),
  OUR_FAULTS_DO_NOT_COUNT(
      "no fault of ours is in a miner's denominator",
      """
      SELECT 'uid ' || uid AS broken
        FROM scoring_input
       WHERE round_id = :round AND blame = 'VALIDATOR' AND in_denominator
      """);

  private final String meaning;
  private final String sql;

  Invariant(String meaning, String sql) {
    this.meaning = meaning;
    this.sql = sql;
  }

  String meaning() {
    return meaning;
  }

  /** The rows that break it; none when it holds. */
  List<String> broken(JdbcClient jdbc, long roundId) {
    return jdbc.sql(sql).param("round", roundId).query((row, n) -> row.getString("broken")).list();
  }
}
