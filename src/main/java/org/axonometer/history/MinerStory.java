package org.axonometer.history;

import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.axonometer.dendrite.Outcome;
import org.axonometer.dendrite.StreamFigures;
import org.axonometer.subnet.Ss58Address;
import org.axonometer.subnet.Uid;
import org.jspecify.annotations.Nullable;

/**
 * All that is stored of one neuron in one round.
 *
 * @param neuron its row of the round's snapshot
 * @param target empty when it was not one
 * @param input empty in an open round and where retention took it
 */
public record MinerStory(
    Flags flags,
    SnapshotRow neuron,
    Optional<Target> target,
    List<Attempt> attempts,
    Optional<ScoringInput> input) {

  /** What was decided of the whole round at its seal, and when its snapshot was taken. */
  public record Flags(Instant takenAt, boolean mostlyUnreachable, boolean clockDoubted) {}

  /**
   * The neuron as the chain showed it.
   *
   * @param axonIp u128; 0 = not serving
   * @param stakeRao 1 TAO = 1,000,000,000 rao
   * @param incentive u16 as on chain; likewise dividends
   * @param totalStakeRao the stake that counts; empty when the snapshot does not tell
   * @param registeredBlock empty when the snapshot does not tell
   */
  public record SnapshotRow(
      Uid uid,
      Ss58Address hotkey,
      Ss58Address coldkey,
      BigInteger axonIp,
      int axonPort,
      long axonVersion,
      BigInteger stakeRao,
      boolean validatorPermit,
      boolean active,
      int incentive,
      int dividends,
      Optional<BigInteger> totalStakeRao,
      OptionalLong registeredBlock) {}

  /**
   * The decision at the round's opening.
   *
   * @param partition null when it could not be asked
   * @param unaskable NOT_SERVING or BLOCKED_ADDRESS; null when it could be asked
   */
  public record Target(
      @Nullable String host,
      @Nullable Integer port,
      int position,
      @Nullable Integer partition,
      @Nullable String unaskable,
      String reason) {}

  /** One attempt's stored columns; durations in nanoseconds, null where not reached. */
  public record Attempt(
      int attempt,
      AttemptState state,
      long nonceNanos,
      String uuid,
      Instant claimedAt,
      Optional<Instant> endedAt,
      @Nullable Outcome outcome,
      @Nullable String detail,
      @Nullable Integer httpStatus,
      @Nullable Integer dendriteStatusCode,
      @Nullable String dendriteStatusMessage,
      @Nullable Long queueNanos,
      @Nullable Long prepareNanos,
      @Nullable Long connectNanos,
      @Nullable Long firstByteNanos,
      @Nullable Long totalNanos,
      @Nullable Long responseBytes,
      @Nullable String responseSha256,
      @Nullable Integer claimedStatusCode,
      @Nullable String claimedStatusMessage,
      @Nullable String claimedProcessTime,
      @Nullable StreamFigures stream,
      AnswerChecks checks,
      @Nullable Integer localStallMillis) {}
}
