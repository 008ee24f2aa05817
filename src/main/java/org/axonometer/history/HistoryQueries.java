package org.axonometer.history;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.axonometer.dendrite.Outcome;
import org.axonometer.subnet.NetUid;
import org.axonometer.subnet.Uid;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Questions to the history. Reads only. */
public final class HistoryQueries {
  private static final String ROUND =
      """
      SELECT r.round_id, r.job, r.kind, r.state, s.network, s.netuid, s.block, r.own_hotkey, r.wallet_path, r.wallet_name,
             r.wallet_hotkey, r.job_file, r.job_source, r.seed, r.partition_n, r.selected_n, r.max_attempts, r.opened_at,
             r.deadline_at, r.sealed_at
        FROM round r JOIN snapshot s ON s.snapshot_id = r.snapshot_id
      """;

  private final JdbcClient jdbc;

  public HistoryQueries(Database database) {
    this.jdbc = database.jdbc();
  }

  public Optional<Round> round(long roundId) {
    return jdbc.sql(ROUND + " WHERE r.round_id = :round")
        .param("round", roundId)
        .query(Rows::round)
        .optional();
  }

  /** The newest rounds first. */
  public List<Round> rounds(int limit) {
    return jdbc.sql(ROUND + " ORDER BY r.round_id DESC FETCH FIRST :limit ROWS ONLY")
        .param("limit", limit)
        .query(Rows::round)
        .list();
  }

  /** Rounds that are not sealed, the oldest first. */
  public List<Round> openRounds() {
    return jdbc.sql(ROUND + " WHERE r.state = 'OPEN' ORDER BY r.round_id")
        .query(Rows::round)
        .list();
  }

  public Optional<Round> openRoundOf(String job) {
    return jdbc.sql(
            ROUND
                + " WHERE r.job = :job AND r.state = 'OPEN' ORDER BY r.round_id FETCH FIRST ROW ONLY")
        .param("job", job)
        .query(Rows::round)
        .optional();
  }

  /** The living process that asks the round; empty when anybody may take it. */
  public Optional<RoundOwner> ownerOf(long roundId) {
    return new RoundOwnership(jdbc).owner(roundId);
  }

  /** Open rounds whose owner died or fell silent without giving them back, oldest first. */
  public List<Round> abandonedRounds() {
    return new RoundOwnership(jdbc).abandoned().stream().flatMap(id -> round(id).stream()).toList();
  }

  /**
   * How many targets ended how, and by whose fault: of a sealed round by its scoring inputs, of an
   * open one as far as it is known.
   */
  public List<OutcomeCount> outcomes(long roundId) {
    return jdbc.sql(
            """
            SELECT ended, COALESCE(sealed_blame, o.blame, 'NONE') AS blame, COUNT(*) AS n
              FROM (SELECT COALESCE(s.outcome, h.outcome, t.unaskable, 'OPEN') AS ended, s.blame AS sealed_blame
                      FROM target t
                      LEFT JOIN scoring_input s ON s.round_id = t.round_id AND s.uid = t.uid
                      LEFT JOIN synapse_history h
                        ON h.round_id = t.round_id AND h.uid = t.uid AND h.state = 'DONE'
                       AND h.attempt = (SELECT MAX(l.attempt) FROM synapse_history l
                                         WHERE l.round_id = t.round_id AND l.uid = t.uid AND l.state = 'DONE')
                     WHERE t.round_id = :round) e
              LEFT JOIN outcome o ON o.name = e.ended
             GROUP BY ended, COALESCE(sealed_blame, o.blame, 'NONE')
             ORDER BY ended
            """)
        .param("round", roundId)
        .query(
            (row, n) ->
                new OutcomeCount(
                    row.getString("ended").equals("OPEN")
                        ? Optional.empty()
                        : Optional.of(Outcome.valueOf(row.getString("ended"))),
                    Outcome.Blame.valueOf(row.getString("blame")),
                    row.getInt("n")))
        .list();
  }

  /** One ending, whose fault it is, and how many targets have it; no outcome = not ended yet. */
  public record OutcomeCount(Optional<Outcome> outcome, Outcome.Blame blame, int targets) {}

