package org.axonometer.dendrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.axonometer.subnet.AxonEndpoint;
import org.junit.jupiter.api.Test;

class EndpointTurnsTest {
  private final EndpointTurns turns = new EndpointTurns();

  private static AxonEndpoint at(int port) {
    return new AxonEndpoint(AxonEndpoint.literal("203.0.113.7"), port);
  }

  @Test
  void remembersOnlyWhatSomebodyHasOrWaitsFor() throws InterruptedException {
    for (int port = 1; port <= 1_000; port++) {
      turns.take(at(port)).close();
    }
    assertThat(turns.size()).isZero();
    try (EndpointTurns.Turn one = turns.take(at(1));
        EndpointTurns.Turn two = turns.take(at(2))) {
      assertThat(turns.size()).isEqualTo(2);
      assertThat(one).isNotSameAs(two);
    }
    assertThat(turns.size()).isZero();
  }

  @Test
  void letsOneAtATimeHaveAnEndpoint() throws InterruptedException {
    List<String> seen = Collections.synchronizedList(new ArrayList<>());
    EndpointTurns.Turn first = turns.take(at(1));
    Thread second =
        Thread.ofVirtual()
            .start(
                () -> {
                  try (EndpointTurns.Turn turn = turns.take(at(1))) {
                    seen.add("second " + (turn != null));
                  } catch (InterruptedException e) {
                    seen.add("interrupted");
                  }
                });
    while (second.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    seen.add("first");
    first.close();
    second.join();
    assertThat(seen).containsExactly("first", "second true");
    assertThat(turns.size()).isZero();
  }

  @Test
  void givingUpLeavesNothingBehind() throws InterruptedException {
    try (EndpointTurns.Turn _ = turns.take(at(1))) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> turns.take(at(1))).isInstanceOf(InterruptedException.class);
      assertThat(turns.size()).isEqualTo(1);
    }
    assertThat(turns.size()).isZero();
  }
}
