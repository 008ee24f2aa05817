package org.axonometer.dendrite;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StreamFiguresTest {
  @Test
  void countsGapsByNearestRankAndTheBytesOfTheLastFifteenPercent() {
    // From 1,000 to 2,000; the last 15 % begin at 1,850.
    StreamFigures figures =
        StreamFigures.of(
            1_000,
            new long[] {1_100, 1_200, 1_400, 1_850, 1_900},
            new int[] {5, 5, 5, 5, 20},
            2_000L);
    assertThat(figures).isEqualTo(new StreamFigures(100, 5, 100L, 450L, 450L, 0.5));
  }

  @Test
  void hasNoGapsWithOneChunkAndNoShareWithoutALatency() {
    assertThat(StreamFigures.of(10, new long[] {40}, new int[] {3}, null))
        .isEqualTo(new StreamFigures(30, 1, null, null, null, null));
  }

  @Test
  void seesAnAnswerThatWasHeldBackUntilTheEnd() {
    assertThat(StreamFigures.of(0, new long[] {990, 995}, new int[] {1, 999}, 1_000L))
        .extracting(StreamFigures::lastBytesShare)
        .isEqualTo(1.0);
  }
}
