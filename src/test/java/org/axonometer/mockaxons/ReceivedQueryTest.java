package org.axonometer.mockaxons;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.axonometer.subnet.Uid;
import org.junit.jupiter.api.Test;

class ReceivedQueryTest {

  @Test
  void readsBackItsOwnLine() {
    ReceivedQuery query = new ReceivedQuery(17, new Uid(3), "5Caller", "u-1", "42", "/Dummy");

    assertThat(query.line()).isEqualTo("17\t3\t5Caller\tu-1\t42\t/Dummy");
    assertThat(ReceivedQuery.parse(query.line())).isEqualTo(query);
  }

  @Test
  void keepsHostileClaimsInsideTheirPlaceOnTheLine() {
    ReceivedQuery query =
        new ReceivedQuery(17, new Uid(3), "", "a\tb\nc\u00e9", "9".repeat(5000), "/ x");

    assertThat(query.line()).doesNotContain("\n").hasSizeLessThan(400);
    assertThat(query.uuid()).isEqualTo("a?b?c?");
    assertThat(query.hotkey()).isEqualTo("-");
    assertThat(ReceivedQuery.parse(query.line())).isEqualTo(query);
  }

  @Test
  void refusesALineWithTooFewParts() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ReceivedQuery.parse("17\t3\t5Caller"))
        .withMessageContaining("6 parts");
  }
}
