package org.axonometer.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class PaceTest {
  private final Pace pace = new Pace();

  @Test
  void oneStartsAtATimeAndTheNextWhenItPassesTheTurn() throws InterruptedException {
    List<String> started = new CopyOnWriteArrayList<>();
    Pace.Turn first = pace.take();
    Thread second =
        Thread.ofVirtual()
            .start(
                () -> {
                  Pace.Turn turn = pace.take();
                  started.add("second");
                  turn.pass();
                });
    while (pace.waiting() == 0) {
      Thread.onSpinWait();
    }
    started.add("first");
    first.pass();
    first.pass();
    assertThat(second.join(Duration.ofMinutes(1))).isTrue();
    assertThat(started).containsExactly("first", "second");
    assertThat(pace.waiting()).isZero();
  }

  @Test
  void startsAreApartHoweverQuicklyTheySign() {
    List<Long> starts = new CopyOnWriteArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 20; i++) {
        threads.execute(
            () -> {
              Pace.Turn turn = pace.take();
              starts.add(System.nanoTime());
              turn.pass();
            });
      }
    }
    for (int i = 2; i < starts.size(); i++) {
      // Two gaps: the time of a start is read a moment after it.
      assertThat(starts.get(i) - starts.get(i - 2)).isGreaterThan(150_000);
    }
  }

  @Test
  void anInterruptedStartKeepsItsPlace() throws InterruptedException {
    Pace.Turn first = pace.take();
    Thread second = Thread.ofVirtual().start(() -> pace.take().pass());
    while (pace.waiting() == 0) {
      Thread.onSpinWait();
    }
    second.interrupt();
    assertThat(pace.waiting()).isEqualTo(1);
    first.pass();
    assertThat(second.join(Duration.ofMinutes(1))).isTrue();
  }
}
