package org.axonometer.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.axonometer.dendrite.HttpProperties;
import org.axonometer.dendrite.Outcome;
import org.axonometer.dendrite.StreamFigures;
import org.axonometer.history.Database;
import org.axonometer.history.HistoryQueries;
import org.axonometer.history.ScoringInput;
import org.axonometer.jobs.JobFile;
import org.axonometer.mockaxons.Behaviour;
import org.axonometer.mockaxons.Behaviour.Manner;
import org.axonometer.mockaxons.MockAxonPark;
import org.axonometer.mockaxons.ParkSettings;
import org.axonometer.mockaxons.Profile;
import org.axonometer.scoring.ScoringExport;
import org.axonometer.scoring.SealVerification;
import org.axonometer.testing.TestRounds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a round stores of streams, signatures and fields, on a real database. */
class StreamingRoundIT {
  @TempDir private Path folder;
  private Database database;
  private RoundsApplication application;

  @BeforeEach
  void open() {
    HttpProperties.set();
    Database.bindToLoopback();
    database = Database.own(folder.resolve("home"));
    application = TestRounds.start(database, folder.resolve("exports"));
  }

  @AfterEach
  void close() {
    application.close();
    database.close();
  }

  private RoundReport run(Path job) {
    return application.launcher().run(JobFile.read(job), job, 5, new RoundProgress());
  }

  private Map<Integer, ScoringInput> inputs(RoundReport report) {
    return new HistoryQueries(database)
        .scoringInputs(report.round().id()).stream()
            .collect(Collectors.toMap(input -> input.uid().value(), input -> input));
  }

  @Test
  void storesHowEachStreamCameAndExportsIt() throws IOException {
    try (var park = MockAxonPark.open(ParkSettings.of(8, Profile.STREAMING))) {
      Path job = TestRounds.in(folder, park).job("streams", "timeout: 10s");
      Files.writeString(
          job,
          Files.readString(job)
              .replace(
                  "  hash-fields: [roles, messages]",
                  "  hash-fields: [roles, messages]\n  streaming: true"));
      RoundReport report = run(job);

      Map<Integer, ScoringInput> inputs = inputs(report);
      assertThat(report.outcomes())
          .containsEntry(Outcome.OK, 6)
          .containsEntry(Outcome.DISCONNECTED, 1)
          .containsEntry(Outcome.REFUSED, 1);
      for (int uid = 1; uid <= 5; uid++) {
        ScoringInput input = Objects.requireNonNull(inputs.get(uid));
        StreamFigures stream = Objects.requireNonNull(input.stream());
        assertThat(input.fields()).contains("axon " + uid + ": ?emit eht si tahW");
        assertThat(stream.chunks()).isBetween(4, 8);
        assertThat(stream.gapP50Nanos()).isBetween(5_000_000L, 2_000_000_000L);
        assertThat(stream.firstChunkNanos())
            .isGreaterThanOrEqualTo(Objects.requireNonNull(input.firstByteNanos()));
        assertThat(input.totalNanos()).isGreaterThan(stream.firstChunkNanos());
        assertThat(input.checks().axonSignature()).isEqualTo("ABSENT");
      }
      ScoringInput heldBack = Objects.requireNonNull(inputs.get(6));
      assertThat(Objects.requireNonNull(heldBack.stream()).lastBytesShare()).isEqualTo(1.0);
      ScoringInput cut = Objects.requireNonNull(inputs.get(7));
      assertThat(cut.outcome()).isEqualTo(Outcome.DISCONNECTED);
      assertThat(Objects.requireNonNull(cut.stream()).lastBytesShare()).isNull();
      ScoringInput refusal = Objects.requireNonNull(inputs.get(8));
      assertThat(refusal.stream()).isNull();
      assertThat(refusal.checks().axonSignature()).isEqualTo("VALID");
      assertThat(refusal.checks().claimedAxonNonce()).matches("[0-9]{19}");

      String jsonl =
          new String(
              ScoringExport.jsonl(report.round(), List.of(heldBack)), StandardCharsets.UTF_8);
      assertThat(jsonl).contains("\"last_bytes_share\":1.0", "\"axon_signature\":\"ABSENT\"");
      assertThat(Files.readAllBytes(report.files().jsonl()))
          .isEqualTo(
              ScoringExport.jsonl(
                  report.round(), new HistoryQueries(database).scoringInputs(report.round().id())));
    }
  }

  @Test
  void storesWhichFieldsDoNotFitAndThatAStrangerSignedTheRefusal() {
    List<Behaviour> behaviours =
        List.of(
            Behaviour.of(Manner.WRONG_TYPE),
            Behaviour.of(Manner.NOT_VERIFIED),
            Behaviour.of(Manner.HANG_UP));
    try (var park =
        MockAxonPark.open(ParkSettings.of(3, Profile.HONEST), behaviours, Clock.systemUTC())) {
      RoundReport report = run(TestRounds.in(folder, park).job("judged", "timeout: 10s"));

      Map<Integer, ScoringInput> inputs = inputs(report);
      ScoringInput wrong = Objects.requireNonNull(inputs.get(1));
      assertThat(wrong.outcome()).isEqualTo(Outcome.BAD_BODY);
      assertThat(wrong.checks().invalidFields())
          .startsWith("{\"completion\":\"does not fit its type: ");
      assertThat(wrong.checks().changedFields()).isNull();
      assertThat(Objects.requireNonNull(inputs.get(2)).checks().axonSignature())
          .isEqualTo("INVALID");
      assertThat(Objects.requireNonNull(inputs.get(3)).checks().axonSignature()).isNull();
      assertThat(wrong.stream()).isNull();
    }
  }

  @Test
  void sealsInTodaysForm() {
    try (var park = MockAxonPark.open(ParkSettings.of(2, Profile.HONEST))) {
      RoundReport report = run(TestRounds.in(folder, park).job("older", "timeout: 10s"));
      List<ScoringInput> today = new HistoryQueries(database).scoringInputs(report.round().id());
      assertThat(today).extracting(ScoringInput::form).containsOnly(ScoringInput.FORM);
      assertThat(
              new SealVerification(new HistoryQueries(database))
                  .round(report.round().id())
                  .orElseThrow()
                  .verdict())
          .isEqualTo(SealVerification.Verdict.HOLDS);
    }
  }
}
