package org.axonometer.targets;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.axonometer.metagraph.Neuron;
import org.axonometer.targets.Decision.Cause;

/**
 * What a neuron must be to be asked. Stakes are whole TAO.
 *
 * @param validatorPermitTao a neuron with a validator permit and more stake than this is left out:
 *     the subnet template's rule
 * @param leastStake less is left out
 * @param mostStake more is left out
 * @param leastAgeBlocks who is known to have got its uid fewer blocks ago is left out
 * @param silence who has not answered for long is left out
 */
public record Limits(
    OptionalLong validatorPermitTao,
    OptionalLong leastStake,
    OptionalLong mostStake,
    OptionalLong leastAgeBlocks,
    Optional<Silence> silence) {

  /** No limit. */
  public static final Limits NONE =
      new Limits(
          OptionalLong.empty(),
          OptionalLong.empty(),
          OptionalLong.empty(),
          OptionalLong.empty(),
          Optional.empty());

  private static final int RAO_DIGITS = 9; // 1 TAO = 10^9 rao

  /**
   * @param after from the first query without an answer to the last one
   * @param pause counted from that last one; then the neuron is asked again
   */
  public record Silence(Duration after, Duration pause) {}

  public Limits {
    for (OptionalLong limit : List.of(validatorPermitTao, leastStake, mostStake, leastAgeBlocks)) {
      if (limit.orElse(0) < 0) {
        throw new IllegalArgumentException("a limit must be 0 or more, was " + limit);
      }
    }
  }

  /** Why a neuron is left out; empty when it may be asked. */
  Optional<Decision> refusal(Neuron neuron, long block, Past past) {
    if (neuron.validatorPermit() && isAbove(neuron, validatorPermitTao)) {
      return left(
          neuron,
          Cause.PERMIT_LIMIT,
          "validator permit and %s TAO of stake, above the limit of %d TAO"
              .formatted(tao(neuron.countingStakeRao()), validatorPermitTao.orElseThrow()));
    }
    if (leastStake.isPresent()
        && stake(neuron).compareTo(BigDecimal.valueOf(leastStake.getAsLong())) < 0) {
      return left(
          neuron,
          Cause.STAKE_LIMIT,
          "%s TAO of stake, below %d TAO"
              .formatted(tao(neuron.countingStakeRao()), leastStake.getAsLong()));
    }
    if (isAbove(neuron, mostStake)) {
      return left(
          neuron,
          Cause.STAKE_LIMIT,
          "%s TAO of stake, above %d TAO"
              .formatted(tao(neuron.countingStakeRao()), mostStake.orElseThrow()));
    }
    return young(neuron, block, past).or(() -> silent(neuron, past));
  }

  /**
   * A snapshot that does not say when a neuron was registered leaves what is known: when we first
   * saw it at its uid, and when it announced its axon; it was registered by then. Who was there
   * before our first snapshot is old enough.
   */
  private Optional<Decision> young(Neuron neuron, long block, Past past) {
    OptionalLong registered =
        neuron.registeredBlock().isPresent()
            ? neuron.registeredBlock()
            : registeredBy(neuron, block, past);
    if (leastAgeBlocks.isEmpty() || registered.isEmpty()) {
      return Optional.empty();
    }
    long age = Math.max(0, block - registered.getAsLong());
    return age >= leastAgeBlocks.getAsLong()
        ? Optional.empty()
        : left(
            neuron,
            Cause.TOO_YOUNG,
            "known for %d blocks, fewer than %d".formatted(age, leastAgeBlocks.getAsLong()));
  }

  private static OptionalLong registeredBy(Neuron neuron, long block, Past past) {
    OptionalLong arrival =
        past.tenancy()
            .map(known -> known.arrival(neuron.uid(), neuron.hotkey(), block))
            .orElseGet(OptionalLong::empty);
    return arrival.isPresent() && neuron.axonBlock() > 0
        ? OptionalLong.of(Math.min(arrival.getAsLong(), neuron.axonBlock()))
        : arrival;
  }

  private Optional<Decision> silent(Neuron neuron, Past past) {
    Past.Silence known = past.silences().get(neuron.hotkey());
    if (silence.isEmpty()
        || known == null
        || !known.axon().equals(neuron.endpoint().orElse(null))) {
      return Optional.empty();
    }
    boolean longEnough =
        Duration.between(known.since(), known.until()).compareTo(silence.get().after()) >= 0;
    Instant again = known.until().plus(silence.get().pause());
    return longEnough && past.now().isBefore(again)
        ? left(
            neuron,
            Cause.SILENT,
            "no answer from %s to %s; asked again from %s"
                .formatted(known.since(), known.until(), again))
        : Optional.empty();
  }

  private static Optional<Decision> left(Neuron neuron, Cause cause, String reason) {
    return Optional.of(new Decision(neuron, cause, reason));
  }

  private static boolean isAbove(Neuron neuron, OptionalLong limit) {
    return limit.isPresent() && stake(neuron).compareTo(BigDecimal.valueOf(limit.getAsLong())) > 0;
  }

  private static BigDecimal stake(Neuron neuron) {
    return new BigDecimal(neuron.countingStakeRao(), RAO_DIGITS);
  }

  private static String tao(BigInteger rao) {
    return new BigDecimal(rao, RAO_DIGITS).stripTrailingZeros().toPlainString();
  }

  /** The limits that are set, comma-separated; empty when none is. */
  @Override
  public String toString() {
    List<String> set = new ArrayList<>();
    validatorPermitTao.ifPresent(tao -> set.add("vpermit-tao-limit " + tao));
    leastStake.ifPresent(tao -> set.add("min-stake " + tao));
    mostStake.ifPresent(tao -> set.add("max-stake " + tao));
    leastAgeBlocks.ifPresent(blocks -> set.add("min-age-blocks " + blocks));
    silence.ifPresent(
        limit ->
            set.add("silent-after %s, silent-pause %s".formatted(limit.after(), limit.pause())));
    return String.join(", ", set);
  }
}
