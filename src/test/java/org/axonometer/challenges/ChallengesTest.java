package org.axonometer.challenges;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.axonometer.history.Challenge;
import org.axonometer.history.NewChallenges;
import org.axonometer.jobs.ChallengeRule;
import org.axonometer.jobs.JobDefinition;
import org.axonometer.jobs.JobException;
import org.axonometer.jobs.JobFile;
import org.axonometer.subnet.Ss58Address;
import org.axonometer.subnet.Uid;
import org.axonometer.testing.SnapshotNeurons;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** Templates, lines and commands; no database. */
class ChallengesTest {
  @TempDir private Path folder;

  private JobDefinition job(String challenge) {
    String yaml =
        """
        network: finney
        netuid: 1
        snapshot: {file: snapshot.json}
        synapse:
          name: Prompt
          request:
            question: {type: str}
            depth: {type: int, value: 3}
          response: {answer: "optional[str]"}
          hash-fields: [question]
        """;
    return JobFile.parse(yaml + "challenge: " + challenge + "\n", folder.resolve("probe.yaml"));
  }

  private static ChallengedRound round(JobDefinition job, int targets, long seed) {
    List<Recipient> recipients =
        IntStream.range(0, targets)
            .mapToObj(uid -> new Recipient(new Uid(uid), SnapshotNeurons.hotkey(uid), uid + 1, 1))
            .toList();
    return new ChallengedRound(job, 6_530_367, seed, recipients, false);
  }

  private NewChallenges made(String challenge, int targets) {
    return Challenges.of(round(job(challenge), targets, 7), Optional.empty()).of(481);
  }

  private static List<String> fields(NewChallenges made) {
    return made.challenges().stream().map(Challenge::fields).toList();
  }

  private void refused(String challenge, int targets, String... says) {
    assertThatThrownBy(() -> made(challenge, targets))
        .isInstanceOf(ChallengeException.class)
        .satisfies(e -> assertThat(e.getMessage()).contains(says).hasLineCount(1));
  }

  /** The numbers are those that docs/challenges.md's own Python gives. */
  @Test
  void seedIsThatOfThePythonInTheDocs() {
    assertThat(ChallengeSeed.of(7, SnapshotNeurons.hotkey(0))).isEqualTo(7494989156500356850L);
    assertThat(ChallengeSeed.of(7, SnapshotNeurons.hotkey(1))).isEqualTo(5890185861620492193L);
    Ss58Address alice = new Ss58Address("5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY");
    assertThat(ChallengeSeed.of(0, alice)).isEqualTo(7021692912834569345L);
    assertThat(ChallengeSeed.of(Long.MAX_VALUE, alice)).isEqualTo(5660906690091019336L);
    assertThat(ChallengeSeed.shared(7)).isEqualTo(9038338070353271057L);
  }

  @Test
  void fillsTemplatesPerTargetAndKeepsConstants() {
    NewChallenges made =
        made(
            "{from: template, fields: {question: '{{{round}}} {block} {counter} {uid} {position} {seed}'}}",
            2);

    assertThat(fields(made))
        .containsExactly(
            "{\"depth\":3,\"question\":\"{481} 6530367 1 0 1 %d\"}"
                .formatted(ChallengeSeed.of(7, SnapshotNeurons.hotkey(0))),
            "{\"depth\":3,\"question\":\"{481} 6530367 2 1 2 %d\"}"
                .formatted(ChallengeSeed.of(7, SnapshotNeurons.hotkey(1))));
    assertThat(made.move()).contains(new NewChallenges.CursorMove("counter", 0, 2));
  }

