package org.axonometer.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.axonometer.challenges.ChallengeException;
import org.axonometer.challenges.ChallengeSeed;
import org.axonometer.dendrite.HttpProperties;
import org.axonometer.dendrite.Outcome;
import org.axonometer.history.AskableTarget;
import org.axonometer.history.Challenge;
import org.axonometer.history.ChallengesByTarget;
import org.axonometer.history.Database;
import org.axonometer.history.HistoryQueries;
import org.axonometer.history.Retention;
import org.axonometer.history.RetentionRule;
import org.axonometer.history.RoundDetails;
import org.axonometer.history.ScoringInput;
import org.axonometer.history.StoredChallenges;
import org.axonometer.jobs.JobFile;
import org.axonometer.mockaxons.MockAxonPark;
import org.axonometer.mockaxons.ParkSettings;
import org.axonometer.mockaxons.Profile;
import org.axonometer.subnet.Uid;
import org.axonometer.testing.TestRounds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rounds in which targets are asked their own. An axon of the park answers with the last message it
 * got, backwards, after it has checked the hash of all it got.
 */
class ChallengeIT {
  private static final int AXONS = 4;

  @TempDir private Path folder;
  private Database database;
  private RoundsApplication application;
  private HistoryQueries queries;
  private MockAxonPark park;
  private TestRounds rounds;

  @BeforeEach
  void open() {
    HttpProperties.set();
    Database.bindToLoopback();
    database = Database.own(folder.resolve("home"));
    application = TestRounds.start(database, folder.resolve("exports"));
    queries = new HistoryQueries(database);
    park = MockAxonPark.open(ParkSettings.of(AXONS, Profile.HONEST));
    rounds = TestRounds.in(folder, park);
  }

  @AfterEach
  void close() {
    park.close();
    application.close();
    database.close();
  }

  private Path job(String challenge) throws IOException {
    Path job = rounds.job("probe", "timeout: 10s", "partitions: 2");
    return Files.writeString(job, Files.readString(job) + "challenge: " + challenge + "\n");
  }

  private Path lines(int from, int to) throws IOException {
    return Files.write(
        folder.resolve("jobs").resolve("prompts.jsonl"),
        IntStream.range(from, to).mapToObj("{\"messages\": [\"line %03d\"]}"::formatted).toList());
  }

  private RoundReport run(Path job) {
    return application.launcher().run(JobFile.read(job), job, 5, new RoundProgress());
  }

  /** By uid, the message that each axon says it got. */
  private Map<Integer, String> got(long roundId) {
    Map<Integer, String> got = new TreeMap<>();
    for (ScoringInput input : queries.scoringInputs(roundId)) {
      assertThat(input.outcome()).as(input.toString()).isEqualTo(Outcome.OK);
      assertThat(input.checks().changedFields()).isNull();
      String answer = input.fields().replaceAll(".*axon \\d+: ", "").replaceAll("\"}.*", "");
      got.put(input.uid().value(), new StringBuilder(answer).reverse().toString());
    }
    return got;
  }

  private String sent(long roundId, int uid) {
    return new String(
        new RoundDetails(database).bodies(roundId, new Uid(uid)).getLast().request().orElseThrow(),
        StandardCharsets.UTF_8);
  }

  @Test
  void eachTargetGetsItsOwnLineAndARerunRepeatsOrRenewsIt() throws IOException {
    Path job = job("{from: jsonl, file: prompts.jsonl}");
    lines(0, 10);

    run(job);
    Map<Integer, String> first = got(1);
    assertThat(first.values())
        .containsExactlyInAnyOrder("line 000", "line 001", "line 002", "line 003");
    first.forEach((uid, message) -> assertThat(sent(1, uid)).contains("[\"" + message + "\"]"));

    application.launcher().rerun(1, Again.parse("ok"), 9, false, new RoundProgress());
    assertThat(got(2)).isEqualTo(first);

    application.launcher().rerun(1, Again.parse("ok"), 11, true, new RoundProgress());
    assertThat(got(3).values())
        .containsExactlyInAnyOrder("line 004", "line 005", "line 006", "line 007");
    Challenge renewed =
        ChallengesByTarget.of(new StoredChallenges(database).of(3)).at(new Uid(1), 1).orElseThrow();
    AskableTarget target =
        queries.askable(3).stream()
            .filter(asked -> asked.uid().equals(new Uid(1)))
            .findFirst()
            .orElseThrow();
    assertThat(renewed.seed()).isEqualTo(ChallengeSeed.of(11, target.hotkey()));

    assertThatThrownBy(() -> run(job))
        .isInstanceOf(ChallengeException.class)
        .hasMessageContaining("8 of its 10 lines are used up and 4 are needed");
    assertThat(queries.openRounds()).isEmpty();
    assertThat(queries.rounds(10)).hasSize(3);

    Instant later = Instant.now().plusSeconds(60);
    new Retention(database)
        .prune(new RetentionRule("probe", Optional.empty(), Optional.of(later), true), later);
    assertThat(queries.rounds(10)).isEmpty();
    assertThat(new StoredChallenges(database).of(1)).isEmpty();
  }