  /**
   * How many targets were OK in each round from this number on, by the round's number: of a sealed
   * round by its summary, of an open one so far. Rounds without one may be missing.
   */
  public Map<Long, Integer> okFrom(long firstRound) {
    Map<Long, Integer> ok = new HashMap<>();
    jdbc.sql(
            """
            SELECT round_id, ok_n FROM round_summary WHERE round_id >= :first
            UNION ALL
            SELECT r.round_id, (SELECT COUNT(CASE WHEN h.outcome = 'OK' THEN 1 END)
                                  FROM synapse_history h WHERE h.round_id = r.round_id)
              FROM round r
             WHERE r.round_id >= :first AND r.state = 'OPEN'
            """)
        .param("first", firstRound)
        .query(
            row -> {
              ok.put(row.getLong("round_id"), row.getInt("ok_n"));
            });
    return ok;
  }

  /** The targets of a round that have an address to ask, in the order of asking. */
  public List<AskableTarget> askable(long roundId) {
    return jdbc.sql(
            """
            SELECT t.uid, t.hotkey, t.host, t.port, COALESCE(s.outcome, h.outcome) AS outcome,
                   COALESCE(s.in_denominator, FALSE) AS in_denominator,
                   (SELECT COUNT(*) FROM synapse_history u
                     WHERE u.round_id = t.round_id AND u.uid = t.uid AND u.state IN ('UNKNOWN', 'INTENT')) AS unknown_attempts,
                   (SELECT COUNT(*) FROM synapse_history a
                     WHERE a.round_id = t.round_id AND a.uid = t.uid AND a.state <> 'RELEASED') AS attempts
              FROM target t
              LEFT JOIN scoring_input s ON s.round_id = t.round_id AND s.uid = t.uid
              LEFT JOIN synapse_history h
                ON h.round_id = t.round_id AND h.uid = t.uid AND h.state = 'DONE'
               AND h.attempt = (SELECT MAX(l.attempt) FROM synapse_history l
                                 WHERE l.round_id = t.round_id AND l.uid = t.uid AND l.state = 'DONE')
             WHERE t.round_id = :round AND t.part_no IS NOT NULL
             ORDER BY t.position
            """)
        .param("round", roundId)
        .query(Rows::askableTarget)
        .list();
  }

  /** A snapshot that a round was opened on. */
  public record UsedSnapshot(long block, Instant takenAt) {}

  /** The snapshot of this subnet that the job's rounds were opened on last. */
  public Optional<UsedSnapshot> lastSnapshot(String job, String network, NetUid netuid) {
    return jdbc.sql(
            """
            SELECT s.block, s.taken_at
              FROM round r JOIN snapshot s ON s.snapshot_id = r.snapshot_id
             WHERE r.job = :job AND s.network = :network AND s.netuid = :netuid
             ORDER BY r.round_id DESC FETCH FIRST ROW ONLY
            """)
        .param("job", job)
        .param("network", network)
        .param("netuid", netuid.value())
        .query((row, n) -> new UsedSnapshot(row.getLong("block"), Rows.instant(row, "taken_at")))
        .optional();
  }

  /** The digests of the snapshots that stored rounds were opened on. */
  public Set<String> snapshotDigests() {
    return Set.copyOf(
        jdbc.sql("SELECT sha256 FROM snapshot").query((row, n) -> row.getString("sha256")).list());
  }

  /**
   * How old a round's snapshot was when the round opened.
   *
   * @param notes what was to be said of it then
   */
  public record SnapshotAge(Duration age, Optional<String> notes) {}

  /** How old the snapshot of a round was; empty when there is no such round. */
  public Optional<SnapshotAge> snapshotAge(long roundId) {
    return jdbc.sql(
            "SELECT snapshot_age_seconds, snapshot_notes FROM round WHERE round_id = :round")
        .param("round", roundId)
        .query(
            (row, n) ->
                new SnapshotAge(
                    Duration.ofSeconds(row.getLong("snapshot_age_seconds")),
                    Optional.ofNullable(row.getString("snapshot_notes"))))
        .optional();
  }

  /** The round this one follows; empty for one that stands by itself. */
  public Optional<Long> follows(long roundId) {
    return jdbc.sql(
            "SELECT follows_round_id FROM round WHERE round_id = :round AND follows_round_id IS NOT NULL")
        .param("round", roundId)
        .query(Long.class)
        .optional();
  }

  /** The rounds that follow this one, oldest first. */
  public List<Long> followUps(long roundId) {
    return jdbc.sql("SELECT round_id FROM round WHERE follows_round_id = :round ORDER BY round_id")
        .param("round", roundId)
        .query((row, n) -> row.getLong("round_id"))
        .list();
  }

  /** A sealed round's inputs in uid order; empty for an open one. */
  public List<ScoringInput> scoringInputs(long roundId) {
    return jdbc.sql("SELECT * FROM scoring_input WHERE round_id = :round ORDER BY uid")
        .param("round", roundId)
        .query(Rows::scoringInput)
        .list();
  }