  @Test
  void oneForAllIsStoredOnce() {
    NewChallenges made =
        made("{from: template, per: round, fields: {question: '{seed}', depth: '12'}}", 5);

    assertThat(made.challenges()).hasSize(1);
    assertThat(made.challenges().getFirst().uid()).isEmpty();
    assertThat(fields(made).getFirst())
        .isEqualTo("{\"depth\":\"12\",\"question\":\"%d\"}".formatted(ChallengeSeed.shared(7)));
    assertThat(made.move()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {from: template, fields: {question: '{name}'}}                | challenge.fields.question is "{name}"; {name} is not a name
          {from: template, fields: {question: 'a { b'}}                 | challenge.fields.question is "a { b"; a single {
          {from: template, fields: {quest: why}}                        | challenge.fields.quest is not a request field
          {from: template, per: round, fields: {question: '{uid}'}}     | challenge.fields.question has {uid}
          {from: template, fields: {question: a}, file: x}              | challenge.file has no meaning with from: template
          {from: jsonl}                                                 | challenge.file is missing
          {from: jsonl, file: x, shuffle-seed: 3}                       | challenge.shuffle-seed has no meaning here
          {from: sql}                                                   | challenge.query is missing
          {from: command, command: rm -rf}                              | challenge.command is "rm -rf"; write a list
          {from: command, command: []}                                  | challenge.command is a list; write a list of the program
          {from: miners}                                                | challenge.from is "miners"; write template, jsonl, sql or command
          {per: round}                                                  | challenge.from is missing
          """)
  void refusesABlockWithFileAndLine(String challenge, String says) {
    assertThatThrownBy(() -> job(challenge))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("probe.yaml:11: " + says);
  }

  @Test
  void refusesWhatTheSynapseDoesNotTake() {
    refused(
        "{from: template, fields: {question: a, depth: '{hotkey}'}}",
        1,
        "challenge.fields for uid 0",
        "field depth");
    refused("{from: template, fields: {depth: 1}}", 1, "question", "no value and no default");
  }

  private Path lines(String... lines) throws IOException {
    return Files.write(folder.resolve("prompts.jsonl"), List.of(lines));
  }

  private NewChallenges after(String challenge, int targets, long handedOut) {
    LineFile file = file(challenge);
    List<Given> given = file.after(handedOut, targets);
    return new NewChallenges(
        given.stream()
            .map(
                one -> new Challenge(Optional.empty(), 1, 0, one.origin(), one.fields().toString()))
            .toList(),
        Optional.empty());
  }

  private LineFile file(String challenge) {
    var rule = job(challenge).challenge().orElseThrow();
    return LineFile.read((ChallengeRule.Lines) rule.source(), rule.limits());
  }

  private static String question(String text) {
    return "{\"question\":\"" + text + "\"}";
  }

  @Test
  void handsOutLinesInTheFilesOrderAndGoesOn() throws IOException {
    lines(question("a"), "", question("b"), question("c"));
    String challenge = "{from: jsonl, file: prompts.jsonl}";

    NewChallenges made = made(challenge, 2);
    assertThat(fields(made))
        .containsExactly("{\"depth\":3,\"question\":\"a\"}", "{\"depth\":3,\"question\":\"b\"}");
    assertThat(made.challenges().get(1).origin()).endsWith("prompts.jsonl:3");
    assertThat(made.move().orElseThrow().to()).isEqualTo(2);
    assertThat(fields(after(challenge, 1, 2))).containsExactly(question("c"));
    assertThatThrownBy(() -> after(challenge, 2, 2))
        .hasMessageContaining("2 of its 3 lines are used up and 2 are needed")
        .hasMessageContaining("repeats: true");
    assertThat(fields(after("{from: jsonl, file: prompts.jsonl, repeats: true}", 2, 2)))
        .containsExactly(question("c"), question("a"));
  }

  @Test
  void shufflesWithoutRepeatsAndAnewInEachPass() throws IOException {
    lines(IntStream.range(0, 40).mapToObj(n -> question("q" + n)).toArray(String[]::new));
    String shuffled =
        "{from: jsonl, file: prompts.jsonl, order: shuffled, repeats: true, shuffle-seed: %d}";

    List<String> first = fields(after(shuffled.formatted(1), 40, 0));
    assertThat(first).doesNotHaveDuplicates().hasSize(40);
    assertThat(fields(after(shuffled.formatted(1), 40, 0))).isEqualTo(first);
    assertThat(fields(after(shuffled.formatted(2), 40, 0)))
        .isNotEqualTo(first)
        .containsExactlyInAnyOrderElementsOf(first);
    assertThat(fields(after(shuffled.formatted(1), 40, 40)))
        .isNotEqualTo(first)
        .containsExactlyInAnyOrderElementsOf(first);
    assertThat(file(shuffled.formatted(1)).source())
        .isNotEqualTo(file(shuffled.formatted(2)).source())
        .hasSizeLessThanOrEqualTo(80);
  }

  @Test
  void refusesHostileLinesWithTheirNumber() throws IOException {
    String challenge = "{from: jsonl, file: prompts.jsonl, max-body: 1KiB, max-size: 8KiB}";
    String place = "prompts.jsonl:2";
    lines(question("a"), question("x".repeat(2_000)));
    refused(challenge, 2, place, "2015 bytes", "max-body allows 1024");
    lines(question("a"), "[".repeat(500) + "]".repeat(500));
    refused(challenge, 2, place, "not JSON", "depth");
    lines(question("a"), "{\"question\":\"a\",\"question\":\"b\"}");
    refused(challenge, 2, place, "Duplicate");
    lines(question("a"), "{\"question\":\"a\"} {}");
    refused(challenge, 2, place, "not JSON");
    lines(question("a"), "[1]");
    refused(challenge, 2, place, "not a JSON object");
    lines(question("a"), "{\"question\":7}");
    refused(challenge, 2, place, "field question");
    lines(question("a"), "{\"question\":\"a\",\"other\":7}");
    refused(challenge, 2, place, "other is not a request field");
    Files.write(folder.resolve("prompts.jsonl"), new byte[] {'{', (byte) 0xc3, '}'});
    refused(challenge, 1, "prompts.jsonl:1: not UTF-8");
    Files.write(folder.resolve("prompts.jsonl"), new byte[9_000]);
    refused(challenge, 1, "larger than the 8192 bytes");
    Files.writeString(folder.resolve("prompts.jsonl"), "\n\n");
    refused(challenge, 1, "has no lines");
    Files.delete(folder.resolve("prompts.jsonl"));
    refused(challenge, 1, "no such file");
  }

  @Test
  void boundsAllChallengesTogether() {
    refused(
        "{from: template, max-size: 1KiB, fields: {question: '%s'}}".formatted("x".repeat(300)),
        5,
        "uid 3",
        "challenge.max-size allows 1024");
  }

  private String command(String script, String more) throws IOException {
    Files.writeString(folder.resolve("make.sh"), script);
    return "{from: command, command: [sh, make.sh, 'two words']" + more + "}";
  }

  @Test
  void givesACommandTheTargetsAndTakesALineEach() throws IOException {
    String script =
        """
        cat > input.json
        echo "said to the log" >&2
        printf '{"question":"%s"}\\n' "$1"
        printf '{"question":"b","depth":9}'
        """;

    NewChallenges made = made(command(script, ""), 2);

    assertThat(fields(made))
        .containsExactly(
            "{\"depth\":3,\"question\":\"two words\"}", "{\"depth\":9,\"question\":\"b\"}");
    assertThat(Files.readString(folder.resolve("input.json")))
        .contains("\"job\":\"probe\"", "\"block\":6530367", "\"per\":\"target\"")
        .contains(
            "{\"uid\":1,\"hotkey\":\"%s\",\"position\":2,\"seed\":%d}"
                .formatted(
                    SnapshotNeurons.hotkey(1), ChallengeSeed.of(7, SnapshotNeurons.hotkey(1))))
        .hasLineCount(1);
  }

  @Test
  void sharesOneLineOrOneOutputOfAProgram() throws IOException {
    lines(question("a"), question("b"));
    NewChallenges line = made("{from: jsonl, per: round, file: prompts.jsonl}", 5);
    assertThat(fields(line)).containsExactly("{\"depth\":3,\"question\":\"a\"}");
    assertThat(line.challenges().getFirst().uid()).isEmpty();
    assertThat(line.challenges().getFirst().seed()).isEqualTo(ChallengeSeed.shared(7));
    assertThat(line.move().orElseThrow().to()).isEqualTo(1);

    String script = "cat > input.json; echo '{\"question\":\"c\"}'";
    NewChallenges made = made(command(script, ", per: round"), 5);
    assertThat(fields(made)).containsExactly("{\"depth\":3,\"question\":\"c\"}");
    assertThat(made.challenges().getFirst().uid()).isEmpty();
    assertThat(Files.readString(folder.resolve("input.json")))
        .contains("\"per\":\"round\"", "\"seed\":" + ChallengeSeed.shared(7));
    refused(command("echo '{\"question\":\"c\"}'; echo {}", ", per: round"), 5, "1 is needed");
  }

  @Test
  void logsWhatACommandWritesToItsStandardError() throws IOException {
    Logger logger = (Logger) LoggerFactory.getLogger(CommandRun.class);
    ListAppender<ILoggingEvent> heard = new ListAppender<>();
    heard.start();
    logger.addAppender(heard);
    try {
      made(command("echo 'a hint' >&2; echo '{\"question\":\"c\"}'", ""), 1);
      refused(command("printf 'the reason\\nand \\033[31m more' >&2; exit 9", ""), 1, "code 9");
    } finally {
      logger.detachAppender(heard);
    }
    assertThat(heard.list)
        .allSatisfy(event -> assertThat(event.getLevel()).isEqualTo(Level.WARN))
        .extracting(ILoggingEvent::getFormattedMessage)
        .containsExactly(
            "challenge command sh make.sh two words says: a hint",
            "challenge command sh make.sh two words says: the reason",
            "challenge command sh make.sh two words says: and \\u001b[31m more");
  }

  @Test
  void refusesWhatACommandDoesWrong() throws IOException {
    refused(command("exit 1", ""), 1, "ended with code 1");
    refused(command("echo '{\"question\":\"a\"}'", ""), 3, "printed 1 lines; 3 are needed");
    refused(command("echo '{\"question\":\"a\"}'; echo", ""), 2, "line 2 of its output", "empty");
    refused(command("echo '{\"question\":[1]}'", ""), 1, "line 1 of its output", "field question");
    refused(command("echo nonsense", ""), 1, "line 1 of its output", "not JSON");
    refused("{from: command, command: [no-such-program-at-all]}", 1, "cannot be started");
  }

  @Test
  void stopsACommandThatHangsOrFloods() throws IOException {
    String pid = "echo $$ > pid; ";
    refused(command(pid + "sleep 600", ", timeout: 1s"), 1, "not done after the 1000 ms");
    assertThat(alive()).isFalse();
    refused(command(pid + "yes", ", max-size: 64KiB"), 1, "printed more than the 65536 bytes");
    assertThat(alive()).isFalse();
    refused(command(pid + "exec >&-; sleep 600", ", timeout: 1s"), 1, "not done after");
    assertThat(alive()).isFalse();
    refused(command("yes >&2", ", timeout: 1s"), 1, "not done after");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void killsAlsoWhatHasOutlivedItsParent() throws IOException {
    String orphan = "(sleep 600 > /dev/null 2>&1 & echo $! > pid); ";
    refused(command(orphan + "exit 3", ""), 1, "ended with code 3");
    assertThat(alive()).isFalse();
    refused(command(orphan + "sleep 600", ", timeout: 1s"), 1, "not done after the 1000 ms");
    assertThat(alive()).isFalse();
    refused(command("setsid sh -c '" + orphan + "'; exit 3", ""), 1, "ended with code 3");
    assertThat(alive()).isFalse();
  }

  private boolean alive() throws IOException {
    long pid = Long.parseLong(Files.readString(folder.resolve("pid")).strip());
    Optional<ProcessHandle> left = ProcessHandle.of(pid);
    left.ifPresent(
        process -> process.onExit().completeOnTimeout(process, 10, TimeUnit.SECONDS).join());
    boolean alive = left.filter(ProcessHandle::isAlive).isPresent() && !isZombie(pid);
    left.ifPresent(ProcessHandle::destroyForcibly);
    return alive;
  }

  /** Dead, but nobody has asked for its exit code: who inherits orphans may never do so. */
  private static boolean isZombie(long pid) throws IOException {
    Path status = Path.of("/proc", Long.toString(pid), "status");
    return Files.exists(status) && Files.readString(status).contains("State:\tZ");
  }

  @Test
  void keepsOurVariablesFromCommands() {
    Map<String, String> environment =
        new TreeMap<>(
            Map.of("BT_WALLET_PASSWORD", "x", "AXONOMETER_HOME", "y", "PATH", "/bin", "HOME", "/"));

    CommandRun.withoutOurs(environment);

    assertThat(environment).containsOnlyKeys("HOME", "PATH");
  }

  @Test
  void hasNothingToMakeForNobodyAndForConstants() {
    assertThat(made("{from: jsonl, file: none.jsonl}", 0)).isEqualTo(NewChallenges.NONE);
  }
}
