package org.axonometer.dendrite;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DescriptorLimitTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "256, 0",
    "259, 0",
    "260, 1",
    "1024, 192",
    "65536, 16320",
    "9223372036854775807, 2147483647"
  })
  void leavesRoomForTheProgramItself(long descriptors, int mostInFlight) {
    assertThat(new DescriptorLimit(descriptors).mostInFlight()).isEqualTo(mostInFlight);
  }

  @Test
  void readsItsOwn() {
    assertThat(DescriptorLimit.ofThisProcess())
        .hasValueSatisfying(limit -> assertThat(limit.descriptors()).isPositive());
  }
}
