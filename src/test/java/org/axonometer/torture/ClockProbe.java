package org.axonometer.torture;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A process that sets its own clock and prints what it reads and how long its timed waits of 200 ms
 * last.
 */
final class ClockProbe {
  private static final long WAIT_MILLIS = 200;

  private ClockProbe() {}

  private interface Waiting {
    void now() throws InterruptedException;
  }

  public static void main(String[] arguments) throws InterruptedException {
    var clock = new ShiftedClock(Path.of(arguments[0]));
    for (String hours : new String[] {"0", "1", "-1", "0"}) {
      clock.ahead(Duration.ofHours(Long.parseLong(hours)));
      System.out.printf(
          "%s %d %d%n", hours, System.currentTimeMillis(), Instant.now().toEpochMilli());
      lasts(() -> Thread.sleep(WAIT_MILLIS));
      lasts(() -> LockSupport.parkNanos(Duration.ofMillis(WAIT_MILLIS).toNanos()));
      lasts(() -> new CountDownLatch(1).await(WAIT_MILLIS, TimeUnit.MILLISECONDS));
      lasts(() -> LockSupport.parkUntil(System.currentTimeMillis() + WAIT_MILLIS));
    }
  }

  private static void lasts(Waiting waiting) throws InterruptedException {
    long beganNanos = System.nanoTime();
    waiting.now();
    System.out.println("waited " + (System.nanoTime() - beganNanos) / 1_000_000);
  }
}
