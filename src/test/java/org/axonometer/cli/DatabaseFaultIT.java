package org.axonometer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.axonometer.history.Database;
import org.axonometer.mockaxons.ReceivedQuery;
import org.axonometer.testing.Program;
import org.axonometer.testing.TestRounds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A database that refuses a write in the middle of a round, and what is done about it. */
@Execution(ExecutionMode.CONCURRENT)
class DatabaseFaultIT {
  private static final int AXONS = 80;

  @TempDir private Path folder;

  private Program axonometer(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--home", folder.resolve("home").toString()));
    return Program.start(folder, all.toArray(String[]::new));
  }

  private void sql(String statement) throws SQLException {
    try (Database database = Database.own(folder.resolve("home"));
        Connection connection = database.dataSource().getConnection();
        Statement change = connection.createStatement()) {
      change.execute(statement);
    }
  }

  private List<ReceivedQuery> received() throws IOException {
    return Files.readString(folder.resolve("received.log"))
        .lines()
        .map(ReceivedQuery::parse)
        .toList();
  }

  private static List<String> steps(Program show) {
    return show.stdout().lines().filter(line -> line.contains("ask:p")).toList();
  }

  @Test
  void aRefusedWriteFailsOneStepAndTheRerunFinishesTheRoundWithoutAskingAnybodyTwice()
      throws Exception {
    Database.bindToLoopback();
    try (Program park = Program.honestPark(folder, AXONS, Duration.ofMillis(100))) {
      // Fewer slots than targets: a slot lost with the failing partition would starve the other.
      new TestRounds(folder).job("probe", "timeout: 3s", "concurrency: 4", "partitions: 2");
      sql(
          "ALTER TABLE synapse_history ADD CONSTRAINT disk_is_bad CHECK (uid <> 7 OR state <> 'DONE')");

      Program round = axonometer("run", "probe");
      assertThat(round.await()).isEqualTo(5);
      assertThat(round.stderr().lines().filter(line -> line.startsWith("axonometer: ")).toList())
          .singleElement()
          .asString()
          .containsIgnoringCase("disk_is_bad")
          .contains("stays open", "axonometer rerun 1");
      assertThat(round.stderr()).doesNotContain("\tat ");

      Program failed = axonometer("show", "1");
      assertThat(failed.await()).isZero();
      System.out.println(failed.stdout());
      assertThat(steps(failed)).hasSize(2);
      assertThat(steps(failed)).filteredOn(step -> step.contains("FAILED")).hasSize(1);
      assertThat(steps(failed))
          .filteredOn(step -> step.contains("COMPLETED"))
          .singleElement()
          .asString()
          .containsPattern("COMPLETED +40 +40 ");
      assertThat(failed.stdout().lines().filter(line -> line.startsWith("     cause: ")).toList())
          .singleElement()
          .asString()
          .containsIgnoringCase("disk_is_bad")
          .doesNotContain("UPDATE");
      int askedBefore = received().size();

      Program dryRun = axonometer("rerun", "1", "--dry-run", "--json");
      assertThat(dryRun.await()).as(dryRun.stderr()).isZero();
      assertThat(JsonMapper.shared().readTree(dryRun.stdout()).path("targets"))
          .hasSize(AXONS - askedBefore);
      assertThat(received()).hasSize(askedBefore);

      sql("ALTER TABLE synapse_history DROP CONSTRAINT disk_is_bad");
      Program rerun = axonometer("rerun", "1", "--json");
      assertThat(rerun.await()).as(rerun.stderr()).isZero();
      JsonNode outcomes = JsonMapper.shared().readTree(rerun.stdout()).path("outcomes");
      int unknown = outcomes.path("UNKNOWN").intValue();
      System.out.printf("after a refused write: %d asked, then %s%n", askedBefore, outcomes);
      assertThat(unknown).isPositive();
      assertThat(outcomes.path("OK").intValue()).isEqualTo(AXONS - unknown);
      assertThat(received()).hasSize(AXONS);
      assertThat(received().stream().map(ReceivedQuery::uid)).doesNotHaveDuplicates();

      Program mended = axonometer("show", "1");
      assertThat(mended.await()).isZero();
      System.out.println(mended.stdout());
      assertThat(steps(mended)).hasSize(4);
      assertThat(steps(mended).subList(2, 4))
          .allSatisfy(step -> assertThat(step).startsWith("2 ").contains("COMPLETED"));
      String wasComplete =
          steps(failed).stream()
              .filter(step -> step.contains("COMPLETED"))
              .findFirst()
              .orElseThrow();
      assertThat(steps(mended).subList(2, 4))
          .filteredOn(step -> step.contains(wasComplete.substring(5, 12)))
          .singleElement()
          .asString()
          .containsPattern("COMPLETED +0 +0 ");

      Program followUp = axonometer("rerun", "1", "--only", "unknown");
      assertThat(followUp.await()).as(followUp.stderr()).isZero();
      assertThat(received()).hasSize(AXONS + unknown);
      Program shown = axonometer("show", "2");
      assertThat(shown.await()).isZero();
      assertThat(shown.stdout()).contains("FOLLOW_UP", "follows    round 1");

      refused("round 1 is sealed", "rerun", "1");
      refused("round 1 is sealed", "rerun", "1", "--dry-run");
      refused("failed, unsent, unknown, OK", "rerun", "1", "--only", "most");
      refused("nobody to ask again", "rerun", "2", "--only", "unsent");
      assertThat(park.process().isAlive()).isTrue();
    }
  }

  private void refused(String says, String... arguments) {
    Program program = axonometer(arguments);
    assertThat(program.await()).as(program.stderr()).isEqualTo(1);
    assertThat(program.stderr()).contains(says).hasLineCount(1);
  }
}
