package org.axonometer.scoring;

import org.axonometer.dendrite.Outcome;
import org.axonometer.history.MinerStory;
import org.axonometer.history.ScoringInput;

/** Why a scoring input has its blame, in one sentence for a person. */
public final class BlameReason {

  private BlameReason() {}

  /** From the input and what was decided of its whole round. */
  public static String of(ScoringInput input, MinerStory.Flags flags) {
    if (input.outcome() == Outcome.LOCAL_FAULT && flags.mostlyUnreachable()) {
      return "more than half of the asked targets, on 3 or more addresses, were unreachable:"
          + " our network, not theirs";
    }
    if (input.blame() != input.outcome().blame() && flags.clockDoubted()) {
      return "a fifth or more of the asked targets, on 3 or more addresses, refused our nonce,"
          + " or the database's clock was not ours: our clock, not theirs";
    }
    return switch (input.outcome()) {
      case OK -> "it answered as declared";
      case REFUSED -> "it refused the query; nothing in the round shows that the fault is ours";
      case AXON_ERROR -> "it answered with an error of its own";
      case BAD_BODY -> "its answer is not the declared JSON";
      case TOO_LARGE -> "its answer is over the job's limits";
      case BAD_PROTOCOL -> "what it sent is not HTTP";
      case TIMED_OUT ->
          "the query's one deadline passed; waiting for our own slot is not part of it";
      case UNREACHABLE ->
          "nobody answered there; the round does not show that our network is at fault";
      case DISCONNECTED -> "the connection ended early";
      case NOT_SERVING -> "the snapshot has no address for it";
      case BLOCKED_ADDRESS -> "its address is not a public one";
      case UNSENT -> "the round's deadline came before its turn: ours";
      case UNKNOWN -> "we died between sending and storing: ours, and not guessed";
      case LOCAL_FAULT -> "the fault is on this machine: ours";
    };
  }
}
