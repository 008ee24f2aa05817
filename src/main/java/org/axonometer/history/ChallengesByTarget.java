package org.axonometer.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.axonometer.subnet.Uid;

/** The challenges of one round, to be found by target and attempt. Immutable. */
public final class ChallengesByTarget {
  private final Map<Uid, List<Challenge>> own = new HashMap<>();
  private final List<Challenge> everybodys = new ArrayList<>();

  private ChallengesByTarget() {}

  public static ChallengesByTarget of(List<Challenge> ofRound) {
    var found = new ChallengesByTarget();
    for (Challenge challenge : ofRound) {
      challenge
          .uid()
          .map(uid -> found.own.computeIfAbsent(uid, key -> new ArrayList<>()))
          .orElse(found.everybodys)
          .add(challenge);
    }
    return found;
  }

  /** The one that holds for this attempt: the target's own before everybody's, the newest first. */
  public Optional<Challenge> at(Uid uid, int attempt) {
    return newest(own.getOrDefault(uid, List.of()), attempt).or(() -> newest(everybodys, attempt));
  }

  private static Optional<Challenge> newest(List<Challenge> challenges, int attempt) {
    return challenges.stream()
        .filter(challenge -> challenge.firstAttempt() <= attempt)
        .max(Comparator.comparingInt(Challenge::firstAttempt));
  }
}