  @Test
  void anOpenRoundAsksWhatWasFrozenUnlessItIsRenewed() throws IOException {
    Path job = job("{from: jsonl, file: prompts.jsonl}");
    Path lines = lines(0, 20);
    var launcher = application.launcher();
    long frozen = launcher.open(JobFile.read(job), job, Optional.empty(), 5);
    Files.delete(lines);

    launcher.rerun(frozen, OptionalLong.empty(), new RoundProgress());
    assertThat(got(frozen).values()).contains("line 000", "line 003");

    lines(0, 20);
    long renewed = launcher.open(JobFile.read(job), job, Optional.empty(), 6);
    launcher.rerun(renewed, OptionalLong.of(77), new RoundProgress());
    assertThat(got(renewed).values())
        .containsExactlyInAnyOrder("line 008", "line 009", "line 010", "line 011");
  }

  @Test
  void aSharedTemplateIsTheSameForAllAndAnOwnOneIsNot() throws IOException {
    run(job("{from: template, per: round, fields: {messages: ['{round} {counter} {seed}']}}"));
    assertThat(got(1).values()).containsOnly("1 1 " + ChallengeSeed.shared(5)).hasSize(AXONS);
    assertThat(new StoredChallenges(database).of(1)).hasSize(1);

    run(job("{from: template, fields: {messages: ['{uid} of round {round}']}}"));
    assertThat(got(2))
        .allSatisfy((uid, message) -> assertThat(message).isEqualTo(uid + " of round 2"));
    assertThat(new StoredChallenges(database).nextRound()).isEqualTo(3);

    Path next = job("{from: template, per: round, fields: {messages: ['n {counter}']}}");
    run(next);
    assertThat(got(3).values()).containsOnly("n 2");
  }

  @Test
  void aCommandMakesOneForEach() throws IOException {
    Path job = job("{from: command, command: [sh, make.sh]}");
    Files.writeString(
        job.resolveSibling("make.sh"),
        """
        tr '{' '\\n' | sed -n 's/.*"uid":\\([0-9]*\\),.*/{"messages":["made for \\1"]}/p'
        """);

    run(job);

    assertThat(got(1))
        .allSatisfy((uid, message) -> assertThat(message).isEqualTo("made for " + uid));
  }

  @Test
  void aStatementAsksByWhatTheHistoryHas() throws IOException {
    Path job =
        job(
            """

              from: sql
              query: |
                SELECT hotkey, '["after ' || outcome || '"]' AS messages
                  FROM v_latest_by_hotkey WHERE job = :job
            """);

    run(job);
    assertThat(got(1).values()).containsOnly("What is the time?").hasSize(AXONS);
    run(job);
    assertThat(got(2).values()).containsOnly("after OK").hasSize(AXONS);
  }

  @Test
  void aWholeRoundSharesOneLineOneOutputOrOneRow() throws IOException {
    Path job = job("{from: jsonl, per: round, file: prompts.jsonl}");
    lines(0, 3);
    run(job);
    run(job);
    run(job("{from: command, per: round, command: [echo, '{\"messages\": [\"once\"]}']}"));
    run(
        job(
            "{from: sql, per: round, query: \"SELECT '[\\\"' || COUNT(*) || ' rounds\\\"]' AS messages"
                + " FROM round WHERE job = :job\"}"));
    List<String> messages = List.of("line 000", "line 001", "once", "3 rounds");
    for (int round = 1; round <= messages.size(); round++) {
      assertThat(got(round).values()).hasSize(AXONS).containsOnly(messages.get(round - 1));
      assertThat(new StoredChallenges(database).of(round)).hasSize(1);
    }
  }

  @Test
  void aStatementThatGivesTheWrongOpensNoRound() throws IOException {
    refused("per: round", "SELECT 'a' AS messages FROM round WHERE 1 = 0", "gives no row");
    refused("per: round", "SELECT 'x' AS messages FROM system_range(1, 2)", "more than 1 row");
    refused("per: target", "SELECT x AS uid FROM system_range(1, 70000)", "more than 65536 rows");
    refused("per: target", "SELECT 1 AS messages", "no column hotkey or uid");
    refused(
        "per: target", "SELECT 1 AS uid FROM system_range(1, 2)", "rows 1 and 2 are both of uid 1");
    refused("per: target", "SELECT 1 AS uid, 7 AS nonsense", "nonsense is not a request field");
    refused("per: target", "SELECT 1 AS uid, 7 AS messages", "row 1: field messages");
    refused("per: target", "SELECT 1 AS uid, '[1' AS messages", "row 1, column messages: not JSON");
    refused(
        "per: target, max-size: 1KiB",
        "SELECT x AS uid, REPEAT('a', 100) AS messages FROM system_range(1, 65000)",
        "row 9 goes over the 1024 bytes of challenge.max-size");
    refused("per: target", "DELETE FROM round", "can only read");
    refused("per: target", "SELEKT 1", "challenge.query: ");
    refused(
        "per: round, timeout: 1s",
        "SELECT SUM(a.x + b.x) AS messages FROM system_range(1, 1000000) a, system_range(1, 1000000) b",
        "stopped after 1 s");
  }

  private void refused(String keys, String sql, String says) throws IOException {
    Path job = job("{from: sql, %s, query: \"%s\"}".formatted(keys, sql));
    assertThatThrownBy(() -> run(job))
        .as(sql)
        .isInstanceOf(ChallengeException.class)
        .hasMessageContaining(says);
    assertThat(queries.rounds(1)).isEqualTo(List.of());
  }
}
