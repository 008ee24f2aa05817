package org.axonometer.history;

import java.util.List;
import java.util.Optional;

/**
 * Challenges about to be stored with a round; none in a job that asks constants.
 *
 * @param move how far they take the job through their source
 */
public record NewChallenges(List<Challenge> challenges, Optional<CursorMove> move) {
  public static final NewChallenges NONE = new NewChallenges(List.of(), Optional.empty());

  public NewChallenges {
    challenges = List.copyOf(challenges);
  }

  /**
   * @param source which source, 80 characters at most
   * @param from what had been handed out when they were made
   * @param to what has been now
   */
  public record CursorMove(String source, long from, long to) {}

  /** Makes them for a round whose number is known; called inside the opening's transaction. */
  public interface Maker {
    NewChallenges of(long roundId);
  }
}
