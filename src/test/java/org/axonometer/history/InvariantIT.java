package org.axonometer.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.axonometer.dendrite.Outcome;
import org.axonometer.scoring.RoundSealing;
import org.axonometer.testing.BreaksInvariants;
import org.axonometer.testing.HistoriesHold;
import org.axonometer.testing.StoredRounds;
import org.axonometer.testing.TestStorage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Each invariant is broken by hand, and that one alone is reported. */
@ParameterizedClass
@EnumSource
@BreaksInvariants("one after another")
class InvariantIT {
  private static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");

  /** No round's number. */
  private static final long STRAY = 77_777;

  @Parameter private TestStorage storage = TestStorage.H2;

  @TempDir private Path home;
  private Database database;

  @BeforeEach
  void open() {
    database = storage.own(home);
  }

  @AfterEach
  void close() {
    database.close();
  }

  /**
   * Rows changed, and what that breaks. The round {@code <sealed>} is sealed, {@code <open>} is
   * open, each has uids 0 to 3.
   */
  private record Tampering(Invariant broken, String row, List<String> statements) {}

  private static Tampering broken(Invariant invariant, String row, String... statements) {
    return new Tampering(invariant, row, List.of(statements));
  }

  /** A further attempt in the sealed round, of which uid 3 ended UNREACHABLE and the others OK. */
  private static String furtherAttempt(
      int uid, int attempt, int fence, String nonce, String state) {
    return """
    INSERT INTO synapse_history (round_id, uid, attempt, fence, state, nonce, uuid, claimed_at)
    SELECT round_id, uid, %d, %d, '%s', %s, uuid, claimed_at
      FROM synapse_history WHERE round_id = <sealed> AND uid = %d AND attempt = 1
    """
        .formatted(attempt, fence, state, nonce, uid);
  }

  /** The OK target's sealed row says something else than its attempt. */
  private static Tampering inputSays(String change) {
    return broken(
        Invariant.INPUTS_ARE_THE_OUTCOMES,
        "uid 0",
        "UPDATE scoring_input SET %s WHERE round_id = <sealed> AND uid = 0".formatted(change));
  }

