package org.axonometer.rounds;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import org.axonometer.challenges.ChallengedRound;
import org.axonometer.challenges.Challenges;
import org.axonometer.challenges.Recipient;
import org.axonometer.history.AskableTarget;
import org.axonometer.history.Database;
import org.axonometer.history.NewChallenges;
import org.axonometer.history.RoundStore;
import org.axonometer.history.StoredChallenges;
import org.axonometer.subnet.Uid;

/** What targets that are asked again are asked: the challenges they had, or new ones. */
record Renewals(Database database, RoundStore store) {

  /** What gives an open round its new challenges, once it is ours by the fence it is given. */
  LongConsumer ofAnOpenRound(RerunPlan plan, OptionalLong renewal) {
    if (renewal.isEmpty()) {
      return fence -> {};
    }
    plan.requireChallenges();
    long roundId = plan.round().id();
    List<Recipient> recipients = recipients(plan);
    var fresh =
        Challenges.of(
            new ChallengedRound(
                plan.job(), plan.round().block(), renewal.getAsLong(), recipients, true),
            Optional.of(database));
    return fence -> {
      // Being taken ends attempts of a dead owner and adds none.
      Map<Uid, Integer> attempts = new StoredChallenges(database).attempts(roundId);
      if (recipients.stream()
          .anyMatch(it -> attempts.getOrDefault(it.uid(), 0) + 1 != it.firstAttempt())) {
        throw new RoundException(
            RoundException.Reason.TAKEN,
            "round %d was asked by another process meanwhile; look at it and try again"
                .formatted(roundId));
      }
      store.renew(roundId, fence, plan.round().job(), fresh);
    };
  }

  private List<Recipient> recipients(RerunPlan plan) {
    Map<Uid, Integer> attempts = new StoredChallenges(database).attempts(plan.round().id());
    List<Recipient> recipients = new ArrayList<>();
    for (AskableTarget target : plan.targets()) {
      int firstAttempt = attempts.getOrDefault(target.uid(), 0) + 1;
      recipients.add(
          new Recipient(target.uid(), target.hotkey(), recipients.size() + 1, firstAttempt));
    }
    return recipients;
  }

  /** New ones for a follow-up, made with its seed. */
  NewChallenges.Maker ofAFollowUp(RerunPlan plan, List<AskableTarget> targets, long seed) {
    plan.requireChallenges();
    List<Recipient> recipients = new ArrayList<>();
    for (AskableTarget target : targets) {
      recipients.add(new Recipient(target.uid(), target.hotkey(), recipients.size() + 1, 1));
    }
    return Challenges.of(
        new ChallengedRound(plan.job(), plan.round().block(), seed, recipients, false),
        Optional.of(database));
  }

  /** The stored ones, for a follow-up. */
  NewChallenges.Maker repeated(long roundId, List<AskableTarget> targets) {
    NewChallenges stored =
        new StoredChallenges(database)
            .repeated(roundId, targets.stream().map(AskableTarget::uid).toList());
    return followUp -> stored;
  }
}
