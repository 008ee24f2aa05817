package org.axonometer.rounds;

import java.util.List;
import java.util.Optional;
import org.axonometer.history.Challenge;
import org.axonometer.history.ChallengesByTarget;
import org.axonometer.jobs.JobDefinition;
import org.axonometer.subnet.Uid;
import org.axonometer.synapse.Question;
import org.axonometer.synapse.SentFields;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What each target of a round is asked: the job's constants, or what was frozen for it at the
 * opening. Immutable, thread-safe.
 */
final class Questions {
  private final JobDefinition job;
  private final ChallengesByTarget challenges;
  private final Optional<Shared> shared;

  /** What everybody is asked, hashed once. */
  private record Shared(Question question, SentFields sent) {
    static Shared of(JobDefinition job, ObjectNode fields) {
      return new Shared(Question.of(job.synapse(), fields), new SentFields(job.synapse(), fields));
    }
  }

  private Questions(JobDefinition job, ChallengesByTarget challenges, Optional<Shared> shared) {
    this.job = job;
    this.challenges = challenges;
    this.shared = shared;
  }

  /**
   * @param challenges the round's
   */
  static Questions of(JobDefinition job, List<Challenge> challenges) {
    var byTarget = ChallengesByTarget.of(challenges);
    if (job.challenge().isEmpty()) {
      return new Questions(job, byTarget, Optional.of(Shared.of(job, job.fields())));
    }
    boolean oneForAll = challenges.size() == 1 && challenges.getFirst().uid().isEmpty();
    return new Questions(
        job,
        byTarget,
        oneForAll ? Optional.of(Shared.of(job, fields(challenges.getFirst()))) : Optional.empty());
  }

  /** The question of this attempt. */
  Question to(Uid uid, int attempt) {
    return shared
        .map(Shared::question)
        .orElseGet(() -> Question.of(job.synapse(), own(uid, attempt)));
  }

  /** The fields of that question, to be held against what comes back. */
  SentFields sentTo(Uid uid, int attempt) {
    return shared
        .map(Shared::sent)
        .orElseGet(() -> new SentFields(job.synapse(), own(uid, attempt)));
  }

  private ObjectNode own(Uid uid, int attempt) {
    return fields(
        challenges
            .at(uid, attempt)
            .orElseThrow(() -> new IllegalStateException("no challenge is stored for uid " + uid)));
  }

  static Question question(JobDefinition job, Challenge challenge) {
    return Question.of(job.synapse(), fields(challenge));
  }

  private static ObjectNode fields(Challenge challenge) {
    return (ObjectNode) JsonMapper.shared().readTree(challenge.fields());
  }
}
