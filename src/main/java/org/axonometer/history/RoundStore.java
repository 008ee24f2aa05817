package org.axonometer.history;

import static org.axonometer.history.Rows.at;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.axonometer.dendrite.Outcome;
import org.axonometer.subnet.AxonEndpoint;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Writes rounds. Every write after the opening locks the round's row first and is refused with
 * {@link RoundFencedException} unless the round is open and still ours.
 */
public final class RoundStore {
  private final Database database;
  private final JdbcClient jdbc;
  private final NamedParameterJdbcTemplate batch;
  private final TransactionTemplate transaction;
  private final RoundOwnership ownership;

  public RoundStore(Database database) {
    this.database = database;
    this.jdbc = database.jdbc();
    this.batch = new NamedParameterJdbcTemplate(database.dataSource());
    this.transaction = new TransactionTemplate(database.transactionManager());
    this.ownership = new RoundOwnership(jdbc);
  }

  /**
   * Writes the round, its snapshot, its targets and their challenges in one transaction; the new
   * round's number. This process owns it.
   *
   * @throws HistoryException when its job has an open round
   */
  public long open(NewRound round, NewChallenges.Maker challenges) {
    return opened(
        () -> new RoundOpening(jdbc, batch).insert(round), round.job().name(), challenges);
  }

  /**
   * Writes a follow-up of a sealed round and its challenges in one transaction, as any other; its
   * number.
   */
  public long open(NewFollowUp round, String job, NewChallenges.Maker challenges) {
    return opened(() -> new FollowUpOpening(jdbc, batch).insert(round), job, challenges);
  }

  private long opened(Supplier<Long> opening, String job, NewChallenges.Maker challenges) {
    Supplier<Long> whole =
        () -> {
          long id = opening.get();
          new ChallengeRows(jdbc, batch).insert(id, job, challenges.of(id));
          ownership.own(id, 0);
          database.engine().openBodies(jdbc, id);
          return id;
        };
    long roundId;
    try {
      roundId = inTransaction(whole);
    } catch (HistoryException e) {
      if (!(e.getCause() instanceof DuplicateKeyException)) {
        throw e;
      }
      // Another process may have stored the same snapshot meanwhile: then it is found now. Whatever
      // else is in the way, such as the job's open round, still is.
      roundId = inTransaction(whole);
    }
    database.checkpoint();
    return roundId;
  }

  /** What the targets of a round are asked; none where constants are. */
  public List<Challenge> challenges(long roundId) {
    return new StoredChallenges(database).of(roundId);
  }

  /** Gives targets of an open round, which is ours, other challenges for their next attempts. */
  public void renew(long roundId, long fence, String job, NewChallenges.Maker challenges) {
    NewChallenges fresh = challenges.of(roundId);
    inTransaction(
        () -> {
          ownership.lock(roundId, fence);
          new ChallengeRows(jdbc, batch).replace(roundId, job, fresh);
          return 0;
        });
    database.checkpoint();
  }

  /**
   * Makes this process the round's owner: raises its fence, renews its deadline, and turns attempts
   * an earlier owner left behind into UNKNOWN. Allowed when nobody owns it, when its owner is this
   * process or one of this machine that has ended, and when the owner's lease has run out.
   *
   * @param now when such attempts are noted to have ended
   * @return the fence every further write has to carry
   * @throws RoundOwnedException when another living process owns it
   */
  public long take(long roundId, Instant deadline, Instant now) {
    long fence =
        inTransaction(
            () -> {
              long ours = ownership.take(roundId, deadline);
              jdbc.sql(
                      """
                      UPDATE synapse_history
                         SET state = 'UNKNOWN', ended_at = :now
                       WHERE round_id = :round AND state = 'INTENT' AND fence < :fence
                      """)
                  .param("now", at(now))
                  .param("round", roundId)
                  .param("fence", ours)
                  .update();
              return ours;
            });
    database.checkpoint();
    return fence;
  }

  /** How long an owner that does not renew is believed to live. */
  public static Duration lease() {
    return RoundOwnership.LEASE;
  }

  /**
   * Says that the owner with this fence still lives.
   *
   * @return false when that owner has sealed the round
   */
  public boolean renew(long roundId, long fence) {
    return inTransaction(() -> ownership.renew(roundId, fence));
  }

  /**
   * Does other work on the database in one transaction in which the round is open and surely ours.
   *
   * @throws RoundFencedException when it is not; nothing was done then
   */
  public void whileOurs(long roundId, long fence, Runnable work) {
    inTransaction(
        () -> {
          ownership.lock(roundId, fence);
          work.run();
          return 0;
        });
  }

  /** Gives an open round back, for anybody to take. */
  public void release(long roundId, long fence) {
    inTransaction(
        () -> {
          ownership.release(roundId, fence);
          return 0;
        });
  }

