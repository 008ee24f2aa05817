package org.axonometer.targets;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.axonometer.metagraph.AxonAddress;

/**
 * Leaves an address in peace at which round after round shows no axon: whoever registers a neuron
 * may write a stranger's address. After {@value #ROUNDS} such rounds the address gets a pause,
 * doubled with each further one, a day at most.
 *
 * @param first the first pause; zero = never pause
 */
public record AddressBackOff(Duration first) {

  /** Rounds in a row without a sign of an axon. */
  public static final int ROUNDS = 3;

  private static final Duration LONGEST = Duration.ofDays(1);
  private static final int MOST_DOUBLINGS = 30;

  public AddressBackOff {
    if (first.isNegative() || first.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("the first pause must be 0s to 1d, was " + first);
    }
  }

  /** Why this address is not asked now; empty when it may be. */
  Optional<String> refusal(AxonAddress address, Past past) {
    AxonAddress reached = EmbeddedIpv4.of(address).orElse(address);
    Past.Quiet quiet = past.quiet().get(reached.text());
    if (first.isZero() || quiet == null || quiet.rounds() < ROUNDS) {
      return Optional.empty();
    }
    Instant again = quiet.lastAsked().plus(pause(quiet.rounds()));
    return past.now().isBefore(again)
        ? Optional.of(
            "%s showed no axon in %d rounds in a row; asked again from %s"
                .formatted(address, quiet.rounds(), again))
        : Optional.empty();
  }

  private Duration pause(int rounds) {
    Duration pause = first.multipliedBy(1L << Math.min(rounds - ROUNDS, MOST_DOUBLINGS));
    return pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
  }
}
