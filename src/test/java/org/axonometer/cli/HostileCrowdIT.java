package org.axonometer.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.axonometer.dendrite.HostileAxon;
import org.axonometer.dendrite.HostileAxons;
import org.axonometer.dendrite.Outcome;
import org.axonometer.history.Database;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.metagraph.Neuron;
import org.axonometer.subnet.AxonEndpoint;
import org.axonometer.subnet.NetUid;
import org.axonometer.testing.Program;
import org.axonometer.testing.ScriptedAxon;
import org.axonometer.testing.SnapshotNeurons;
import org.axonometer.testing.TestRounds;
import org.axonometer.testing.TestStorage;
import org.axonometer.wallet.Hotkey;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A round of the real jar with ten hostile axons to each honest one, on both databases and with
 * every log line there is, and then every command that prints what they wrote. {@code
 * axonometer.hostile.crowd} says how many are hostile.
 */
@Execution(ExecutionMode.CONCURRENT)
class HostileCrowdIT {
  private static final int HOSTILE = Integer.getInteger("axonometer.hostile.crowd", 230);
  private static final int HONEST = HOSTILE / 10;
  private static final Pattern COMMAND_TO_A_TERMINAL =
      Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\u2028\\u2029&&[^\\n\\t]]");
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Cs}]");
  private static final Pattern FORMULA =
      Pattern.compile("^\"?[\\p{Cc}\\p{Cf}\\s]*[=+@-].*", Pattern.DOTALL);
  private static final Pattern CELL = Pattern.compile("(\"(?:[^\"]|\"\")*\"|[^,\r\n]*)(,|\r\n)");

  @TempDir private Path folder;
  private final List<AutoCloseable> listening = new ArrayList<>();
  private final Map<Integer, HostileAxon> hostile = new TreeMap<>();
  private final Map<String, String> variables = new HashMap<>();
  private ScriptedAxon canary;

  @BeforeEach
  void listen() {
    canary = ScriptedAxon.acceptsAndStaysSilent();
    listening.add(canary);
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : listening) {
      one.close();
    }
  }

  private Path home() {
    return folder.resolve("home");
  }

  private Program axonometer(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--home", home().toString()));
    return Program.start(folder, variables, all.toArray(String[]::new));
  }

  private String printed(String... arguments) {
    try (Program program = axonometer(arguments)) {
      assertThat(program.await()).as(program.stderr()).isLessThan(3);
      return program.stdout() + program.stderr();
    }
  }

  private MetagraphSnapshot crowd() {
    List<HostileAxon> all = HostileAxons.all();
    List<Neuron> neurons = new ArrayList<>();
    for (int uid = 0; uid < HOSTILE + HONEST; uid++) {
      AxonEndpoint endpoint =
          uid % 11 == 5 ? honest() : hostile(uid, all.get(hostile.size() % all.size()));
      neurons.add(SnapshotNeurons.serving(uid, endpoint.hostText(), endpoint.port()));
    }
    return MetagraphSnapshot.of(
        "local", new NetUid(1), 1_000, Instant.now().minusSeconds(20), neurons);
  }

  private AxonEndpoint honest() {
    ScriptedAxon axon = ScriptedAxon.answering("{\"completion\":\"honest\"}");
    listening.add(axon);
    return axon.endpoint();
  }

  private AxonEndpoint hostile(int uid, HostileAxon axon) {
    HostileAxon.Peer peer = axon.open(canary.endpoint());
    listening.add(peer);
    hostile.put(uid, axon);
    return peer.endpoint();
  }

  @ParameterizedTest
  @EnumSource
  void everyHonestAxonIsOkAndNothingPrintedIsACommand(TestStorage storage) throws IOException {
    variables.putAll(storage.variables(home()));
    variables.put("AXONOMETER_LOG", "TRACE");
    variables.put("AXONOMETER_LOG_ALL", "TRACE");
    TestRounds.in(folder, crowd(), Hotkey.generate())
        .job(
            "crowd",
            "timeout: 4s",
            "concurrency: 64",
            "per-address: 4096",
            "partitions: 4",
            "round-deadline: 2m");
    long beganNanos = System.nanoTime();
    String summary = printed("run", "crowd");
    long tookMillis = (System.nanoTime() - beganNanos) / 1_000_000;
    assertThat(summary).contains("| TRACE |");
    variables.remove("AXONOMETER_LOG");
    variables.remove("AXONOMETER_LOG_ALL");
    assertThat(canary.acceptedConnections()).isZero();

    String jsonl = exported("jsonl");
    assertEveryTargetEndedAsItHadTo(jsonl, tookMillis);
    assertNoFormula(exported("csv"));
    assertNoCommand(summary);
    assertThat(COMMAND_TO_A_TERMINAL.matcher(jsonl).find()).isFalse();
    assertNoCommandInWhatIsPrinted();
    try (Database database = storage.own(home())) {
      assertNoControlCharacterIsStored(JdbcClient.create(database.dataSource()));
      if (storage == TestStorage.POSTGRESQL) {
        assertWhatJsonbCannotHoldCostsNobodyElse(JdbcClient.create(database.dataSource()));
      }
    }
  }

  private static void assertNoControlCharacterIsStored(JdbcClient jdbc) {
    for (String table : List.of("synapse_history", "scoring_input", "synapse_body")) {
      for (Map<String, @Nullable Object> row :
          jdbc.sql("SELECT * FROM " + table + " WHERE round_id = 1").query().listOfRows()) {
        row.values()
            .forEach(
                value -> {
                  if (value instanceof String text) {
                    assertThat(CONTROL.matcher(text).find()).as(() -> table + row).isFalse();
                  }
                });
      }
    }
  }

  private static void assertWhatJsonbCannotHoldCostsNobodyElse(JdbcClient jdbc) {
    assertThat(
            jdbc.sql(
                    "SELECT COUNT(*) FROM scoring_input WHERE fields_jsonb ->> 'completion' = 'honest'")
                .query(Integer.class)
                .single())
        .isGreaterThanOrEqualTo(HONEST);
    assertThat(
            jdbc.sql("SELECT fields FROM scoring_input WHERE fields_jsonb IS NULL")
                .query(String.class)
                .list())
        .isNotEmpty()
        .allMatch(text -> text.contains("\\u0000"));
  }

  private String exported(String format) throws IOException {
    Path file = folder.resolve("inputs." + format);
    printed("export", "1", "--format", format, "--out", file.toString());
    return Files.readString(file, UTF_8);
  }

  private void assertEveryTargetEndedAsItHadTo(String jsonl, long tookMillis) throws IOException {
    List<JsonNode> rows = jsonl.lines().map(JsonMapper.shared()::readTree).toList();
    assertThat(rows).hasSize(HOSTILE + HONEST);
    Map<Outcome, Integer> honestEnds = new TreeMap<>();
    List<String> wrong = new ArrayList<>();
    for (JsonNode row : rows) {
      Outcome outcome = Outcome.valueOf(row.get("outcome").stringValue());
      HostileAxon axon = hostile.get(row.get("uid").intValue());
      if (axon == null) {
        honestEnds.merge(outcome, 1, Integer::sum);
      } else if (!axon.ends().contains(outcome)
          && outcome != Outcome.TIMED_OUT
          && !isOurStall(row, outcome)) {
        wrong.add(axon + ": " + outcome + " " + row.get("detail"));
      }
    }
    Files.writeString(
        Path.of("target", "hostile-crowd.txt"),
        "%d hostile, %d honest, %d ms with start and end of the program, honest ends %s%n"
            .formatted(HOSTILE, HONEST, tookMillis, honestEnds));
    assertThat(honestEnds).isEqualTo(Map.of(Outcome.OK, HONEST));
    assertThat(wrong).isEmpty();
  }

  /** A loaded machine starves the round; such a row says nothing of the axon. */
  private static boolean isOurStall(JsonNode row, Outcome outcome) {
    return outcome == Outcome.LOCAL_FAULT && row.get("local_stall_ms").asInt(0) >= 200;
  }

  /** What a spreadsheet would run, in the cells that hold an axon's text. */
  private static void assertNoFormula(String csv) {
    List<String> columns = Arrays.asList(csv.substring(0, csv.indexOf("\r\n")).split(",", -1));
    Set<Integer> texts =
        Set.of(
            columns.indexOf("detail"),
            columns.indexOf("dendrite_status_message"),
            columns.indexOf("claimed_process_time"),
            columns.indexOf("completion"));
    int column = 0;
    int lines = 0;
    for (var cell = CELL.matcher(csv); cell.find(); ) {
      if (texts.contains(column)) {
        assertThat(cell.group(1)).doesNotMatch(FORMULA);
      }
      column++;
      if (cell.group(2).equals("\r\n")) {
        assertThat(column).as("cells of a line").isEqualTo(columns.size());
        column = 0;
        lines++;
      }
    }
    assertThat(lines).isEqualTo(1 + HOSTILE + HONEST);
  }

  private static void assertNoCommand(String printed) {
    var found = COMMAND_TO_A_TERMINAL.matcher(printed);
    assertThat(found.find()).as(() -> "before: " + printed.substring(0, found.start())).isFalse();
  }

  private void assertNoCommandInWhatIsPrinted() {
    String everything =
        "SELECT detail, dendrite_status_message, claimed_status_message, claimed_process_time, fields, "
            + "invalid_fields FROM synapse_history";
    Stream.of(
            List.of("rounds"),
            List.of("show", "1"),
            List.of("show", "1", "--synapses"),
            List.of("status"),
            List.of("status", "--json"),
            List.of("sql", everything, "--limit", "5000"),
            List.of("sql", everything, "--limit", "5000", "--json"))
        .forEach(command -> assertNoCommand(printed(command.toArray(String[]::new))));
    List<Integer> escaping =
        hostile.entrySet().stream()
            .filter(entry -> entry.getValue().id().matches("C1[67]|H18"))
            .map(Map.Entry::getKey)
            .toList();
    for (int i = 0; i < escaping.size(); i += Math.max(1, escaping.size() / 3)) {
      String uid = String.valueOf(escaping.get(i));
      assertNoCommand(printed("show", "1", "--body", uid));
      assertNoCommand(printed("explain", "1", "--uid", uid));
      assertNoCommand(printed("explain", "1", "--uid", uid, "--json"));
    }
  }
}