  /**
   * What is left to ask in a partition, in the order of asking: no attempt ended for good, and
   * fewer than allowed left.
   *
   * @param retried endings that are asked again; without UNKNOWN among them a target with an
   *     attempt that is UNKNOWN is left alone
   */
  public List<PlannedTarget> remaining(long roundId, int partition, Set<Outcome> retried) {
    return jdbc.sql(
            """
            SELECT t.uid, t.hotkey, t.host, t.port, t.position, COUNT(h.attempt) AS made,
                   r.max_attempts - COUNT(CASE WHEN h.state <> 'RELEASED' THEN 1 END) AS attempts_left
              FROM target t
              JOIN round r ON r.round_id = t.round_id
              LEFT JOIN synapse_history h ON h.round_id = t.round_id AND h.uid = t.uid
             WHERE t.round_id = :round AND t.part_no = :partition
             GROUP BY t.uid, t.hotkey, t.host, t.port, t.position, r.max_attempts
            HAVING COUNT(CASE WHEN h.state = 'INTENT' OR (h.state = 'DONE' AND h.outcome NOT IN (:retried))
                                OR (h.state = 'UNKNOWN' AND 'UNKNOWN' NOT IN (:retried)) THEN 1 END) = 0
               AND COUNT(CASE WHEN h.state <> 'RELEASED' THEN 1 END) < r.max_attempts
             ORDER BY t.position
            """)
        .param("round", roundId)
        .param("partition", partition)
        // SQL has no empty list.
        .param("retried", retried.isEmpty() ? List.of("-") : names(retried))
        .query(
            (row, n) ->
                new PlannedTarget(
                    Rows.uid(row),
                    Rows.address(row, "hotkey"),
                    new AxonEndpoint(
                        AxonEndpoint.literal(row.getString("host")), row.getInt("port")),
                    row.getInt("position"),
                    row.getInt("made"),
                    row.getInt("attempts_left")))
        .list();
  }

  private static List<String> names(Set<Outcome> outcomes) {
    return outcomes.stream().map(Outcome::name).toList();
  }

  /** Commits one INTENT row per claim. Only after this may the queries leave. */
  public void claim(long roundId, long fence, List<Claim> claims, Instant now) {
    OffsetDateTime claimedAt = at(now);
    inTransaction(
        () -> {
          ownership.lock(roundId, fence);
          batch.batchUpdate(
              """
              INSERT INTO synapse_history (round_id, uid, attempt, fence, state, nonce, uuid, claimed_at)
              VALUES (:round, :uid, :attempt, :fence, 'INTENT', :nonce, :uuid, :now)
              """,
              claims.stream()
                  .map(
                      claim ->
                          (SqlParameterSource)
                              new MapSqlParameterSource("round", roundId)
                                  .addValue("uid", claim.target().uid().value())
                                  .addValue("attempt", claim.attempt())
                                  .addValue("fence", fence)
                                  .addValue("nonce", claim.nonceNanos())
                                  .addValue("uuid", claim.uuid())
                                  .addValue("now", claimedAt))
                  .toArray(SqlParameterSource[]::new));
          return 0;
        });
    database.checkpoint();
  }

  /**
   * Stores how attempts ended. Takes part in the caller's transaction, so that Batch's step row
   * commits with it.
   */
  public void store(long roundId, long fence, List<? extends EndedAttempt> ended) {
    ownership.lock(roundId, fence);
    new EndedAttemptRows(batch, roundId, fence).store(ended);
  }

  /**
   * Notes that our clock and the database's were found to differ while the round was asked: it is
   * for the seal to know, by whomever, that a refused nonce may be our fault.
   */
  public void doubtClock(long roundId, long fence) {
    inTransaction(
        () -> {
          ownership.lock(roundId, fence);
          return jdbc.sql("UPDATE round SET clock_doubted = TRUE WHERE round_id = :round")
              .param("round", roundId)
              .update();
        });
  }

  /**
   * Seals the round: the scoring inputs and the seal in one transaction with the round's last
   * change of state.
   *
   * @param sealing makes the inputs and the seal from the round's results, inside that transaction
   */
  public StoredSeal seal(long roundId, long fence, Sealing sealing) {
    return inTransaction(
        () -> {
          ownership.lock(roundId, fence);
          Round round = new HistoryQueries(database).round(roundId).orElseThrow();
          Sealing.Sealed made =
              sealing.seal(
                  round, results(roundId), clockDoubted(roundId), previousSeal(round.job()));
          new ScoringInputRows(batch).insert(roundId, made.inputs());
          insertSeal(made.seal());
          jdbc.sql(
                  """
                      UPDATE round
                         SET state = 'SEALED', open_job = NULL, sealed_at = :now, mostly_unreachable = :unreachable, clock_doubted = :clock
                       WHERE round_id = :round
                      """)
              .param("now", at(made.seal().sealedAt()))
              .param("unreachable", made.mostlyUnreachable())
              .param("clock", made.clockDoubted())
              .param("round", roundId)
              .update();
          new RoundSummaryRows(jdbc).insert(roundId);
          new QuietAddressRows(jdbc, batch).count(round);
          requireInvariants(roundId);
          return made.seal();
        });
  }

