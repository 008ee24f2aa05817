package org.axonometer.rounds;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.axonometer.dendrite.Outcome;
import org.axonometer.history.AskableTarget;
import org.axonometer.history.HistoryQueries;
import org.axonometer.history.RetriedOutcomes;
import org.axonometer.history.Round;
import org.axonometer.jobs.JobDefinition;
import org.axonometer.jobs.JobFile;

/**
 * Whom a rerun would ask: of an open round what is left of it, of a sealed one the chosen targets.
 *
 * @param round the round that is rerun
 * @param job its frozen definition, with the wallet it was opened with
 * @param targets in the order of the round; of a sealed one at least one
 */
public record RerunPlan(Round round, JobDefinition job, List<AskableTarget> targets) {

  public RerunPlan {
    targets = List.copyOf(targets);
  }

  /**
   * Reads the round and decides; contacts nobody.
   *
   * @param again which targets of a sealed round; empty for what is left of an open one
   * @throws RoundException NOT_RUNNABLE when there is no such round, it is not in the state that
   *     {@code again} needs, or nobody is left to choose
   */
  public static RerunPlan of(HistoryQueries queries, long roundId, Optional<Again> again) {
    Round round =
        queries
            .round(roundId)
            .orElseThrow(
                () ->
                    notRunnable(
                        "there is no round %d; list them with: axonometer rounds"
                            .formatted(roundId)));
    JobDefinition job =
        JobFile.parse(round.jobSource(), round.jobFile())
            .withWallet(
                new JobDefinition.Wallet(
                    round.wallet().path(), round.wallet().name(), round.wallet().hotkey()));
    List<AskableTarget> targets = queries.askable(roundId);
    if (round.state() == Round.State.SEALED) {
      return new RerunPlan(round, job, chosen(round, again, targets));
    }
    if (again.isPresent()) {
      throw notRunnable(
          "round %d is still open and --only chooses from sealed rounds; finish it first with: axonometer rerun %d"
              .formatted(roundId, roundId));
    }
    Set<Outcome> retried = RetriedOutcomes.of(job);
    return new RerunPlan(
        round, job, targets.stream().filter(target -> isLeft(target, round, retried)).toList());
  }

  /**
   * @throws RoundException NOT_RUNNABLE when the job asks constants, of which there are no others
   */
  void requireChallenges() {
    if (job.challenge().isEmpty()) {
      throw notRunnable(
          "round %d asks the constants of its job, so there is nothing to renew"
              .formatted(round.id()));
    }
  }

  private static List<AskableTarget> chosen(
      Round round, Optional<Again> again, List<AskableTarget> targets) {
    if (again.isEmpty()) {
      throw notRunnable(
          "round %d is sealed: every target has its scoring input; ask some of them again in a new round with: axonometer rerun %d --only failed"
              .formatted(round.id(), round.id()));
    }
    List<AskableTarget> chosen = again.get().of(targets);
    if (chosen.isEmpty()) {
      throw notRunnable(
          "round %d has nobody to ask again: none of its %d targets with an address is %s"
              .formatted(round.id(), targets.size(), again.get()));
    }
    return chosen;
  }

  private static boolean isLeft(AskableTarget target, Round round, Set<Outcome> retried) {
    return target.attempts() < round.maxAttempts()
        && (target.unknownAttempts() == 0 || retried.contains(Outcome.UNKNOWN))
        && target.outcome().filter(outcome -> !retried.contains(outcome)).isEmpty();
  }

  private static RoundException notRunnable(String message) {
    return new RoundException(RoundException.Reason.NOT_RUNNABLE, message);
  }
}
