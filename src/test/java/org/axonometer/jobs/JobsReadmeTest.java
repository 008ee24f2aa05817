package org.axonometer.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The README and the files in {@code jobs/}, held against the reader. */
class JobsReadmeTest {
  private static final Path JOBS = Path.of("jobs");
  private static final String COMMAND = "command: [python3, alert.py]";
  private static final String TIMES = "cron: 0 0 3 * * ?";
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  /** A table row about a key: its default is null when the cell is not just one value. */
  private record Row(String key, String defaultCell) {}

  @Test
  void explainsExactlyTheKeysTheReaderKnows() throws IOException {
    JobReader reader =
        new JobReader("probe", JobFileTest.everyKey(), JobFileTest.FILE, Optional.empty());
    reader.definition();

    assertThat(rows().stream().map(Row::key)).containsExactlyInAnyOrderElementsOf(reader.keys());
  }

  @Test
  void defaultsItNamesAreTheRealOnes() throws IOException {
    Map<String, String> defaults = new TreeMap<>();
    for (Row row : rows()) {
      Matcher whole = CODE.matcher(row.defaultCell());
      if (whole.matches() && !row.key().contains("<")) {
        defaults.put(row.key(), whole.group(1));
      }
    }
    assertThat(defaults).hasSizeGreaterThan(12);

    defaults.forEach(
        (key, value) ->
            assertThat(JobFile.parse(JobFileTest.SMALLEST + line(key, value), JobFileTest.FILE))
                .as(key + ": " + value)
                .usingRecursiveComparison()
                .ignoringFields("source", "sha256")
                .isEqualTo(silent(key)));
  }

  /** A job without that key. A block that has no meaning without another key gets that one. */
  private static JobDefinition silent(String key) {
    String yaml =
        key.startsWith("schedule.")
            ? "schedule: {" + TIMES + "}\n"
            : key.startsWith("challenge.")
                ? "challenge: {" + source(key) + "}\n"
                : key.startsWith("on-failure.") ? "on-failure: {" + COMMAND + "}\n" : "";
    return JobFile.parse(JobFileTest.SMALLEST + yaml, JobFileTest.FILE);
  }

  /**
   * SMALLEST ends inside its synapse block. A listed key needs the choice that gives it meaning.
   */
  private static String line(String key, String value) {
    String block = key.substring(0, key.indexOf('.'));
    String pair = key.substring(key.indexOf('.') + 1) + ": " + value;
    return switch (block) {
      case "synapse" -> "  " + pair + "\n";
      case "schedule" -> "schedule: {" + TIMES + ", " + pair + "}\n";
      case "challenge" -> "challenge: {" + source(key) + ", " + pair + "}\n";
      case "on-failure" -> "on-failure: {" + COMMAND + ", " + pair + "}\n";
      default -> block + ": {" + pair + "}\n";
    };
  }

  /** The kind of source that the key has a meaning with. */
  private static String source(String key) {
    return switch (key) {
      case "challenge.order", "challenge.repeats" -> "from: jsonl, file: prompts.jsonl";
      case "challenge.shuffle-seed" -> "from: jsonl, file: prompts.jsonl, order: shuffled";
      case "challenge.timeout" -> "from: sql, query: SELECT 1";
      default -> "from: template, fields: {dummy_input: 7}";
    };
  }

  @Test
  void smallestJobInItIsAJob() throws IOException {
    String readme = Files.readString(JOBS.resolve("README.md"));
    String example = readme.substring(readme.indexOf("```yaml\n") + 8);

    assertThat(
            JobFile.parse(example.substring(0, example.indexOf("```")), JobFileTest.FILE).network())
        .isEqualTo("finney");
  }

  static Stream<Path> jobFiles() {
    return new JobFolder(JOBS).jobs().values().stream();
  }

  @ParameterizedTest
  @MethodSource("jobFiles")
  void everyJobFileIsOne(Path file) {
    assertThat(JobFile.read(file).description()).isNotEmpty();
  }

  @Test
  void demoAsksTheParkOnLoopbackWithItsOwnWallet() {
    JobDefinition demo = JobFile.read(JOBS.resolve("demo.yaml"));

    assertThat(demo.network()).isEqualTo("local");
    assertThat(demo.snapshot().origin())
        .isEqualTo(
            new JobDefinition.SnapshotSource.File(Path.of(".demo/snapshot.json").toAbsolutePath()));
    assertThat(demo.wallet())
        .isEqualTo(
            new JobDefinition.Wallet(
                Path.of(".demo/wallets").toAbsolutePath(), "default", "default"));
    assertThat(demo.synapse().name()).isEqualTo("Prompt");
    assertThat(demo.synapse().hashFields()).containsExactly("roles", "messages");
    assertThat(demo.selection().guard().allowed()).hasToString("[127.0.0.0/8]");
  }

  private static List<Row> rows() throws IOException {
    List<Row> rows = new ArrayList<>();
    for (String line : Files.readAllLines(JOBS.resolve("README.md"))) {
      if (line.startsWith("| `")) {
        String[] cells = line.replace("T \\| None", "").split("\\|", -1);
        Matcher key = CODE.matcher(cells[1].strip());
        assertThat(key.matches()).as(line).isTrue();
        rows.add(new Row(key.group(1), cells[3].strip()));
      }
    }
    return rows;
  }
}