  private static Stream<Tampering> tamperings() {
    return Stream.of(
        broken(
            Invariant.SELECTION_COMPLETE,
            "selected 4, targets 3",
            "DELETE FROM target WHERE round_id = <open> AND uid = 1"),
        broken(
            Invariant.ONE_INPUT_PER_TARGET,
            "uid 2",
            "DELETE FROM scoring_input WHERE round_id = <sealed> AND uid = 2"),
        broken(
            Invariant.PARTITIONS_COVER_THE_SELECTION,
            "uid 2 in partition 1",
            "UPDATE target SET part_no = 1 WHERE round_id = <open> AND uid = 2"),
        broken(
            Invariant.NO_ROW_WITHOUT_ITS_PARENT,
            "challenge of uid 9",
            "INSERT INTO challenge VALUES (<open>, 9, 1, 0, 'nowhere', '{}')"),
        broken(
            Invariant.NO_ROW_WITHOUT_ITS_PARENT,
            "bodies of attempt 2 of uid 1",
            """
            INSERT INTO synapse_body (round_id, uid, attempt, request_body)
            SELECT round_id, uid, 2, request_body FROM synapse_body WHERE round_id = <sealed> AND uid = 1
            """),
        broken(
            Invariant.NO_ROW_WITHOUT_ITS_PARENT,
            "target 1",
            "UPDATE target SET round_id = " + STRAY + " WHERE round_id = <open> AND uid = 1",
            "UPDATE round SET selected_n = 3 WHERE round_id = <open>"),
        broken(
            Invariant.ATTEMPTS_WITHOUT_GAP,
            "uid 1",
            furtherAttempt(1, 3, 1, "nonce + 1000", "RELEASED")),
        broken(
            Invariant.NOBODY_ASKED_AFTER_THE_END,
            "uid 1",
            furtherAttempt(1, 2, 1, "nonce + 1000", "UNKNOWN"),
            "UPDATE round SET max_attempts = 2, retried = NULL WHERE round_id = <sealed>",
            "UPDATE scoring_input SET attempts = 2 WHERE round_id = <sealed> AND uid = 1"),
        broken(
            Invariant.NOBODY_ASKED_AFTER_THE_END,
            "uid 3",
            furtherAttempt(3, 2, 1, "nonce + 1000", "UNKNOWN"),
            "UPDATE round SET max_attempts = 2, retried = 'TIMED_OUT UNKNOWN' WHERE round_id = <sealed>",
            "UPDATE scoring_input SET attempts = 2 WHERE round_id = <sealed> AND uid = 3"),
        broken(
            Invariant.NOBODY_ASKED_AFTER_THE_END,
            "uid 3",
            furtherAttempt(3, 2, 1, "nonce + 1000", "UNKNOWN"),
            furtherAttempt(3, 3, 1, "nonce + 2000", "UNKNOWN"),
            "UPDATE round SET max_attempts = 3, retried = 'UNREACHABLE' WHERE round_id = <sealed>",
            "UPDATE scoring_input SET attempts = 3 WHERE round_id = <sealed> AND uid = 3"),
        broken(
            Invariant.NO_INTENT_LEFT,
            "uid 3",
            furtherAttempt(3, 2, 1, "nonce + 1000", "INTENT"),
            "UPDATE round SET max_attempts = 2, retried = 'UNREACHABLE' WHERE round_id = <sealed>"),
        broken(
            Invariant.INPUTS_ARE_THE_OUTCOMES,
            "uid 0",
            "UPDATE scoring_input SET total_nanos = 1 WHERE round_id = <sealed> AND uid = 0"),
        broken(
            Invariant.INPUTS_ARE_THE_OUTCOMES,
            "uid 3",
            "UPDATE scoring_input SET outcome = 'DISCONNECTED' WHERE round_id = <sealed> AND uid = 3"),
        inputSays("claimed_status = 200"),
        inputSays("dendrite_status_code = 422"),
        inputSays("dendrite_status_message = 'Failure'"),
        inputSays("queue_nanos = 7"),
        inputSays("prepare_nanos = NULL"),
        inputSays("connect_nanos = 7"),
        inputSays("first_byte_nanos = 7"),
        inputSays("claimed_process_time = '0.1'"),
        inputSays("detail = 'because'"),
        inputSays("chunks = 2"),
        inputSays("axon_signature = 'VALID'"),
        inputSays("local_stall_ms = 400"),
        broken(
            Invariant.INPUTS_ARE_THE_OUTCOMES,
            "uid 0",
            "UPDATE synapse_history SET fields = '{\"answer\": 1}' WHERE round_id = <sealed> AND uid = 0"),
        broken(
            Invariant.INPUTS_ARE_THE_OUTCOMES,
            "uid 0",
            "UPDATE round SET mostly_unreachable = TRUE WHERE round_id = <sealed>",
            """
            UPDATE scoring_input SET outcome = 'LOCAL_FAULT', blame = 'VALIDATOR', in_denominator = FALSE,
                                     total_nanos = NULL, detail = 'our network'
             WHERE round_id = <sealed> AND uid IN (0, 3)
            """),
        broken(Invariant.SEALED_BY_A_SEAL, "no seal", "DELETE FROM seal WHERE round_id = <sealed>"),
        broken(
            Invariant.NOTHING_SCORED_BEFORE_THE_SEAL,
            "state OPEN",
            "UPDATE round SET state = 'OPEN', sealed_at = NULL WHERE round_id = <sealed>"),
        broken(
            Invariant.ONE_ROUND_PER_FIRE,
            "fire time ",
            "UPDATE round SET kind = 'SCHEDULED', fire_time = opened_at WHERE round_id = <open>",
            "INSERT INTO fire (job, fire_time, decided_at, round_id)"
                + " SELECT job, fire_time, opened_at, <sealed> FROM round WHERE round_id = <open>"),
        broken(
            Invariant.FENCES_NEVER_GO_BACK,
            "uid 1",
            "UPDATE synapse_history SET fence = 2 WHERE round_id = <sealed> AND uid = 1"),
        broken(
            Invariant.FENCES_NEVER_GO_BACK,
            "uid 1",
            furtherAttempt(1, 2, 0, "nonce + 1000", "RELEASED")),
        broken(
            Invariant.FENCES_NEVER_GO_BACK,
            "uid 1",
            """
            INSERT INTO synapse_history (round_id, uid, attempt, fence, state, nonce, uuid, claimed_at)
            SELECT <open>, uid, attempt, 1, 'INTENT', nonce + 5000, uuid, claimed_at
              FROM synapse_history WHERE round_id = <sealed> AND uid = 1
            """,
            "UPDATE round SET fence = 2 WHERE round_id = <open>"),
        broken(
            Invariant.NONCES_RISE, "uid 1", furtherAttempt(1, 2, 1, "nonce - 100000", "RELEASED")),
        broken(
            Invariant.OUR_FAULTS_DO_NOT_COUNT,
            "uid 3",
            "UPDATE scoring_input SET blame = 'VALIDATOR', in_denominator = FALSE WHERE round_id = <sealed> AND uid = 3"));
  }

