package org.axonometer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.axonometer.testing.Program;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The launcher's training asks a whole round, or its cache would lack the classes of one. */
@Execution(ExecutionMode.CONCURRENT)
class TrainStartUpIT {
  @TempDir private Path folder;

  @Test
  void trainingSealsARoundOfAnsweredTargets() {
    assertThat(out("train-start-up")).isEmpty();
    assertThat(out("sql", "--format", "csv", "SELECT target_n, ok_n FROM v_round_summary"))
        .hasLineCount(2)
        .contains("64,64");
  }

  private String out(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--home", folder.resolve("home").toString()));
    try (Program program = Program.start(folder, all.toArray(String[]::new))) {
      assertThat(program.await()).as(program.stderr()).isZero();
      return program.stdout();
    }
  }
}
