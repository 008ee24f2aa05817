package org.axonometer.rounds;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.axonometer.dendrite.Exchange;
import org.axonometer.dendrite.Outcome;
import org.axonometer.history.Claim;
import org.axonometer.history.EndedAttempt;
import org.axonometer.synapse.DendriteView;
import org.axonometer.synapse.SignedRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks one claimed target: signs, sends, waits for the end. For many threads at once. */
record AskOne(RoundRun run) {
  private static final Logger log = LoggerFactory.getLogger(AskOne.class);

  /** What an axon grants a nonce beside the query's timeout, of which half is left for the way. */
  private static final Duration NONCE_KEEPS = Duration.ofSeconds(4);

  /**
   * How the attempt ended; empty when it was given back without being sent.
   *
   * @param queuedNanos when the target could have been asked, had there been room at its address
   */
  Optional<EndedAttempt.Sent> ask(Claim claim, long claimedNanos, long queuedNanos) {
    Pace.Turn turn = run.pace.take();
    try {
      if (run.stopping() || !run.lease.sure()) {
        return Optional.empty();
      }
      Duration age = age(claim, claimedNanos, run.asker.clock());
      return Optional.of(
          age.compareTo(NONCE_KEEPS.plus(run.job.asking().timeout().dividedBy(2))) > 0
              ? notSent(age, queuedNanos)
              : send(claim, queuedNanos, turn));
    } finally {
      turn.pass();
    }
  }

  /**
   * How old a claim's nonce is, by the clock that says more: the monotonic one stands still while
   * the machine sleeps, the wall clock may be set back.
   */
  static Duration age(Claim claim, long claimedNanos, Clock clock) {
    Duration monotonic = Duration.ofNanos(System.nanoTime() - claimedNanos);
    Duration wall = Duration.between(Instant.EPOCH.plusNanos(claim.nonceNanos()), clock.instant());
    return monotonic.compareTo(wall) > 0 ? monotonic : wall;
  }

  private EndedAttempt.Sent send(Claim claim, long queuedNanos, Pace.Turn turn) {
    run.progress.sent();
    long beganNanos = System.nanoTime();
    long signedNanos = beganNanos;
    @Nullable SignedRequest request = null;
    Exchange exchange;
    String fields;
    try {
      request = run.sign(claim);
      signedNanos = System.nanoTime();
      turn.pass();
      exchange = run.asker.dendrite().ask(run.job.synapse(), request);
      fields = AnswerFields.of(run.job.scoring().fields(), exchange);
    } catch (InterruptedException | RuntimeException | Error e) {
      // Whatever goes wrong on our side of one target is that target's outcome, never the
      // partition's end.
      exchange = localFault(e.toString());
      fields = AnswerFields.of(run.job.scoring().fields(), exchange);
    }
    var ended =
        new EndedAttempt.Sent(
            exchange,
            beganNanos - queuedNanos,
            signedNanos - beganNanos,
            request == null ? "" : request.bodyHash(),
            request == null ? new byte[0] : request.body(),
            fields,
            keepBodies(exchange.outcome()));
    run.progress.end(ended);
    tell(claim, ended);
    return ended;
  }

  /** One line a target, for who looks closely. */
  private void tell(Claim claim, EndedAttempt.Sent ended) {
    if (!log.isDebugEnabled()) {
      return;
    }
    Exchange exchange = ended.exchange();
    log.debug(
        "round={} job={} uid={} hotkey={} axon={} attempt={} outcome={} total_ms={} detail={}",
        run.round.id(),
        run.round.job(),
        claim.target().uid().value(),
        claim.target().hotkey(),
        claim.target().endpoint(),
        claim.attempt(),
        exchange.outcome(),
        millis(exchange.timings().totalNanos()),
        exchange.detail());
  }

  private static @Nullable Long millis(@Nullable Long nanos) {
    return nanos == null ? null : nanos / 1_000_000;
  }

  /** Its nonce, which is in its durable row, would be refused, and the miner blamed for that. */
  private EndedAttempt.Sent notSent(Duration age, long queuedNanos) {
    Exchange exchange =
        localFault(
            "this machine stood still for %d ms between claiming and sending; the nonce was too old to be sent"
                .formatted(age.toMillis()));
    var ended =
        new EndedAttempt.Sent(
            exchange,
            System.nanoTime() - queuedNanos,
            0,
            "",
            new byte[0],
            AnswerFields.of(run.job.scoring().fields(), exchange),
            false);
    run.progress.sent();
    run.progress.end(ended);
    return ended;
  }

  private boolean keepBodies(Outcome outcome) {
    return switch (run.job.storing().bodies()) {
      case ALL -> true;
      case OK -> outcome == Outcome.OK;
      case NONE -> false;
    };
  }

  private static Exchange localFault(String detail) {
    return new Exchange(
        Outcome.LOCAL_FAULT,
        detail,
        null,
        null,
        new DendriteView(null, null),
        new Exchange.Timings(null, null, null),
        Map.of(),
        new byte[0]);
  }
}
