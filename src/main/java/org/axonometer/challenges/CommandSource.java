package org.axonometer.challenges;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.axonometer.jobs.ChallengeRule;
import org.axonometer.jobs.ChallengeRule.Per;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Challenges printed by a command: a line for each target in the order it was given them. */
record CommandSource(ChallengeRule.Command command) {

  List<Given> of(ChallengedRound round, ChallengeRule rule, int count) {
    var run = new CommandRun(command, rule.limits());
    byte[] input =
        (JsonLine.ascii(input(round, rule.per())) + "\n").getBytes(StandardCharsets.US_ASCII);
    List<ChallengeLines.Line> lines = ChallengeLines.of(run.output(input));
    if (lines.size() != count) {
      throw new ChallengeException(
          "%s: printed %d lines; %d %s needed, one JSON object on each"
              .formatted(run.shown(), lines.size(), count, count == 1 ? "is" : "are"));
    }
    List<Given> given = new ArrayList<>(count);
    for (ChallengeLines.Line line : lines) {
      String place = run.shown() + ": line " + line.number() + " of its output";
      given.add(
          new Given(JsonLine.object(line.bytes(), rule.limits().maxBodyBytes(), place), place));
    }
    return given;
  }

  private static ObjectNode input(ChallengedRound round, Per per) {
    ObjectNode input = JsonNodeFactory.instance.objectNode();
    input.put("job", round.job().name());
    input.put("network", round.job().network());
    input.put("netuid", round.job().netuid().value());
    input.put("block", round.block());
    input.put("per", per == Per.ROUND ? "round" : "target");
    input.put("seed", ChallengeSeed.shared(round.seed()));
    ArrayNode targets = input.putArray("targets");
    for (Recipient recipient : round.recipients()) {
      targets
          .addObject()
          .put("uid", recipient.uid().value())
          .put("hotkey", recipient.hotkey().text())
          .put("position", recipient.position())
          .put("seed", round.seedOf(recipient));
    }
    return input;
  }
}
