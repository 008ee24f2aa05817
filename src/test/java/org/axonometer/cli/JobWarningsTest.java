package org.axonometer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What validate says of a job that is right and may fail all the same. */
class JobWarningsTest {
  private static final String JOB =
      """
      network: finney
      netuid: 1
      snapshot:
        file: snapshot.json
      synapse:
        name: Probe
        request:
          words: {type: list, value: [plain, "%s"]}
        response:
          answer: optional[str]
        hash-fields: [words]
      """;
  private static final String SHAKING_FACE = Character.toString(0x1FAE8);

  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void makeJobs() throws IOException {
    Files.writeString(folder.resolve("new.yaml"), JOB.formatted(SHAKING_FACE));
    Files.writeString(folder.resolve("old.yaml"), JOB.formatted("\ud83d\ude00"));
  }

  private int validate(String job) {
    CommandLine program =
        Axonometer.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return program.execute("jobs", "validate", folder.resolve(job).toString());
  }

  @Test
  void validateNamesTheHashFieldAndTheCharacterThatPythonReleasesPrintDifferently() {
    assertThat(validate("new.yaml")).isZero();
    assertThat(out.toString()).contains("new.yaml: good");
    assertThat(err.toString()).contains("new.yaml: warning: hash field words holds U+1FAE8");
  }

  @Test
  void validateIsSilentAboutCharactersEveryPythonPrintsAlike() {
    assertThat(validate("old.yaml")).isZero();
    assertThat(err.toString()).isEmpty();
  }
}
