package org.axonometer;

import static org.assertj.core.api.Assertions.assertThat;

import org.axonometer.subnet.Uid;
import org.junit.jupiter.api.Test;

class HouseTest {
  @Test
  void uid() {
    assertThat(new Uid(3).value()).isEqualTo(3);
  }
}
