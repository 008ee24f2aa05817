package org.axonometer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import org.axonometer.dendrite.Outcome;
import org.axonometer.history.Database;
import org.axonometer.history.HistoryQueries;
import org.axonometer.testing.Shell;
import org.axonometer.testing.StoredRounds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Results that do not arrive. */
class BrokenStdoutIT {
  @TempDir private Path folder;

  private boolean exported() {
    try (Database database = Database.own(folder.resolve("home"))) {
      return new HistoryQueries(database).exportedAt(1).isPresent();
    }
  }

  private static void broken(Shell shell, String command) {
    Shell.Ended ended = shell.run("scripts/axonometer " + command + " >/dev/full");
    assertThat(ended.exitCode()).as(command + ": " + ended.err()).isEqualTo(5);
    assertThat(ended.err())
        .startsWith("axonometer: standard output took less than all")
        .hasLineCount(1);
  }

  @Test
  void anExportIsNotNotedAndASelectFails() {
    Database.bindToLoopback();
    Path home = folder.resolve("home");
    try (Database database = Database.own(home)) {
      new StoredRounds(database)
          .sealed("probe", 3, Instant.parse("2027-01-01T00:10:00Z"), uid -> Outcome.OK);
    }
    Shell shell = Shell.in(folder);
    assertThat(shell.run("scripts/axonometer --version").exitCode()).isZero();
    broken(shell, "export 1");
    broken(shell, "export 1 --format csv");
    assertThat(exported()).isFalse();
    broken(shell, "sql 'SELECT * FROM round'");
    broken(shell, "sql --format csv 'SELECT * FROM round'");
    broken(shell, "sql --json 'SELECT * FROM round'");

    Path file = folder.resolve("inputs.jsonl");
    assertThat(shell.run("scripts/axonometer export 1 -o " + file).exitCode()).isZero();
    assertThat(exported()).isTrue();
    assertThat(file).content().hasLineCount(3);
  }
}
