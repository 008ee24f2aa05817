package org.axonometer.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.axonometer.dendrite.Outcome;
import org.axonometer.history.Round;
import org.axonometer.history.RoundKind;
import org.axonometer.history.RoundStore;
import org.axonometer.history.ScoringInput;
import org.axonometer.history.TargetResult;
import org.axonometer.subnet.NetUid;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ScoringExportTest {
  private static final String JOB =
      """
      network: local
      netuid: 1
      snapshot: {file: s.json}
      synapse:
        name: Dummy
        request: {dummy_input: {type: int, value: 1}}
        response: {dummy_output: "optional[int]"}
      score:
        fields: {answer: /dummy_output}
      """;
  private static final Round ROUND =
      new Round(
          17,
          "probe",
          RoundKind.MANUAL,
          Round.State.OPEN,
          "local",
          new NetUid(1),
          99,
          Results.address(7),
          new Round.Wallet(Path.of("/w"), "default", "default"),
          Path.of("/jobs/probe.yaml"),
          JOB,
          42,
          4,
          3,
          1,
          Instant.EPOCH,
          Instant.EPOCH,
          Optional.empty());

  private static RoundStore.Sealing.Sealed sealed(List<TargetResult> results, String previous) {
    return new RoundSealing(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC))
        .seal(ROUND, results, false, previous);
  }

  private static List<ScoringInput> inputs() {
    return sealed(
            List.of(
                Results.ended(1, Outcome.OK),
                Results.ended(2, Outcome.TIMED_OUT),
                Results.never(3, 0, Optional.of(Outcome.NOT_SERVING))),
            "0".repeat(64))
        .inputs();
  }

  @Test
  void writesOneJsonObjectPerTargetWithEveryNamedField() {
    String[] lines =
        new String(ScoringExport.jsonl(ROUND, inputs()), StandardCharsets.UTF_8).split("\n");
    assertThat(lines).hasSize(3);
    JsonNode first = JsonMapper.shared().readTree(lines[0]);
    assertThat(first.path("uid").intValue()).isEqualTo(1);
    assertThat(first.path("total_nanos").longValue()).isEqualTo(5_000);
    assertThat(first.path("fields").path("answer").stringValue()).isEqualTo("=1+1");
    JsonNode third = JsonMapper.shared().readTree(lines[2]);
    assertThat(third.path("total_nanos").isNull()).isTrue();
    assertThat(third.path("fields").has("answer"))
        .as("a target without an answer has the field as null")
        .isTrue();
  }

  @Test
  void writesCsvAsRfc4180WithoutFormulas() {
    String csv = new String(ScoringExport.csv(ROUND, inputs()), StandardCharsets.UTF_8);
    assertThat(csv).startsWith("version,round,job,").endsWith("\r\n");
    String[] lines = csv.split("\r\n");
    assertThat(lines).hasSize(4);
    assertThat(lines[0]).endsWith(",last_bytes_share,local_stall_ms,latency_tainted,field_answer");
    assertThat(lines[1]).endsWith(",42,,,,,,,,,,,0,false,'=1+1");
    assertThat(lines[2]).endsWith(",42,,,,,,,,,,,0,false,");
  }

  @Test
  void headsTheCsvOfARoundWithoutTargetsToo() {
    String header = String.join(",", ScoringExport.COLUMNS);
    assertThat(ScoringExport.csv(ROUND, List.of()))
        .isEqualTo((header + "\r\n").getBytes(StandardCharsets.UTF_8));
    assertThat(new String(ScoringExport.csv(ROUND, inputs()), StandardCharsets.UTF_8))
        .startsWith(header + ",field_answer\r\n");
  }

  @Test
  void disarmsWhateverASpreadsheetMightRun() {
    for (String text : List.of("=1", "+1", "-1", "@a", "\t=1", "\u200b=1", " =1", "\u001b=1")) {
      assertThat(cell(text)).as(text).startsWith("'");
    }
    assertThat(cell("plain")).isEqualTo("plain");
    assertThat(cell("a,\"b\"\r\nc")).isEqualTo("\"a,\"\"b\"\"\r\nc\"");
  }

  @Test
  void givesTheSameBytesEachTimeAndSealsThem() {
    assertThat(ScoringExport.jsonl(ROUND, inputs()))
        .isEqualTo(ScoringExport.jsonl(ROUND, inputs()));
    assertThat(ScoringExport.csv(ROUND, inputs())).isEqualTo(ScoringExport.csv(ROUND, inputs()));
    var results = List.of(Results.ended(1, Outcome.OK));
    String first = sealed(results, "0".repeat(64)).seal().sha256();
    assertThat(sealed(results, "0".repeat(64)).seal().sha256()).isEqualTo(first);
    assertThat(sealed(results, first).seal().sha256())
        .as("the seal before is part of the seal")
        .isNotEqualTo(first);
    assertThat(sealed(List.of(Results.ended(1, Outcome.BAD_BODY)), "0".repeat(64)).seal().sha256())
        .isNotEqualTo(first);
  }

  private static String cell(String text) {
    TargetResult.Last last =
        Results.ended(1, "h", Outcome.AXON_ERROR, 500, text).last().orElseThrow();
    var result =
        new TargetResult(
            Results.ended(1, Outcome.OK).uid(),
            Results.address(1),
            Results.address(2),
            "h",
            1,
            Optional.empty(),
            "",
            1,
            Optional.of(last));
    String csv =
        new String(
            ScoringExport.csv(ROUND, sealed(List.of(result), "0".repeat(64)).inputs()),
            StandardCharsets.UTF_8);
    String afterCode = csv.substring(csv.indexOf("\r\n") + 2);
    int start = afterCode.indexOf(",500,500,500,") + ",500,500,500,".length();
    return afterCode.substring(start, afterCode.indexOf(",1000,2000,", start));
  }

  @Test
  void leavesARoundOfTheSecondFormAsItWasSealed() {
    List<ScoringInput> second = inputs().stream().map(input -> ofForm(2, input)).toList();
    String line =
        new String(ScoringExport.jsonl(ROUND, second), StandardCharsets.UTF_8)
            .lines()
            .toList()
            .get(0);
    assertThat(line).contains("\"last_bytes_share\":null,\"fields\":{").doesNotContain("stall");
  }

  @Test
  void leavesARoundOfTheFirstFormAsItWasSealed() {
    List<ScoringInput> first = inputs().stream().map(input -> ofForm(1, input)).toList();
    String line =
        new String(ScoringExport.jsonl(ROUND, first), StandardCharsets.UTF_8)
            .lines()
            .toList()
            .get(0);
    assertThat(line).contains(",\"seed\":42,\"fields\":{").doesNotContain("axon_signature");
    String csv = new String(ScoringExport.csv(ROUND, first), StandardCharsets.UTF_8);
    assertThat(csv.lines().toList().getFirst()).endsWith(",seed,field_answer");
  }

  private static ScoringInput ofForm(int form, ScoringInput input) {
    return new ScoringInput(
        input.uid(),
        input.hotkey(),
        input.coldkey(),
        input.outcome(),
        input.blame(),
        input.detail(),
        input.httpStatus(),
        input.claimedStatus(),
        input.dendriteStatusCode(),
        input.dendriteStatusMessage(),
        input.queueNanos(),
        input.prepareNanos(),
        input.connectNanos(),
        input.firstByteNanos(),
        input.totalNanos(),
        input.claimedProcessTime(),
        input.responseBytes(),
        input.responseSha256(),
        input.fields(),
        input.attempts(),
        input.position(),
        form,
        input.stream(),
        input.checks(),
        input.localStallMillis());
  }
}
