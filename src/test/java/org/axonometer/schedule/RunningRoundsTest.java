package org.axonometer.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.axonometer.jobs.JobFile;
import org.axonometer.rounds.RoundProgress;
import org.axonometer.rounds.RoundReport;
import org.junit.jupiter.api.Test;

class RunningRoundsTest {
  private static final WatchedJob JOB =
      new WatchedJob(
          JobFile.parse(
              """
              network: local
              netuid: 1
              snapshot: {file: snapshot.json}
              synapse: {name: Ping, response: {pong: str}}
              """,
              Path.of("probe.yaml")),
          Path.of("probe.yaml"),
          Instant.EPOCH);

  private final List<String> failures = new CopyOnWriteArrayList<>();
  private final BlockingQueue<Optional<String>> openings = new LinkedBlockingQueue<>();

  private final ScheduleListener listener =
      new ScheduleListener() {
        @Override
        public void failed(String job, long roundId, String why) {
          failures.add(job + " " + roundId + " " + why);
        }
      };

  /** Opens round 7 once it may, and fails to run it. */
  private static final class ScriptedLauncher implements RunningRounds.Launcher {
    private final CountDownLatch mayOpen = new CountDownLatch(1);
    private final Optional<Error> opening;
    private final Error running;

    ScriptedLauncher(Optional<Error> opening, Error running) {
      this.opening = opening;
      this.running = running;
    }

    @Override
    public long open(WatchedJob job, Optional<Instant> fireTime) {
      try {
        mayOpen.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      if (opening.isPresent()) {
        throw opening.get();
      }
      return 7;
    }

    @Override
    public RoundReport resume(long roundId, RoundProgress progress) {
      throw running;
    }

    @Override
    public void stop() {
      mayOpen.countDown();
    }
  }

  private Optional<String> opened() throws InterruptedException {
    return Optional.ofNullable(openings.poll(1, TimeUnit.MINUTES)).orElseThrow();
  }

  @Test
  void aRoundThatIsBeingOpenedCountsAndAnErrorInItIsAFailureLikeAnyOther() throws Exception {
    var launcher = new ScriptedLauncher(Optional.empty(), new StackOverflowError());
    var rounds = new RunningRounds(launcher, () -> {}, listener);
    rounds.open(JOB, Optional.empty(), openings::add);
    assertThat(rounds.has("probe")).isTrue();
    assertThat(rounds.count()).isEqualTo(1);
    assertThat(openings).isEmpty();

    launcher.mayOpen.countDown();
    assertThat(opened()).isEmpty();
    rounds.stop(Duration.ofMinutes(1));
    assertThat(rounds.has("probe")).isFalse();
    assertThat(rounds.rests("probe")).isTrue();
    assertThat(failures).containsExactly("probe 7 java.lang.StackOverflowError");
  }

  @Test
  void anErrorInAnOpeningIsTheReasonWhyThereIsNoRound() throws Exception {
    var launcher =
        new ScriptedLauncher(Optional.of(new LinkageError("no such class\nat all")), new Error());
    var rounds = new RunningRounds(launcher, () -> {}, listener);
    rounds.open(JOB, Optional.empty(), openings::add);
    launcher.mayOpen.countDown();
    assertThat(opened()).contains("no such class");
    rounds.stop(Duration.ofMinutes(1));
    assertThat(rounds.count()).isZero();
    assertThat(failures).isEmpty();
  }
}