  /** One target's input; empty for an open round. */
  public Optional<ScoringInput> scoringInput(long roundId, Uid uid) {
    return jdbc.sql("SELECT * FROM scoring_input WHERE round_id = :round AND uid = :uid")
        .param("round", roundId)
        .param("uid", uid.value())
        .query(Rows::scoringInput)
        .optional();
  }

  public Optional<StoredSeal> seal(long roundId) {
    return jdbc.sql("SELECT * FROM seal WHERE round_id = :round")
        .param("round", roundId)
        .query(Rows::storedSeal)
        .optional();
  }

  /** A job's seals in the order of the chain, those of pruned rounds included. */
  public List<StoredSeal> seals(String job) {
    return jdbc.sql("SELECT * FROM seal WHERE job = :job ORDER BY seal_id")
        .param("job", job)
        .query(Rows::storedSeal)
        .list();
  }

  /** Every job that has a round or a seal, sorted. */
  public List<String> jobs() {
    return jdbc.sql("SELECT job FROM round UNION SELECT job FROM seal ORDER BY job")
        .query((row, n) -> row.getString("job"))
        .list();
  }

  /** Numbers of a job's sealed rounds that have no seal; always empty unless a row was removed. */
  public List<Long> sealedWithoutSeal(String job) {
    return jdbc.sql(
            """
            SELECT r.round_id
              FROM round r LEFT JOIN seal s ON s.round_id = r.round_id
             WHERE r.job = :job AND r.state = 'SEALED' AND s.seal_id IS NULL
             ORDER BY r.round_id
            """)
        .param("job", job)
        .query((row, n) -> row.getLong("round_id"))
        .list();
  }

  /** A job's newest round. */
  public Optional<Round> lastRoundOf(String job) {
    return jdbc.sql(ROUND + " WHERE r.job = :job ORDER BY r.round_id DESC FETCH FIRST ROW ONLY")
        .param("job", job)
        .query(Rows::round)
        .optional();
  }

  /**
   * How a job's sealed rounds before {@code beforeRound} went, newest first. Left out are
   * follow-ups, which ask a few targets of another round once more, and rounds that retention is
   * deleting.
   */
  public List<RoundRate> ratesOf(String job, long beforeRound, int limit) {
    return jdbc.sql(
            """
            SELECT r.round_id, r.job_source, r.opened_at, r.sealed_at, s.ok_n, s.denominator_n
              FROM round_summary s JOIN round r ON r.round_id = s.round_id
             WHERE s.job = :job AND s.round_id < :before AND r.kind <> 'FOLLOW_UP' AND r.pruned_at IS NULL
             ORDER BY s.job DESC, s.round_id DESC
             FETCH FIRST :limit ROWS ONLY
            """)
        .param("job", job)
        .param("before", beforeRound)
        .param("limit", limit)
        .query(
            (row, n) ->
                new RoundRate(
                    row.getLong("round_id"),
                    row.getString("job_source"),
                    Rows.instant(row, "opened_at"),
                    Rows.instant(row, "sealed_at"),
                    row.getInt("ok_n"),
                    row.getInt("denominator_n")))
        .list();
  }

  /** Since when retention deletes the round's rows; empty for a whole round and for none. */
  public Optional<Instant> prunedAt(long roundId) {
    return jdbc.sql("SELECT pruned_at FROM round WHERE round_id = :round AND pruned_at IS NOT NULL")
        .param("round", roundId)
        .query((row, n) -> Rows.instant(row, "pruned_at"))
        .optional();
  }

  /** When the round's scoring inputs were first written out; empty when they never were. */
  public Optional<Instant> exportedAt(long roundId) {
    return jdbc.sql(
            "SELECT exported_at FROM round WHERE round_id = :round AND exported_at IS NOT NULL")
        .param("round", roundId)
        .query((row, n) -> Rows.instant(row, "exported_at"))
        .optional();
  }

  /** What a round breaks of what must always hold. */
  public List<BrokenInvariant> brokenInvariants(long roundId) {
    return broken(roundId, roundId);
  }

  /** What any round breaks, and rows of rounds that are not there. */
  public List<BrokenInvariant> brokenInvariants() {
    return broken(Long.MIN_VALUE, Long.MAX_VALUE);
  }

  private List<BrokenInvariant> broken(long firstRound, long lastRound) {
    return Stream.of(Invariant.values())
        .flatMap(invariant -> invariant.broken(jdbc, firstRound, lastRound).stream())
        .toList();
  }
}
