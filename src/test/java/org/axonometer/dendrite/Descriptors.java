package org.axonometer.dendrite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;

/** This process's open file descriptors, as the kernel counts them. */
final class Descriptors {

  private Descriptors() {}

  /** How many are open; the test is skipped where there is no /proc. */
  static long open() {
    String[] names = new File("/proc/self/fd").list();
    Assumptions.assumeTrue(names != null, "skipped: needs /proc/self/fd");
    return names == null ? 0 : names.length;
  }

  /** Waits up to three seconds until at most so many are open, and fails otherwise. */
  static void awaitAtMost(long most) throws InterruptedException {
    long giveUp = System.nanoTime() + Duration.ofSeconds(3).toNanos();
    while (open() > most && System.nanoTime() - giveUp < 0) {
      Thread.sleep(5);
    }
    assertThat(open()).as("open file descriptors").isLessThanOrEqualTo(most);
  }
}
