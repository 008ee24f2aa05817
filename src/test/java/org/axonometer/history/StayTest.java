package org.axonometer.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StayTest {

  @Test
  void aNewerSightLengthensTheStayOrEndsIt() {
    List<Stay> stays = Stay.with(Stay.with(List.of(), "a", 100), "a", 200);
    assertThat(stays).containsExactly(new Stay("a", 100, 200));
    assertThat(Stay.with(stays, "b", 300))
        .containsExactly(new Stay("a", 100, 200), new Stay("b", 300, 300));
  }

  @Test
  void anOlderSightFillsTheGapFromEitherSide() {
    List<Stay> stays = List.of(new Stay("a", 100, 100), new Stay("b", 300, 400));
    assertThat(Stay.with(stays, "a", 200))
        .containsExactly(new Stay("a", 100, 200), new Stay("b", 300, 400));
    assertThat(Stay.with(stays, "b", 200))
        .containsExactly(new Stay("a", 100, 100), new Stay("b", 200, 400));
    assertThat(Stay.with(stays, "c", 200))
        .containsExactly(new Stay("a", 100, 100), new Stay("c", 200, 200), new Stay("b", 300, 400));
    assertThat(Stay.with(stays, "c", 50)).startsWith(new Stay("c", 50, 50)).hasSize(3);
    assertThat(Stay.with(stays, "b", 350)).isEqualTo(stays);
  }

  @Test
  void anotherSightInsideCutsAStayAndContradictsNoEnd() {
    List<Stay> stays = List.of(new Stay("a", 100, 200));
    assertThat(Stay.with(stays, "b", 150))
        .containsExactly(new Stay("a", 100, 100), new Stay("b", 150, 150), new Stay("a", 200, 200));
    assertThat(Stay.with(stays, "b", 100)).isEqualTo(stays);
    assertThat(Stay.with(stays, "b", 200)).isEqualTo(stays);
  }
}
