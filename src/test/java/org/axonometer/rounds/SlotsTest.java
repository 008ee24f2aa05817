package org.axonometer.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.axonometer.dendrite.HeapLimit;
import org.junit.jupiter.api.Test;

class SlotsTest {
  private static final int KIBIBYTE = 1_024;

  private final InFlight inFlight = new InFlight(64, new HeapLimit(128L * 1_048_576));
  private final AtomicInteger givenBack = new AtomicInteger();

  /** All taken but one. */
  private Slots allButOneTaken(int waiting) throws InterruptedException {
    var slots = new Slots[1];
    slots[0] =
        new Slots(
            20,
            KIBIBYTE,
            inFlight,
            () -> {
              // One comes free each time the gathering looks whether it goes on.
              if (waiting > 0 && givenBack.incrementAndGet() < 10) {
                slots[0].giveBack(1);
              }
              return waiting;
            });
    assertThat(slots[0].take(19, false)).isEqualTo(19);
    return slots[0];
  }

  @Test
  void gathersOnWhileClaimedTargetsWaitForTheirTurn() throws InterruptedException {
    assertThat(allButOneTaken(1_000).take(8, false)).isEqualTo(8);
  }

  @Test
  void gathersAMomentOnlyWhenNobodyWaits() throws InterruptedException {
    assertThat(allButOneTaken(0).take(8, false)).isEqualTo(1);
  }

  @Test
  void givesNoMoreThanTheProcessHas() throws InterruptedException {
    var others = new Slots(60, KIBIBYTE, inFlight, () -> 0);
    assertThat(others.take(60, false)).isEqualTo(60);
    var ours = new Slots(20, KIBIBYTE, inFlight, () -> 0);
    assertThat(ours.take(20, false)).isEqualTo(4);
    others.giveBack(60);
    assertThat(ours.take(20, false)).isEqualTo(16);
  }
}