  @Test
  void everyTamperingIsReportedAsWhatItBreaks() {
    assertThat(tamperings().map(Tampering::broken))
        .as("each invariant is broken once")
        .contains(Invariant.values());
    var queries = new HistoryQueries(database);
    var rounds = new StoredRounds(database);
    List<BrokenInvariant> before = List.of();
    int made = 0;
    for (Tampering tampering : tamperings().toList()) {
      String job = "job-" + made++;
      long sealed = rounds.sealed(job, 4, NOW, uid -> uid == 3 ? Outcome.UNREACHABLE : Outcome.OK);
      long open = rounds.open(job, 4, NOW);
      assertThat(queries.brokenInvariants()).containsExactlyInAnyOrderElementsOf(before);

      storage.tamper(
          home,
          tampering.statements().stream()
              .map(text -> text.replace("<sealed>", "" + sealed).replace("<open>", "" + open))
              .toArray(String[]::new));
      List<BrokenInvariant> now = new ArrayList<>(queries.brokenInvariants());
      List<BrokenInvariant> all = List.copyOf(now);
      now.removeAll(before);
      assertThat(now)
          .as(tampering.toString())
          .isNotEmpty()
          .allMatch(one -> one.invariant() == tampering.broken())
          .anyMatch(one -> one.row().startsWith(tampering.row()));
      assertThat(Stream.of(sealed, open).flatMap(round -> queries.brokenInvariants(round).stream()))
          .containsExactlyInAnyOrderElementsOf(
              now.stream().filter(one -> one.roundId() != STRAY).toList());
      before = all;
    }
    assertThatThrownBy(() -> HistoriesHold.requireWhole(database))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("NO_INTENT_LEFT");
  }

  @Test
  void aRoundThatBreaksOneIsNotSealed() {
    long open = new StoredRounds(database).open("probe", 4, NOW);
    var store = new RoundStore(database);
    long fence = store.take(open, NOW.plusSeconds(600), NOW);
    storage.tamper(home, "UPDATE target SET part_no = 7 WHERE uid = 2");
    assertThatThrownBy(
            () -> store.seal(open, fence, new RoundSealing(Clock.fixed(NOW, ZoneOffset.UTC))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("round 1 breaks invariant [PARTITIONS_COVER_THE_SELECTION: uid 2 in")
        .hasMessageContaining("it stays open");
    var queries = new HistoryQueries(database);
    assertThat(queries.round(open).orElseThrow().state()).isEqualTo(Round.State.OPEN);
    assertThat(queries.scoringInputs(open)).isEmpty();
  }
}
