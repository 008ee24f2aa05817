package org.axonometer.dendrite;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StallsTest {
  private final Stalls stalls = new Stalls(at(0), 0);

  private static long at(long millis) {
    return millis * 1_000_000;
  }

  /** The watching thread wakes at these moments, by clocks that agree. */
  private void wakes(long... millis) {
    for (long one : millis) {
      stalls.awake(at(one), one);
    }
  }

  /** It wakes in time until then, and then not before the second moment. */
  private void stands(long from, long until) {
    for (long millis = 20; millis <= from; millis += 20) {
      wakes(millis);
    }
    wakes(until);
  }

  private List<Long> lengths(long from, long until, long now) {
    return stalls.between(at(from), at(until), at(now), now).stream()
        .map(stall -> stall.length().toMillis())
        .toList();
  }

  @Test
  void notesByHowMuchASleepWasTooLongAndNothingBelowTenMilliseconds() {
    wakes(20, 49, 119, 140);
    assertThat(lengths(0, 140, 140)).containsExactly(50L);
    assertThat(lengths(0, 40, 140)).isEmpty();
    assertThat(lengths(125, 140, 140)).isEmpty();
    assertThat(lengths(60, 61, 140)).containsExactly(50L);
  }

  @Test
  void seesAStallThatTheWatchingThreadHasNotWokenFrom() {
    wakes(20);
    assertThat(lengths(0, 3_040, 3_040)).containsExactly(3_000L);
    assertThat(lengths(0, 10, 3_040)).isEmpty();
  }

  @Test
  void takesAWallClockThatRanAheadForASleepingMachine() {
    stalls.awake(at(20), 20);
    stalls.awake(at(40), 3_600_020);
    assertThat(lengths(0, 40, 40)).containsExactly(3_599_980L);
    stalls.awake(at(60), 20);
    assertThat(lengths(45, 60, 60)).as("a clock set back is no stall").isEmpty();
  }

  @Test
  void forgetsWhatNoQueryCanReachBackTo() {
    long later = Duration.ofMinutes(17).toMillis();
    wakes(20, 1_020);
    assertThat(lengths(0, 900, 1_020)).hasSize(1);
    wakes(later);
    assertThat(lengths(0, 900, later)).isEmpty();
  }

  @Test
  void blamesAStallAtTheEndOrShortlyBeforeIt() {
    stands(1_000, 4_020);
    OwnStalls own = own(500L, 4_020);
    assertThat(own.longestMillis()).isEqualTo(3_000);
    assertThat(own.toBlame(at(2_000))).as("fell into it").contains(Duration.ofSeconds(3));
    assertThat(own.toBlame(at(7_000))).as("came shortly after").isPresent();
    assertThat(own.toBlame(at(7_100))).as("the axon had all its time").isEmpty();
    assertThat(own.toBlame(at(900))).as("before it").isEmpty();
  }

  @Test
  void blamesAStallBeforeTheRequestWasOut() {
    stands(1_000, 1_420);
    assertThat(own(1_500L, 1_420).toBlame(at(12_000))).isPresent();
    assertThat(own(null, 1_420).toBlame(at(12_000))).as("nobody took the call").isEmpty();
  }

  @Test
  void blamesNoShortStall() {
    stands(1_000, 1_200);
    assertThat(own(500L, 1_200).toBlame(at(1_200))).isEqualTo(Optional.empty());
  }

  /** Of a query from the beginning until now. */
  private OwnStalls own(@Nullable Long start, long now) {
    return new OwnStalls(
        stalls.between(at(0), at(now), at(now), now), start == null ? null : at(start), at(now));
  }
}
