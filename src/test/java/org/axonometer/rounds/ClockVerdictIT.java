package org.axonometer.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.axonometer.dendrite.HttpProperties;
import org.axonometer.dendrite.Outcome;
import org.axonometer.history.Database;
import org.axonometer.history.HistoryQueries;
import org.axonometer.history.ScoringInput;
import org.axonometer.jobs.JobFile;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.metagraph.Neuron;
import org.axonometer.subnet.NetUid;
import org.axonometer.testing.MutableClock;
import org.axonometer.testing.ScriptedAxon;
import org.axonometer.testing.SnapshotNeurons;
import org.axonometer.testing.TestRounds;
import org.axonometer.testing.TestStorage;
import org.axonometer.wallet.Hotkey;
import org.axonometer.wallet.Keyring;
import org.axonometer.wallet.PasswordSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Two axons that refuse our nonce, too few to doubt our clock by their word alone. */
@ParameterizedClass
@EnumSource
class ClockVerdictIT {
  private static final Duration WRONG = Duration.ofSeconds(-30);

  @Parameter private TestStorage storage = TestStorage.H2;
  @TempDir private Path folder;
  private final MutableClock clock = MutableClock.going();
  private final List<ScriptedAxon> axons = Stream.of(refusing(), refusing()).toList();
  private Database database;
  private RoundsApplication application;
  private Path job;

  private static ScriptedAxon refusing() {
    String message = "Not Verified with error: Nonce is too old";
    return ScriptedAxon.sending(
        ScriptedAxon.http(
            401,
            "{\"message\": \"" + message + "\"}",
            "content-type: application/json",
            "bt_header_axon_status_code: 401",
            "bt_header_axon_status_message: " + message));
  }

  @BeforeEach
  void open() {
    HttpProperties.set();
    database = storage.own(folder.resolve("home"));
    Neuron[] neurons =
        axons.stream()
            .map(
                axon ->
                    SnapshotNeurons.serving(
                        axons.indexOf(axon), "127.0.0.1", axon.endpoint().port()))
            .toArray(Neuron[]::new);
    MetagraphSnapshot snapshot =
        MetagraphSnapshot.of("local", new NetUid(1), 1, Instant.now(), List.of(neurons));
    job =
        TestRounds.in(folder, snapshot, Hotkey.generate())
            .job("probe", "timeout: 2s", "concurrency: 1", "partitions: 1", "round-deadline: 30m");
    start();
  }

  @AfterEach
  void close() {
    application.close();
    database.close();
    axons.forEach(ScriptedAxon::close);
  }

  private void start() {
    application =
        RoundsApplication.start(
            database,
            new RoundsApplication.Settings(
                folder.resolve("exports"), 8, new Keyring(PasswordSource.none()), clock));
  }

  private RoundReport run(Runnable whenOneEnded) {
    return application
        .launcher()
        .run(JobFile.read(job), job, 5, new RoundProgress(sent -> whenOneEnded.run()));
  }

  /** Leaves the round open with one refusal stored, and its process gone. */
  private void killedAfterTheFirst() {
    RoundReport stopped = run(() -> application.launcher().stop());
    assertThat(stopped.sealed()).isFalse();
    assertThat(stopped.outcomes()).containsEntry(Outcome.REFUSED, 1);
    application.close();
    start();
  }

  private Stream<Outcome.Blame> blamesOfRefusals() {
    return new HistoryQueries(database)
        .scoringInputs(1).stream()
            .filter(input -> input.outcome() == Outcome.REFUSED)
            .map(ScoringInput::blame);
  }

  @Test
  void withClocksThatAgreeARefusedNonceIsTheMiners() {
    assertThat(run(() -> {}).sealed()).isTrue();
    assertThat(blamesOfRefusals()).containsOnly(Outcome.Blame.MINER).hasSize(2);
  }

  @Test
  void aClockThatWentWrongWhileAskingIsSeenAtTheSeal() {
    assertThat(run(() -> clock.set(WRONG)).sealed()).isTrue();
    assertThat(blamesOfRefusals()).containsOnly(Outcome.Blame.VALIDATOR).hasSize(2);
  }

  @Test
  void whatWasFoundOutlivesTheProcessThatFoundIt() {
    clock.set(WRONG);
    killedAfterTheFirst();
    clock.set(Duration.ZERO);
    RoundReport finished =
        application.launcher().rerun(1, OptionalLong.empty(), new RoundProgress());
    assertThat(finished.sealed()).isTrue();
    assertThat(blamesOfRefusals()).containsOnly(Outcome.Blame.VALIDATOR).hasSize(2);
  }

  @Test
  void whoSealsWithoutAskingLooksAtTheClockToo() {
    killedAfterTheFirst();
    clock.set(Duration.ofHours(1));
    assertThat(application.launcher().resume(1, new RoundProgress()).sealed()).isTrue();
    assertThat(blamesOfRefusals()).containsOnly(Outcome.Blame.VALIDATOR).hasSize(1);
  }
}
