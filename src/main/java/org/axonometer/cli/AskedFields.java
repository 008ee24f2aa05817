package org.axonometer.cli;

import java.util.List;
import org.axonometer.history.Challenge;
import org.axonometer.history.ChallengesByTarget;
import org.axonometer.history.Round;
import org.axonometer.jobs.JobFile;
import org.axonometer.subnet.Uid;

/** What a target of a round is asked, also where its bodies are not kept. */
record AskedFields(Round round, Uid uid, List<Challenge> challenges) {

  /** In an attempt: the request fields, and where they are from. */
  String at(int attempt) {
    return ChallengesByTarget.of(challenges)
        .at(uid, attempt)
        .map(
            challenge ->
                "%s (seed %d, %s)"
                    .formatted(challenge.fields(), challenge.seed(), challenge.origin()))
        .orElseGet(
            () -> JobFile.parse(round.jobSource(), round.jobFile()).fields() + " (constants)");
  }
}
