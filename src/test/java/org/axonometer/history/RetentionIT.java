package org.axonometer.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.axonometer.dendrite.Outcome;
import org.axonometer.scoring.SealVerification;
import org.axonometer.scoring.SealVerification.Finding;
import org.axonometer.scoring.SealVerification.Verdict;
import org.axonometer.testing.BreaksInvariants;
import org.axonometer.testing.StoredRounds;
import org.axonometer.testing.TestStorage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource
class RetentionIT {
  @Parameter private TestStorage storage = TestStorage.H2;

  private static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");

  @TempDir private Path home;
  private Database database;
  private StoredRounds rounds;
  private Retention retention;

  @BeforeEach
  void open() {
    database = storage.own(home);
    rounds = new StoredRounds(database);
    retention = new Retention(database);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static Instant daysAgo(int days) {
    return NOW.minus(Duration.ofDays(days));
  }

  private static RetentionRule rule(String job, int bodies, int rows, boolean unexported) {
    return new RetentionRule(
        job, Optional.of(daysAgo(bodies)), Optional.of(daysAgo(rows)), unexported);
  }

  private long count(String table) {
    return database.jdbc().sql("SELECT COUNT(*) FROM " + table).query(Long.class).single();
  }

  private List<Verdict> verdicts(String job) {
    return new SealVerification(new HistoryQueries(database))
        .job(job).stream().map(Finding::verdict).toList();
  }

  @Test
  void deletesExactlyWhatIsOldAndTheChainStillVerifies() {
    for (int day = 200; day > 0; day--) {
      rounds.exported("probe", 8, daysAgo(day));
    }
    rounds.exported("other", 8, daysAgo(150));
    long open = rounds.open("probe", 8, daysAgo(180));
    Pruned expected = new Pruned(110, 193L * 8, 110 * 8, 110 * 8, 110 * 8, 0, 0, 0);

    assertThat(retention.plan(rule("probe", 7, 90, false))).isEqualTo(expected);
    assertThat(count("round")).isEqualTo(202);
    assertThat(retention.prune(rule("probe", 7, 90, false), NOW)).isEqualTo(expected);

    assertThat(count("round")).isEqualTo(92);
    assertThat(count("target")).isEqualTo(92 * 8);
    assertThat(count("synapse_history")).isEqualTo(91 * 8);
    assertThat(count("scoring_input")).isEqualTo(91 * 8);
    assertThat(count("synapse_body")).isEqualTo((7 + 1) * 8);
    assertThat(count("seal")).isEqualTo(201);
    assertThat(new HistoryQueries(database).round(open)).isPresent();
    assertThat(retention.pruneSnapshots()).as("the open round still uses it").isZero();
    assertThat(verdicts("probe").subList(0, 110)).containsOnly(Verdict.PRUNED);
    assertThat(verdicts("probe").subList(110, 200)).containsOnly(Verdict.HOLDS);
    assertThat(retention.prune(rule("probe", 7, 90, false), NOW).isNothing()).isTrue();
  }

  @Test
  void deletesALargeRoundInBatches() {
    rounds.exported("probe", 2_500, daysAgo(100));
    rounds.exported("probe", 2, daysAgo(1));

    assertThat(retention.prune(rule("probe", 7, 90, false), NOW))
        .isEqualTo(new Pruned(1, 2_500, 2_500, 2_500, 2_500, 0, 0, 0));
    assertThat(retention.pruneSnapshots()).isEqualTo(1);
    assertThat(count("neuron")).isEqualTo(2);
    assertThat(verdicts("probe")).containsExactly(Verdict.PRUNED, Verdict.HOLDS);
  }

  @Test
  void leavesAloneWhatWasNeverExportedUnlessTold() {
    rounds.sealed("probe", 4, daysAgo(100), uid -> Outcome.OK);

    assertThat(retention.prune(rule("probe", 7, 90, false), NOW))
        .isEqualTo(new Pruned(0, 0, 0, 0, 0, 0, 0, 1));
    assertThat(count("synapse_body")).isEqualTo(4);
    assertThat(retention.prune(rule("probe", 7, 90, true), NOW).rounds()).isEqualTo(1);
  }

  @Test
  void leavesARoundUntilTheOneThatFollowsItGoes() {
    long first = rounds.exported("probe", 2, daysAgo(100));
    long follower = rounds.exported("probe", 2, daysAgo(50));
    storage.tamper(
        home,
        "UPDATE round SET kind = 'FOLLOW_UP', follows_round_id = %d WHERE round_id = %d"
            .formatted(first, follower));

    assertThat(retention.plan(rule("probe", 90, 90, false)).rounds()).isZero();
    assertThat(retention.prune(rule("probe", 90, 90, false), NOW).rounds()).isZero();
    assertThat(retention.plan(rule("probe", 40, 40, false)).rounds()).isEqualTo(2);
    assertThat(retention.prune(rule("probe", 40, 40, false), NOW).rounds()).isEqualTo(2);
  }

  @Test
  void scheduledTimesGoWithTheirRoundsButTheNewest() {
    var fires = new FireStore(database);
    long old = rounds.exported("probe", 2, daysAgo(100));
    long young = rounds.exported("probe", 2, daysAgo(50));
    long unexported = rounds.sealed("probe", 2, daysAgo(99), uid -> Outcome.OK);
    fires.begin("probe", "every 1d", daysAgo(200));
    for (int day = 98; day > 90; day--) {
      fires.record(List.of(Fire.without("probe", daysAgo(day), NOW, Fire.Reason.MISSED)));
    }
    fires.record(List.of(Fire.without("other", daysAgo(98), NOW, Fire.Reason.MISSED)));
    fire(old, 100);
    fire(unexported, 99);
    fire(young, 50);

    assertThat(retention.plan(rule("probe", 90, 90, false)).fires()).isEqualTo(9);
    assertThat(count("fire")).isEqualTo(12);
    assertThat(retention.prune(rule("probe", 90, 90, false), NOW).fires()).isEqualTo(9);
    assertThat(fires.fires("probe", daysAgo(200)))
        .extracting(fire -> fire.roundId().orElseThrow())
        .containsExactly(unexported, young);
    assertThat(fires.fires("other", daysAgo(200))).hasSize(1);
    assertThat(retention.prune(rule("other", 90, 90, false), NOW).isNothing())
        .as("the newest time of a job stays")
        .isTrue();
  }

  private void fire(long round, int day) {
    FireStore.opened(database.jdbc(), "probe", daysAgo(day), round, NOW);
  }

  @Test
  void aHalfDeletedRoundIsNotTakenForABrokenOneAndIsFinishedByTheNextRun() {
    long round = rounds.exported("probe", 4, daysAgo(100));
    database
        .jdbc()
        .sql("UPDATE round SET pruned_at = opened_at WHERE round_id = :id")
        .param("id", round)
        .update();
    database.jdbc().sql("DELETE FROM scoring_input WHERE uid = 3").update();

    assertThat(verdicts("probe")).containsExactly(Verdict.PRUNED);
    assertThat(retention.prune(rule("probe", 7, 90, false), NOW).inputs()).isEqualTo(3);
    assertThat(count("round")).isZero();
  }

  @Test
  @BreaksInvariants("changes sealed rows and loses seals")
  void changedRowsAndLostSealsAreFound() {
    long[] ids =
        LongStream.rangeClosed(1, 4)
            .map(day -> rounds.exported("probe", 2, daysAgo((int) (10 - day))))
            .toArray();
    storage.tamper(
        home,
        "UPDATE scoring_input SET total_nanos = 1 WHERE round_id = %d AND uid = 1"
            .formatted(ids[1]));
    assertThat(verdicts("probe"))
        .containsExactly(Verdict.HOLDS, Verdict.BROKEN, Verdict.HOLDS, Verdict.HOLDS);

    storage.tamper(home, "DELETE FROM seal WHERE round_id = " + ids[2]);
    var verification = new SealVerification(new HistoryQueries(database));
    assertThat(verification.job("probe"))
        .extracting(Finding::roundId, Finding::verdict)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(ids[0], Verdict.HOLDS),
            org.assertj.core.groups.Tuple.tuple(ids[1], Verdict.BROKEN),
            org.assertj.core.groups.Tuple.tuple(ids[3], Verdict.BROKEN),
            org.assertj.core.groups.Tuple.tuple(ids[2], Verdict.BROKEN));
    assertThat(verification.round(ids[0]).orElseThrow().verdict()).isEqualTo(Verdict.HOLDS);
    assertThat(verification.round(ids[3]).orElseThrow().detail()).contains("it follows seal");
  }
}
