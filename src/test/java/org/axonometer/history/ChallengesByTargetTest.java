package org.axonometer.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.axonometer.subnet.Uid;
import org.junit.jupiter.api.Test;

class ChallengesByTargetTest {
  private static final Uid SEVEN = new Uid(7);

  private static Challenge challenge(Optional<Uid> uid, int firstAttempt, String fields) {
    return new Challenge(uid, firstAttempt, 1, "test", fields);
  }

  @Test
  void anAttemptHasWhatHeldWhenItWasMade() {
    var challenges =
        ChallengesByTarget.of(
            List.of(
                challenge(Optional.empty(), 1, "shared"),
                challenge(Optional.of(SEVEN), 3, "second renewal"),
                challenge(Optional.of(SEVEN), 2, "first renewal")));

    assertThat(challenges.at(SEVEN, 1)).map(Challenge::fields).contains("shared");
    assertThat(challenges.at(SEVEN, 2)).map(Challenge::fields).contains("first renewal");
    assertThat(challenges.at(SEVEN, 5)).map(Challenge::fields).contains("second renewal");
    assertThat(challenges.at(new Uid(8), 5)).map(Challenge::fields).contains("shared");
    assertThat(ChallengesByTarget.of(List.of()).at(SEVEN, 1)).isEmpty();
  }
}
