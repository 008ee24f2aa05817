package org.axonometer.history;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What holds of the rounds {@code :first} to {@code :last} at every commit, running rounds and ones
 * that retention is deleting included. Each is a query for the rows that break it, by the tables'
 * own keys, so that one round costs little in a long history too: each large table is bounded by
 * itself, and outcomes are joined from the outside, or H2 would begin with every row of an outcome.
 * That what was sealed is still what is stored, {@code SealVerification} shows.
 */
public enum Invariant {
  SELECTION_COMPLETE(
      "the frozen selection has as many targets as the round says",
      """
      SELECT r.round_id, 'selected ' || r.selected_n || ', targets ' || COUNT(t.uid) AS broken
        FROM round r LEFT JOIN target t ON t.round_id = r.round_id
       WHERE r.round_id BETWEEN :first AND :last AND r.pruned_at IS NULL
       GROUP BY r.round_id, r.selected_n
      HAVING COUNT(t.uid) <> r.selected_n
      """),
  ONE_INPUT_PER_TARGET(
      "each target of a sealed round has exactly one scoring input",
      """
      SELECT t.round_id, 'uid ' || t.uid AS broken
        FROM round r
        JOIN target t ON t.round_id = r.round_id
        LEFT JOIN scoring_input s ON s.round_id = t.round_id AND s.uid = t.uid
       WHERE r.round_id BETWEEN :first AND :last AND r.state = 'SEALED' AND r.pruned_at IS NULL
       GROUP BY t.round_id, t.uid
      HAVING COUNT(s.uid) <> 1
      """),
  PARTITIONS_COVER_THE_SELECTION(
      "each target that can be asked is in one of the round's partitions",
      """
      SELECT t.round_id, 'uid ' || t.uid || ' in partition ' || t.part_no AS broken
        FROM target t JOIN round r ON r.round_id = t.round_id
       WHERE r.round_id BETWEEN :first AND :last AND t.part_no NOT BETWEEN 0 AND r.partition_n - 1
      """),
  NO_ROW_WITHOUT_ITS_PARENT(
      "every row has the one it belongs to",
      """
      SELECT t.round_id, 'target ' || t.uid AS broken
        FROM target t LEFT JOIN round r ON r.round_id = t.round_id
       WHERE t.round_id BETWEEN :first AND :last AND r.round_id IS NULL
      UNION ALL
      SELECT h.round_id, 'attempt ' || h.attempt || ' of uid ' || h.uid
        FROM synapse_history h LEFT JOIN target t ON t.round_id = h.round_id AND t.uid = h.uid
       WHERE h.round_id BETWEEN :first AND :last AND t.uid IS NULL
      UNION ALL
      SELECT b.round_id, 'bodies of attempt ' || b.attempt || ' of uid ' || b.uid
        FROM synapse_body b
        LEFT JOIN synapse_history h ON h.round_id = b.round_id AND h.uid = b.uid AND h.attempt = b.attempt
       WHERE b.round_id BETWEEN :first AND :last AND h.uid IS NULL
      UNION ALL
      SELECT s.round_id, 'scoring input of uid ' || s.uid
        FROM scoring_input s LEFT JOIN target t ON t.round_id = s.round_id AND t.uid = s.uid
       WHERE s.round_id BETWEEN :first AND :last AND t.uid IS NULL
      UNION ALL
      SELECT c.round_id, 'challenge of uid ' || c.uid
        FROM challenge c LEFT JOIN target t ON t.round_id = c.round_id AND t.uid = c.uid
       WHERE c.round_id BETWEEN :first AND :last AND c.uid >= 0 AND t.uid IS NULL
      """),
  ATTEMPTS_WITHOUT_GAP(
      "attempts are numbered 1 to n, and no more of them left the machine than the round allows",
      """
      SELECT h.round_id, 'uid ' || h.uid AS broken
        FROM synapse_history h JOIN round r ON r.round_id = h.round_id
       WHERE h.round_id BETWEEN :first AND :last AND r.round_id BETWEEN :first AND :last
       GROUP BY h.round_id, h.uid, r.max_attempts
      HAVING MAX(h.attempt) <> COUNT(*) OR MIN(h.attempt) <> 1
          OR COUNT(CASE WHEN h.state <> 'RELEASED' THEN 1 END) > r.max_attempts
      """),
  NOBODY_ASKED_AFTER_THE_END(
      "no attempt left the machine after one whose end the round does not ask again",
      """
      SELECT DISTINCT later.round_id, 'uid ' || later.uid AS broken
        FROM synapse_history later
        JOIN round r ON r.round_id = later.round_id
        JOIN synapse_history ended
          ON ended.round_id = later.round_id AND ended.uid = later.uid AND ended.attempt < later.attempt
       WHERE later.round_id BETWEEN :first AND :last AND r.round_id BETWEEN :first AND :last
         AND later.state <> 'RELEASED'
         AND ended.state IN ('DONE', 'UNKNOWN')
         AND (ended.outcome = 'OK'
              OR POSITION(' ' || COALESCE(ended.outcome, 'UNKNOWN') || ' ' IN ' ' || r.retried || ' ') = 0)
      """),
  NO_INTENT_LEFT(
      "no attempt of a sealed round is still open",
      """
      SELECT h.round_id, 'uid ' || h.uid AS broken
        FROM synapse_history h JOIN round r ON r.round_id = h.round_id
       WHERE h.round_id BETWEEN :first AND :last AND r.round_id BETWEEN :first AND :last
         AND h.state = 'INTENT' AND r.state = 'SEALED'
      """),
  INPUTS_ARE_THE_OUTCOMES(
      "each scoring input says of its target what its last finished attempt says",
      """
      SELECT s.round_id, 'uid ' || s.uid AS broken
        FROM scoring_input s
        JOIN round r ON r.round_id = s.round_id
        JOIN target t ON t.round_id = s.round_id AND t.uid = s.uid
        LEFT JOIN outcome o ON o.name = s.outcome
        LEFT JOIN synapse_history h
          ON h.round_id = s.round_id AND h.uid = s.uid AND h.state = 'DONE'
         AND h.attempt = (SELECT MAX(l.attempt) FROM synapse_history l
                           WHERE l.round_id = s.round_id AND l.uid = s.uid AND l.state = 'DONE')
       WHERE s.round_id BETWEEN :first AND :last AND r.round_id BETWEEN :first AND :last AND r.pruned_at IS NULL
         AND (s.hotkey <> t.hotkey OR s.coldkey <> t.coldkey OR s.position <> t.position
              OR s.http_status IS DISTINCT FROM h.http_status
              OR s.claimed_status IS DISTINCT FROM h.claimed_status_code
              OR s.dendrite_status_code IS DISTINCT FROM h.dendrite_status_code
              OR s.dendrite_status_message IS DISTINCT FROM h.dendrite_status_message
              OR s.queue_nanos IS DISTINCT FROM h.queue_nanos
              OR s.prepare_nanos IS DISTINCT FROM h.prepare_nanos
              OR s.connect_nanos IS DISTINCT FROM h.connect_nanos
              OR s.first_byte_nanos IS DISTINCT FROM h.first_byte_nanos
              OR s.total_nanos IS DISTINCT FROM CASE WHEN o.latency_known THEN h.total_nanos END
              OR s.claimed_process_time IS DISTINCT FROM h.claimed_process_time
              OR s.response_bytes IS DISTINCT FROM h.response_bytes
              OR s.response_sha256 IS DISTINCT FROM h.response_sha256
              OR s.fields <> COALESCE(NULLIF(h.fields, '{}'), s.fields)
              OR s.first_chunk_nanos IS DISTINCT FROM h.first_chunk_nanos
              OR s.chunks IS DISTINCT FROM h.chunks
              OR s.gap_p50_nanos IS DISTINCT FROM h.gap_p50_nanos
              OR s.gap_p95_nanos IS DISTINCT FROM h.gap_p95_nanos
              OR s.gap_max_nanos IS DISTINCT FROM h.gap_max_nanos
              OR s.last_bytes_share IS DISTINCT FROM h.last_bytes_share
              OR s.invalid_fields IS DISTINCT FROM h.invalid_fields
              OR s.changed_fields IS DISTINCT FROM h.changed_fields
              OR s.axon_signature IS DISTINCT FROM h.axon_signature
              OR s.claimed_axon_nonce IS DISTINCT FROM h.claimed_axon_nonce
              OR s.local_stall_ms IS DISTINCT FROM h.local_stall_ms
              OR s.attempts <> (SELECT COUNT(*) FROM synapse_history a
                                 WHERE a.round_id = s.round_id AND a.uid = s.uid AND a.state IN ('DONE', 'UNKNOWN'))
              OR CASE WHEN r.mostly_unreachable
                       AND (h.outcome = 'UNREACHABLE' OR (h.outcome = 'TIMED_OUT' AND h.connect_nanos IS NULL))
                      THEN s.outcome <> 'LOCAL_FAULT'
                      WHEN h.outcome IS NOT NULL
                      THEN s.outcome <> h.outcome OR s.detail IS DISTINCT FROM h.detail
                      WHEN t.unaskable IS NOT NULL
                      THEN s.outcome <> t.unaskable OR s.detail IS DISTINCT FROM t.reason
                      ELSE s.outcome <> CASE WHEN s.attempts > 0 THEN 'UNKNOWN' ELSE 'UNSENT' END
                 END)
      """),
  SEALED_BY_A_SEAL(
      "a sealed round has its seal, which counts as many inputs as were selected",
      """
      SELECT r.round_id, CASE WHEN l.round_id IS NULL THEN 'no seal' ELSE 'a seal of ' || l.input_n END AS broken
        FROM round r LEFT JOIN seal l ON l.round_id = r.round_id
       WHERE r.round_id BETWEEN :first AND :last AND r.state = 'SEALED'
         AND (l.round_id IS NULL OR l.job <> r.job OR l.input_n <> r.selected_n)
      """),
  NOTHING_SCORED_BEFORE_THE_SEAL(
      "an open round has neither scoring inputs nor a seal",
      """
      SELECT DISTINCT r.round_id, 'state ' || r.state AS broken
        FROM round r
        LEFT JOIN scoring_input s ON s.round_id = r.round_id
        LEFT JOIN seal l ON l.round_id = r.round_id
       WHERE r.round_id BETWEEN :first AND :last AND r.state <> 'SEALED'
         AND (s.round_id IS NOT NULL OR l.round_id IS NOT NULL)
      """),
  ONE_ROUND_PER_FIRE(
      "a scheduled time has one round, the one its fire names",
      """
      SELECT r.round_id, 'fire time ' || r.fire_time AS broken
        FROM round r LEFT JOIN fire f ON f.job = r.job AND f.fire_time = r.fire_time
       WHERE r.round_id BETWEEN :first AND :last AND r.fire_time IS NOT NULL
         AND f.round_id IS DISTINCT FROM r.round_id
      """),
  FENCES_NEVER_GO_BACK(
      "no attempt carries a fence above the round's, nor one below an earlier attempt's, and an open one carries the round's",
      """
      SELECT e.round_id, 'uid ' || e.uid AS broken
        FROM (SELECT h.round_id, h.uid, h.state, h.fence,
                     LAG(h.fence) OVER (PARTITION BY h.round_id, h.uid ORDER BY h.attempt) AS fence_before
                FROM synapse_history h
               WHERE h.round_id BETWEEN :first AND :last) e
        JOIN round r ON r.round_id = e.round_id
       WHERE r.round_id BETWEEN :first AND :last
         AND (e.fence > r.fence OR e.fence < e.fence_before OR (e.state = 'INTENT' AND e.fence < r.fence))
      """),
  NONCES_RISE(
      "a process asks a target again with a higher nonce only, and no nonce is used twice",
      """
      SELECT e.round_id, 'uid ' || e.uid AS broken
        FROM (SELECT h.round_id, h.uid, h.nonce,
                     LAG(h.nonce) OVER (PARTITION BY h.round_id, h.uid, h.fence ORDER BY h.attempt) AS nonce_before
                FROM synapse_history h
               WHERE h.round_id BETWEEN :first AND :last) e
       WHERE e.nonce <= e.nonce_before
      UNION ALL
      SELECT h.round_id, 'uid ' || h.uid
        FROM synapse_history h JOIN synapse_history o ON o.nonce = h.nonce
       WHERE h.round_id BETWEEN :first AND :last
         AND (o.round_id <> h.round_id OR o.uid <> h.uid OR o.attempt <> h.attempt)
      """),
  OUR_FAULTS_DO_NOT_COUNT(
      "a fault of ours is in no miner's denominator, and only a doubted clock makes a miner's outcome ours",
      """
      SELECT s.round_id, 'uid ' || s.uid AS broken
        FROM scoring_input s
        JOIN round r ON r.round_id = s.round_id
        LEFT JOIN outcome o ON o.name = s.outcome
       WHERE s.round_id BETWEEN :first AND :last AND r.round_id BETWEEN :first AND :last
         AND (s.in_denominator <> (s.blame <> 'VALIDATOR')
              OR (s.blame <> o.blame AND NOT (s.blame = 'VALIDATOR' AND r.clock_doubted)))
      """);

  private final String meaning;
  private final String sql;

  Invariant(String meaning, String sql) {
    this.meaning = meaning;
    this.sql = sql;
  }

  public String meaning() {
    return meaning;
  }

  /** The rows of these rounds that break it; none when it holds. */
  List<BrokenInvariant> broken(JdbcClient jdbc, long firstRound, long lastRound) {
    return jdbc.sql(sql)
        .param("first", firstRound)
        .param("last", lastRound)
        .query(
            (row, n) -> new BrokenInvariant(row.getLong("round_id"), this, row.getString("broken")))
        .list();
  }
}
