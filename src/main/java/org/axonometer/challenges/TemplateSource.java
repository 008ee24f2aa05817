package org.axonometer.challenges;

import java.util.HashMap;
import java.util.Map;
import org.axonometer.jobs.ChallengeRule;
import org.axonometer.jobs.TemplateText;
import tools.jackson.databind.node.ObjectNode;

/** Challenges out of texts with names in them, filled in for a round whose number is known. */
record TemplateSource(ChallengeRule.Template template) {
  /** What the counter's place is stored under. */
  static final String COUNTER = "counter";

  boolean usesCounter() {
    return TemplateText.namesIn(template.fields()).contains(COUNTER);
  }

  /** One target's. */
  Given of(ChallengedRound round, long roundId, Recipient recipient, long counter) {
    Map<String, String> values = values(round, roundId, counter, round.seedOf(recipient));
    values.put("uid", recipient.uid().toString());
    values.put("hotkey", recipient.hotkey().text());
    values.put("position", Integer.toString(recipient.position()));
    return filled(values, "challenge.fields for uid " + recipient.uid());
  }

  /** The one all targets share. */
  Given shared(ChallengedRound round, long roundId, long counter) {
    return filled(
        values(round, roundId, counter, ChallengeSeed.shared(round.seed())), "challenge.fields");
  }

  private static Map<String, String> values(
      ChallengedRound round, long roundId, long counter, long seed) {
    Map<String, String> values = new HashMap<>();
    values.put("round", Long.toString(roundId));
    values.put("block", Long.toString(round.block()));
    values.put("seed", Long.toString(seed));
    values.put(COUNTER, Long.toString(counter));
    return values;
  }

  private Given filled(Map<String, String> values, String origin) {
    return new Given((ObjectNode) TemplateText.filled(template.fields(), values), origin);
  }
}
