package org.axonometer.rounds;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.axonometer.dendrite.Outcome;
import org.axonometer.history.AskableTarget;
import org.axonometer.subnet.ForeignText;

/**
 * Which targets of a sealed round are asked again, in the words of {@code rerun --only}.
 *
 * @param failed whether all that count against the miner are among them
 * @param outcomes those that ended so are among them too
 */
public record Again(boolean failed, Set<Outcome> outcomes) {
  private static final String FAILED = "failed";

  /** Nobody was asked, so there is no address to ask now. */
  private static final Set<Outcome> UNASKABLE =
      EnumSet.of(Outcome.NOT_SERVING, Outcome.BLOCKED_ADDRESS);

  public Again {
    outcomes = Set.copyOf(outcomes);
  }

  /**
   * Reads words with commas between them, in any case.
   *
   * @throws RoundException NOT_RUNNABLE with the words there are, for any other
   */
  public static Again parse(String words) {
    boolean failed = false;
    Set<Outcome> outcomes = EnumSet.noneOf(Outcome.class);
    for (String part : words.split(",", -1)) {
      String word = part.strip();
      if (word.equalsIgnoreCase(FAILED)) {
        failed = true;
      } else {
        outcomes.add(outcome(word));
      }
    }
    return new Again(failed, outcomes);
  }

  private static Outcome outcome(String word) {
    return askable()
        .filter(outcome -> outcome.name().equals(word.toUpperCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new RoundException(
                    RoundException.Reason.NOT_RUNNABLE,
                    "--only has \"%s\"; write one or more of %s, with commas between them"
                        .formatted(ForeignText.escape(word, 40), words())));
  }

  /** The words there are. */
  public static String words() {
    return Stream.concat(Stream.of(FAILED, "unsent", "unknown"), outcomeWords())
        .collect(Collectors.joining(", "));
  }

  private static Stream<String> outcomeWords() {
    return askable()
        .filter(outcome -> outcome != Outcome.UNSENT && outcome != Outcome.UNKNOWN)
        .map(Enum::name);
  }

  private static Stream<Outcome> askable() {
    return Arrays.stream(Outcome.values()).filter(outcome -> !UNASKABLE.contains(outcome));
  }

  /** Those of a sealed round's targets that are asked again. */
  List<AskableTarget> of(List<AskableTarget> targets) {
    return targets.stream().filter(this::takes).toList();
  }

  private boolean takes(AskableTarget target) {
    Outcome outcome = target.outcome().orElse(Outcome.UNSENT);
    return outcomes.contains(outcome) || (failed && target.counts() && outcome != Outcome.OK);
  }

  @Override
  public String toString() {
    return Stream.concat(
            failed ? Stream.of(FAILED) : Stream.empty(), outcomes.stream().map(Enum::name).sorted())
        .collect(Collectors.joining(", "));
  }
}
