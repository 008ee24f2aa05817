package org.axonometer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.axonometer.history.Database;
import org.axonometer.history.HistoryQueries;
import org.axonometer.history.Round;
import org.axonometer.history.ScoringInput;
import org.axonometer.mockaxons.ReceivedQuery;
import org.axonometer.testing.CommitCutter;
import org.axonometer.testing.Program;
import org.axonometer.testing.TestPostgres;
import org.axonometer.testing.TestRounds;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A connection that is cut at a commit, so that the program cannot know whether it happened: what
 * is stored decides, nobody is asked twice and no miner pays. {@code axonometer.cuts=all} cuts
 * before each commit as well.
 */
@Execution(ExecutionMode.CONCURRENT)
class CommitUnknownIT {
  private static final int AXONS = 12;

  @TempDir private Path folder;
  private final TestPostgres postgres = TestPostgres.create();

  static Stream<Arguments> cuts() {
    List<String> statements =
        List.of("INSERT INTO synapse_history", "SET state = 'DONE'", "INSERT INTO seal");
    List<Boolean> moments =
        System.getProperty("axonometer.cuts", "").equals("all")
            ? List.of(true, false)
            : List.of(true);
    return statements.stream()
        .flatMap(statement -> moments.stream().map(after -> Arguments.of(statement, after)));
  }

  private Program axonometer(int port, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--home", folder.resolve("home").toString()));
    Map<String, String> variables = new HashMap<>(postgres.variables());
    variables.put("AXONOMETER_DB", new TestPostgres(port, postgres.name()).address());
    return Program.start(folder, variables, all.toArray(String[]::new));
  }

  @ParameterizedTest
  @MethodSource("cuts")
  void whatIsStoredDecides(String statement, boolean afterwards) throws Exception {
    try (Program _ = Program.honestPark(folder, AXONS, Duration.ofMillis(100));
        var cutter = new CommitCutter(postgres.port(), statement, afterwards)) {
      new TestRounds(folder).job("probe", "timeout: 10s", "concurrency: 4", "partitions: 2");
      Program round = axonometer(cutter.port(), "run", "probe");
      int code = round.await();
      assertThat(cutter.hasCut()).as(round.stderr()).isTrue();
      System.out.printf(
          "cut %s the commit of \"%s\": exit %d %s%n",
          afterwards ? "after" : "before", statement, code, round.stderr().strip());
      assertThat(round.stderr()).doesNotContain("\tat ");
      if (statement.contains("seal") && afterwards) {
        assertThat(code).as("the seal stands, and the program found that out").isIn(0, 2);
      } else {
        assertThat(code).isEqualTo(5);
        assertThat(round.stderr())
            .contains("the connection to the database was lost", "axonometer rerun 1");
        Program rerun = axonometer(postgres.port(), "rerun", "1");
        assertThat(rerun.await()).as(rerun.stderr()).isIn(0, 2);
      }
    }
    requireWholeAndNobodyBlamed();
  }

  private void requireWholeAndNobodyBlamed() throws Exception {
    try (Database database = Database.connect(postgres.login())) {
      var queries = new HistoryQueries(database);
      assertThat(queries.round(1).orElseThrow().state()).isEqualTo(Round.State.SEALED);
      assertThat(queries.brokenInvariants(1)).isEmpty();
      List<ScoringInput> inputs = queries.scoringInputs(1);
      assertThat(inputs).hasSize(AXONS);
      assertThat(inputs)
          .extracting(input -> input.blame().name())
          .isSubsetOf("NONE", "VALIDATOR")
          .contains("NONE");
    }
    List<ReceivedQuery> received =
        Files.readAllLines(folder.resolve("received.log")).stream()
            .map(ReceivedQuery::parse)
            .toList();
    assertThat(received.stream().map(ReceivedQuery::uid)).doesNotHaveDuplicates();
    Program nonces = axonometer(postgres.port(), "sql", "SELECT nonce FROM v_attempts");
    assertThat(nonces.await()).as(nonces.stderr()).isZero();
    assertThat(new HashSet<>(List.of(nonces.stdout().split("\\s+"))))
        .containsAll(received.stream().map(ReceivedQuery::nonce).toList());
  }
}
