package org.axonometer.synapse;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NoncesTest {
  private static final Instant START = Instant.parse("2026-11-01T12:00:00.123456789Z");
  private static final long START_NANOS = 1_793_534_400_123_456_789L;

  @Test
  void countsNanosecondsSince1970() {
    assertThat(new Nonces(Clock.fixed(START, ZoneOffset.UTC)).next()).isEqualTo(START_NANOS);
  }

  @Test
  void risesByOneWhileTheClockStands() {
    Nonces nonces = new Nonces(Clock.fixed(START, ZoneOffset.UTC));
    assertThat(IntStream.range(0, 3).mapToLong(i -> nonces.next()))
        .containsExactly(START_NANOS, START_NANOS + 1, START_NANOS + 2);
  }

  @Test
  void risesWhenTheClockStepsBackAndFollowsItOnceItHasCaughtUp() {
    SettableClock clock = new SettableClock(START);
    Nonces nonces = new Nonces(clock);
    long first = nonces.next();
    clock.now = START.minus(Duration.ofHours(1));
    assertThat(nonces.next()).isEqualTo(first + 1);
    clock.now = START.plusNanos(500);
    assertThat(nonces.next()).isEqualTo(START_NANOS + 500);
  }

  @Test
  void neverRepeatsAcrossThreadsAndRisesInEach() throws Exception {
    int threads = 8;
    int each = 20_000;
    Nonces nonces = new Nonces(Clock.systemUTC());
    CyclicBarrier start = new CyclicBarrier(threads);
    long[][] taken = new long[threads][each];
    Thread[] running = new Thread[threads];
    for (int t = 0; t < threads; t++) {
      long[] mine = taken[t];
      running[t] =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      start.await();
                    } catch (Exception interrupted) {
                      throw new IllegalStateException(interrupted);
                    }
                    Arrays.setAll(mine, i -> nonces.next());
                  });
    }
    for (Thread thread : running) {
      thread.join();
    }
    for (long[] mine : taken) {
      assertThat(mine).isSorted();
    }
    assertThat(Arrays.stream(taken).flatMapToLong(Arrays::stream).distinct().count())
        .isEqualTo((long) threads * each);
  }

  private static final class SettableClock extends Clock {
    private Instant now;

    SettableClock(Instant now) {
      this.now = now;
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneOffset getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
