package org.axonometer.rounds;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.axonometer.challenges.ChallengeException;
import org.axonometer.challenges.Challenges;
import org.axonometer.history.Challenge;
import org.axonometer.history.Database;
import org.axonometer.history.StoredChallenges;
import org.axonometer.jobs.JobDefinition;
import org.axonometer.subnet.Uid;
import org.axonometer.synapse.Question;

/**
 * What a target of a planned round would be asked. The rest of a body, such as nonce and signature,
 * is made when it is sent.
 *
 * @param uid whose; empty = every target's
 * @param seed what the challenge is made with; empty for constants
 * @param origin where it comes from
 * @param fields the fields as they stand in the body: a JSON object in ASCII
 * @param bodyHash lower-case hex
 */
public record PlannedBody(
    Optional<Uid> uid, OptionalLong seed, String origin, String fields, String bodyHash) {

  /**
   * One for each target, or one for all. Contacts nobody, but reads what the job names, and runs
   * its command.
   *
   * @param database the history; empty where there is none yet
   * @throws ChallengeException when the job's source does not give what is needed
   */
  public static List<PlannedBody> of(
      JobDefinition job, RoundPlan plan, Optional<Database> database) {
    if (job.challenge().isEmpty()) {
      Question question = Question.of(job.synapse(), job.fields());
      return List.of(
          new PlannedBody(
              Optional.empty(),
              OptionalLong.empty(),
              "constants",
              question.fieldsJson(),
              question.bodyHash().hex()));
    }
    Challenges challenges = plan.challenges(job, database);
    long roundId = database.map(history -> new StoredChallenges(history).nextRound()).orElse(1L);
    return challenges.of(roundId).challenges().stream()
        .map(challenge -> planned(job, challenge))
        .toList();
  }

  private static PlannedBody planned(JobDefinition job, Challenge challenge) {
    Question question = Questions.question(job, challenge);
    return new PlannedBody(
        challenge.uid(),
        OptionalLong.of(challenge.seed()),
        challenge.origin(),
        question.fieldsJson(),
        question.bodyHash().hex());
  }
}
