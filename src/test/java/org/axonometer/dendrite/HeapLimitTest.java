package org.axonometer.dendrite;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeapLimitTest {
  private static final int MEBIBYTE = 1_048_576;

  @ParameterizedTest
  @CsvSource({"16, 1, 1", "128, 1, 16", "128, 16, 1", "1024, 1, 240", "2048, 16, 31"})
  void leavesRoomForTheProgramAndForOneQueryAtLeast(
      long heapMebibytes, int responseMebibytes, int mostInFlight) {
    HeapLimit heap = new HeapLimit(heapMebibytes * MEBIBYTE);
    assertThat(heap.mostInFlight(responseMebibytes * MEBIBYTE)).isEqualTo(mostInFlight);
  }
}
