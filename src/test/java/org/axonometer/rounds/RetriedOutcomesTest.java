package org.axonometer.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.axonometer.dendrite.Outcome;
import org.axonometer.jobs.JobDefinition;
import org.axonometer.jobs.JobDefinition.Ending;
import org.junit.jupiter.api.Test;

class RetriedOutcomesTest {

  @Test
  void eachEndingAJobCanRetryIsAnOutcomeOfAQueryThatLeft() {
    Set<Outcome> neverOfAQuery =
        EnumSet.of(Outcome.NOT_SERVING, Outcome.BLOCKED_ADDRESS, Outcome.UNSENT, Outcome.UNKNOWN);
    Set<Outcome> endings = EnumSet.complementOf(EnumSet.copyOf(neverOfAQuery));
    endings.remove(Outcome.OK);

    assertThat(Arrays.stream(Ending.values()).map(Ending::name).map(Outcome::valueOf))
        .containsExactlyInAnyOrderElementsOf(endings);
  }

  @Test
  void theBackOffDoublesWithEachRetry() {
    var retrying =
        new JobDefinition.Retrying(
            Set.of(Ending.TIMED_OUT), Duration.ofMillis(500), JobDefinition.Unknown.LEAVE);

    assertThat(retrying.after(1)).isEqualTo(Duration.ofMillis(500));
    assertThat(retrying.after(2)).isEqualTo(Duration.ofSeconds(1));
    assertThat(retrying.after(9)).isEqualTo(Duration.ofSeconds(128));
  }
}
