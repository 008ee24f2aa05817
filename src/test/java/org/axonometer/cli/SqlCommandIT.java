package org.axonometer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.axonometer.testing.Program;
import org.axonometer.testing.TestRounds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code sql} in the real jar, while another process runs a round and after it. */
@Execution(ExecutionMode.CONCURRENT)
class SqlCommandIT {
  @TempDir private Path folder;

  private Program axonometer(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--home", folder.resolve("home").toString()));
    return Program.start(folder, all.toArray(String[]::new));
  }

  private Program sql(int exitCode, String... arguments) {
    List<String> all = new ArrayList<>(List.of("sql"));
    all.addAll(List.of(arguments));
    Program program = axonometer(all.toArray(String[]::new));
    assertThat(program.await())
        .as(String.join(" ", arguments) + ": " + program.stderr())
        .isEqualTo(exitCode);
    return program;
  }

  @Test
  void readsWhileAnotherProcessRunsARoundAndAfterIt() throws IOException {
    assertThat(sql(1, "SELECT 1").stderr()).contains("there is no database");
    try (Program _ = Program.park(folder, "--count", "4", "--profile", "hang")) {
      new TestRounds(folder).job("slow", "timeout: 20s");
      Program round = axonometer("run", "slow");
      Path received = folder.resolve("received.log");
      while (!Files.exists(received) || Files.size(received) == 0) {
        assertThat(round.process().isAlive()).as(round.stderr()).isTrue();
        LockSupport.parkNanos(20_000_000);
      }

      JsonNode open =
          JsonMapper.shared()
              .readTree(
                  sql(0, "SELECT state, COUNT(*) AS n FROM v_attempts GROUP BY state", "--json")
                      .stdout());
      assertThat(open.path("rows").path(0).path("state").stringValue()).isEqualTo("INTENT");
      assertThat(open.path("cut").booleanValue()).isFalse();
      refused("UPDATE round SET seed = 1");
      refused("CREATE ALIAS x FOR 'java.lang.System.exit'");
      assertThat(round.process().isAlive()).as("the round went on meanwhile").isTrue();
      assertThat(round.await()).as(round.stderr()).isZero();
    }
    assertThat(sql(0, "SELECT round_id, target_n, ok_n FROM v_round_summary").stdout().lines())
        .hasSize(2);
    refused("DELETE FROM seal");
    assertThat(sql(1, "SELECT nothing FROM round").stderr())
        .isEqualTo("axonometer: Column \"NOTHING\" not found\n");
    formats();
    files();
  }

  private void refused(String statement) {
    Program program = sql(1, statement);
    assertThat(program.stderr())
        .startsWith("axonometer: the database refuses, sql can only read: ")
        .hasLineCount(1);
    assertThat(program.stdout()).isEmpty();
  }

  private void formats() {
    String foreign = "SELECT '=1+1' AS formula, U&'a\\202Eb\\0009' AS hidden, NULL AS nothing";
    assertThat(sql(0, foreign).stdout())
        .isEqualTo(
            """
            formula  hidden          nothing
            =1+1     a\\u202eb\\u0009  -
            """);
    assertThat(sql(0, foreign, "--format", "csv").stdout())
        .isEqualTo("formula,hidden,nothing\r\n'=1+1,a\u202Eb\t,\r\n");
    assertThat(sql(0, foreign, "--format", "json").stdout()).contains("a\\u202Eb\\t");
    Program cut = sql(0, "SELECT name FROM outcome", "--limit", "3");
    assertThat(cut.stdout().lines()).hasSize(4);
    assertThat(cut.stderr()).isEqualTo("axonometer: cut after 3 rows; read more with --limit\n");
    assertThat(sql(1, "SELECT 1", "--timeout", "12").stderr()).contains("with its unit");
  }

  private void files() throws IOException {
    Files.writeString(
        folder.resolve("mine.sql"),
        """
        -- How many outcomes have this blame?
        -- set blame=NONE
        SELECT COUNT(*) AS n FROM outcome WHERE blame = :blame;
        """);
    assertThat(sql(0, "mine.sql", "--format", "csv").stdout()).isEqualTo("n\r\n1\r\n");
    assertThat(sql(0, "mine.sql", "--format", "csv", "--set", "blame=NETWORK").stdout())
        .isEqualTo("n\r\n2\r\n");
    assertThat(sql(1, "mine.sql", "--set", "balme=NETWORK").stderr()).contains("has no :balme");
    assertThat(sql(1, "missing.sql").stderr())
        .isEqualTo("axonometer: missing.sql cannot be read\n");
  }
}
