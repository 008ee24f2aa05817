package org.axonometer.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.axonometer.dendrite.HeapLimit;
import org.junit.jupiter.api.Test;

class InFlightTest {
  private static final int MEBIBYTE = 1_048_576;
  private final InFlight inFlight = new InFlight(100, new HeapLimit(128L * MEBIBYTE));

  private int takenOf(int maxResponseBytes) throws InterruptedException {
    int taken = 0;
    while (inFlight.take(maxResponseBytes, Duration.ZERO)) {
      taken++;
    }
    return taken;
  }

  @Test
  void givesNoMoreThanTheHeapHolds() throws InterruptedException {
    assertThat(takenOf(MEBIBYTE)).isEqualTo(16).isEqualTo(inFlight.most(MEBIBYTE));
    inFlight.giveBack(4, MEBIBYTE);
    assertThat(takenOf(4 * MEBIBYTE)).as("another round's, four times as large").isEqualTo(1);
  }

  @Test
  void givesNoMoreThanTheNumberOfQueries() throws InterruptedException {
    assertThat(takenOf(1_024)).isEqualTo(100);
    inFlight.giveBack(100, 1_024);
    assertThat(takenOf(1_024)).isEqualTo(100);
  }

  @Test
  void alwaysGivesOne() throws InterruptedException {
    assertThat(takenOf(100 * MEBIBYTE)).isEqualTo(1);
  }
}
