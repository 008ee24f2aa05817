package org.axonometer.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.axonometer.history.Claim;
import org.axonometer.history.PlannedTarget;
import org.axonometer.subnet.AxonEndpoint;
import org.axonometer.subnet.Uid;
import org.axonometer.synapse.Nonces;
import org.axonometer.testing.MutableClock;
import org.axonometer.testing.SnapshotNeurons;
import org.junit.jupiter.api.Test;

class AskOneTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private final MutableClock clock = MutableClock.standing(Instant.parse("2027-01-01T00:00:00Z"));
  private final Claim claim =
      new Claim(
          new PlannedTarget(
              new Uid(1),
              SnapshotNeurons.hotkey(1),
              new AxonEndpoint(AxonEndpoint.literal("8.8.8.8"), 80),
              1,
              0,
              1),
          1,
          "uuid",
          new Nonces(clock).next());

  @Test
  void aNonceGrowsOldWhileTheMachineSleepsAndTheMonotonicClockWithIt() {
    clock.set(LONG);
    assertThat(AskOne.age(claim, System.nanoTime(), clock)).isEqualTo(LONG);
  }

  @Test
  void aClockThatIsSetBackMakesNoNonceYoung() {
    clock.set(LONG.negated());
    assertThat(AskOne.age(claim, System.nanoTime() - LONG.toNanos(), clock))
        .isGreaterThanOrEqualTo(LONG);
  }
}
