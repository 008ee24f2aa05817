package org.axonometer.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Set;
import org.axonometer.dendrite.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgainTest {

  @Test
  void readsWordsAndOutcomesInAnyCase() {
    assertThat(Again.parse("failed")).isEqualTo(new Again(true, Set.of()));
    assertThat(Again.parse("unknown, Timed_Out,FAILED"))
        .isEqualTo(new Again(true, Set.of(Outcome.UNKNOWN, Outcome.TIMED_OUT)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "failed,", "everyone", "NOT_SERVING", "blocked_address", "\u001b[2J"})
  void listsTheWordsThereAreForAnyOther(String words) {
    assertThatThrownBy(() -> Again.parse(words))
        .isInstanceOf(RoundException.class)
        .hasMessageContaining("failed, unsent, unknown, OK, REFUSED, AXON_ERROR")
        .hasMessageNotContainingAny("\u001b", "NOT_SERVING,");
  }

  @Test
  void everyWordItListsIsOneItReads() {
    assertThat(Arrays.stream(Again.words().split(", ", -1)).map(Again::parse)).hasSize(13);
  }
}
