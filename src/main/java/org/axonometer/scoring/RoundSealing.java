package org.axonometer.scoring;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.axonometer.history.Round;
import org.axonometer.history.RoundStore;
import org.axonometer.history.ScoringInput;
import org.axonometer.history.StoredSeal;
import org.axonometer.history.TargetResult;
import org.axonometer.jobs.JobFile;
import org.axonometer.subnet.Sha256;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes a round's scoring inputs and its seal. The inputs' hash is the SHA-256 of the JSONL export,
 * so {@code sha256sum} on an exported file shows whether it is the sealed one; the seal's own hash
 * covers the job's previous seal too.
 */
public final class RoundSealing implements RoundStore.Sealing {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Clock clock;

  public RoundSealing(Clock clock) {
    this.clock = clock;
  }

  @Override
  public Sealed seal(
      Round round, List<TargetResult> results, boolean clockIsWrong, String previousSha256) {
    RoundJudge judge = RoundJudge.of(results, clockIsWrong);
    String noFields = noFields(round);
    List<ScoringInput> inputs =
        results.stream().map(result -> judge.judge(result, noFields)).toList();
    String inputsSha256 = ScoringExport.sha256(round, inputs);
    return new Sealed(
        inputs,
        new StoredSeal(
            round.job(),
            round.id(),
            inputs.size(),
            inputsSha256,
            previousSha256,
            chained(previousSha256, round.job(), round.id(), inputsSha256),
            clock.instant().truncatedTo(ChronoUnit.MICROS)),
        judge.mostlyUnreachable(),
        judge.clockDoubted());
  }

  /** Hex SHA-256 of {@code <previous> <job> <round> <inputs>}, one space between. */
  static String chained(String previousSha256, String job, long roundId, String inputsSha256) {
    return Sha256.hex(
        "%s %s %d %s"
            .formatted(previousSha256, job, roundId, inputsSha256)
            .getBytes(StandardCharsets.UTF_8));
  }

  /** Every named field as null: what a target without an answer has. */
  private static String noFields(Round round) {
    Map<String, @Nullable Object> none = new LinkedHashMap<>();
    JobFile.parse(round.jobSource(), round.jobFile())
        .scoring()
        .fields()
        .keySet()
        .forEach(name -> none.put(name, null));
    return JSON.writeValueAsString(none);
  }
}