  /** Notes that the round's scoring inputs were written out; the first time is kept. */
  public void markExported(long roundId, Instant when) {
    jdbc.sql(
            """
            UPDATE round SET exported_at = :now
             WHERE round_id = :round AND state = 'SEALED' AND exported_at IS NULL AND pruned_at IS NULL
            """)
        .param("now", at(when))
        .param("round", roundId)
        .update();
  }

  /**
   * By how much the database's clock is ahead of the given one, as exactly as the time of the
   * answer allows; near zero where both are one machine's.
   */
  public Duration databaseAhead(Clock clock) {
    Instant before = clock.instant();
    Instant database =
        inTransaction(
            () ->
                jdbc.sql("SELECT CURRENT_TIMESTAMP")
                    .query((row, n) -> row.getObject(1, OffsetDateTime.class).toInstant())
                    .single());
    Duration answer = Duration.between(before, clock.instant());
    return Duration.between(before.plus(answer.dividedBy(2)), database);
  }

  /** Makes what is committed so far survive a power cut too, and the loss of a seal be noticed. */
  public void makeDurable() {
    database.checkpointSeals();
  }

  /**
   * Makes scoring inputs and a seal out of a round's results; called inside the seal's transaction.
   */
  public interface Sealing {

    /**
     * @param clockIsWrong whether our clock was found to differ from the database's
     */
    Sealed seal(
        Round round, List<TargetResult> results, boolean clockIsWrong, String previousSha256);

    /** What is written at a seal. */
    record Sealed(
        List<ScoringInput> inputs,
        StoredSeal seal,
        boolean mostlyUnreachable,
        boolean clockDoubted) {}
  }

  private <T> T inTransaction(Supplier<T> work) {
    try {
      return Objects.requireNonNull(transaction.execute(status -> work.get()));
    } catch (DataAccessException | TransactionException e) {
      throw new HistoryException("the database failed: " + FailureText.cause(e), e);
    }
  }

  private void requireInvariants(long roundId) {
    List<BrokenInvariant> broken = new HistoryQueries(database).brokenInvariants(roundId);
    if (!broken.isEmpty()) {
      throw new IllegalStateException(
          "round %d breaks invariant %s; it stays open".formatted(roundId, broken));
    }
  }

  private List<TargetResult> results(long roundId) {
    return jdbc.sql(
            """
            SELECT t.uid, t.hotkey, t.coldkey, t.host, t.position, t.unaskable, t.reason,
                   (SELECT COUNT(*) FROM synapse_history a
                     WHERE a.round_id = t.round_id AND a.uid = t.uid AND a.state <> 'RELEASED') AS attempts,
                   h.outcome, h.detail, h.http_status, h.claimed_status_code, h.claimed_status_message,
                   h.dendrite_status_code, h.dendrite_status_message, h.queue_nanos, h.prepare_nanos, h.connect_nanos,
                   h.first_byte_nanos, h.total_nanos, h.claimed_process_time, h.response_bytes, h.response_sha256, h.fields,
                   h.first_chunk_nanos, h.chunks, h.gap_p50_nanos, h.gap_p95_nanos, h.gap_max_nanos, h.last_bytes_share,
                   h.invalid_fields, h.changed_fields, h.axon_signature, h.claimed_axon_nonce, h.local_stall_ms
              FROM target t
              LEFT JOIN synapse_history h
                ON h.round_id = t.round_id AND h.uid = t.uid AND h.state = 'DONE'
               AND h.attempt = (SELECT MAX(l.attempt) FROM synapse_history l
                                 WHERE l.round_id = t.round_id AND l.uid = t.uid AND l.state = 'DONE')
             WHERE t.round_id = :round
             ORDER BY t.uid
            """)
        .param("round", roundId)
        .query(Rows::targetResult)
        .list();
  }

  private boolean clockDoubted(long roundId) {
    return jdbc.sql("SELECT clock_doubted FROM round WHERE round_id = :round")
        .param("round", roundId)
        .query(Boolean.class)
        .single();
  }

  private String previousSeal(String job) {
    return jdbc.sql(
            "SELECT sha256 FROM seal WHERE job = :job ORDER BY seal_id DESC FETCH FIRST ROW ONLY")
        .param("job", job)
        .query(String.class)
        .optional()
        .orElse("0".repeat(64));
  }

  private void insertSeal(StoredSeal seal) {
    jdbc.sql(
            """
            INSERT INTO seal (job, round_id, input_n, inputs_sha256, previous_sha256, sha256, sealed_at)
            VALUES (:job, :round, :inputs, :inputs_sha256, :previous, :sha256, :now)
            """)
        .param("job", seal.job())
        .param("round", seal.roundId())
        .param("inputs", seal.inputs())
        .param("inputs_sha256", seal.inputsSha256())
        .param("previous", seal.previousSha256())
        .param("sha256", seal.sha256())
        .param("now", at(seal.sealedAt()))
        .update();
  }
}
