package org.axonometer.jobs;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.axonometer.metagraph.ChainFetch;
import org.axonometer.subnet.NetUid;
import org.axonometer.synapse.Question;
import org.axonometer.synapse.SynapseType;
import org.axonometer.targets.Selection;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.node.ObjectNode;

/**
 * One job: what a round of it asks, whom, how and what is kept. {@link JobFile} checks every range;
 * the records here only refuse what could not run at all.
 *
 * @param name the file's name without its ending
 * @param description one line, empty when the file has none
 * @param network the snapshot must be of this network and {@code netuid}
 * @param fields the request fields' constants, already checked against the synapse; not to be
 *     changed. Complete unless there is a {@code challenge}
 * @param challenge where the request fields that are no constants come from
 * @param schedule when it runs by itself; empty = by hand only
 * @param onFailure who is told of a failure; empty = nobody
 * @param source the YAML text as read, frozen into each round
 * @param sha256 lower-case hex of that text's UTF-8 bytes
 */
public record JobDefinition(
    String name,
    String description,
    String network,
    NetUid netuid,
    SnapshotSource snapshot,
    Wallet wallet,
    SynapseType synapse,
    ObjectNode fields,
    Optional<ChallengeRule> challenge,
    Selection selection,
    Asking asking,
    Storing storing,
    Scoring scoring,
    Optional<JobSchedule> schedule,
    Keeping keeping,
    Optional<FailureHook> onFailure,
    String source,
    String sha256) {

  /** What may go wrong although the file is right, a line each. */
  public List<String> warnings() {
    return Question.of(constantSynapse(), fields).warnings();
  }

  /** The same job, signed by another wallet's hotkey. */
  public JobDefinition withWallet(Wallet other) {
    return with(snapshot, other);
  }

  /**
   * The synapse without the request fields that only a challenge has: what can be asked with the
   * constants alone. The synapse itself in a job without a challenge.
   */
  public SynapseType constantSynapse() {
    List<SynapseType.Field> constant =
        synapse.requestFields().stream().filter(field -> !onlyAChallengeHas(field)).toList();
    if (constant.size() == synapse.requestFields().size()) {
      return synapse;
    }
    Set<String> gone =
        synapse.requestFields().stream()
            .filter(this::onlyAChallengeHas)
            .map(SynapseType.Field::name)
            .collect(Collectors.toSet());
    return new SynapseType(
        synapse.name(),
        constant,
        synapse.responseFields(),
        synapse.hashFields().stream().filter(field -> !gone.contains(field)).toList(),
        synapse.streaming());
  }

  private boolean onlyAChallengeHas(SynapseType.Field field) {
    return !fields.has(field.name());
  }

  /**
   * Where the metagraph comes from.
   *
   * @param maxAge a snapshot older than this is stale; empty = any age
   * @param whenStale what becomes of a stale one, or one older than the last that was used
   */
  public record SnapshotSource(Origin origin, Optional<Duration> maxAge, WhenStale whenStale) {

    /** A file, or the chain. */
    public sealed interface Origin {}

    /**
     * A snapshot, a saved metagraph, or the SDK's folder of them.
     *
     * @param path absolute
     */
    public record File(Path path) implements Origin {}

    /** A fresh one for each round. */
    public record Chain(ChainFetch fetch) implements Origin {}

    /** REFUSE: no round is opened. WARN: it is, and says so. */
    public enum WhenStale {
      REFUSE,
      WARN
    }
  }

  /** The same job, whose stale snapshot is used with a warning. */
  public JobDefinition allowingStale() {
    return with(
        new SnapshotSource(snapshot.origin(), snapshot.maxAge(), SnapshotSource.WhenStale.WARN),
        wallet);
  }

  private JobDefinition with(SnapshotSource metagraph, Wallet signer) {
    return new JobDefinition(
        name,
        description,
        network,
        netuid,
        metagraph,
        signer,
        synapse,
        fields,
        challenge,
        selection,
        asking,
        storing,
        scoring,
        schedule,
        keeping,
        onFailure,
        source,
        sha256);
  }

  /**
   * Who signs.
   *
   * @param path the folder of wallets, absolute
   */
  public record Wallet(Path path, String name, String hotkey) {}

  /**
   * How it is asked.
   *
   * @param timeout the one deadline of a query, connect included
   * @param concurrency queries in flight in the whole round
   * @param perAddress of them to one address, whatever the port
   * @param partitions worker steps
   * @param maxAttempts queries per target and round at the most
   * @param roundDeadline what was not asked by then is UNSENT
   * @param dendriteIp what is sent as our own address; informational
   * @param retrying which endings are asked again while {@code maxAttempts} allows
   */
  public record Asking(
      Duration timeout,
      int concurrency,
      int perAddress,
      int partitions,
      int maxAttempts,
      Duration roundDeadline,
      String dendriteIp,
      Retrying retrying) {

    public Asking {
      requirePositive("timeout", timeout.toNanos());
      requirePositive("concurrency", concurrency);
      requirePositive("perAddress", perAddress);
      requirePositive("partitions", partitions);
      requirePositive("maxAttempts", maxAttempts);
      requirePositive("roundDeadline", roundDeadline.toNanos());
    }
  }

  /**
   * Which endings of a query are asked again in the same round.
   *
   * @param endings empty = none
   * @param backOff from an attempt's end until its target waits for its turn again; doubled with
   *     each further retry
   * @param unknown what becomes of a target with an attempt nobody knows the end of
   */
  public record Retrying(Set<Ending> endings, Duration backOff, Unknown unknown) {

    public Retrying {
      endings = Set.copyOf(endings);
      requirePositive("backOff", backOff.toNanos());
    }

    /** What is waited after the attempt of this number, from 1. */
    public Duration after(int attempt) {
      return backOff.multipliedBy(1L << (attempt - 1));
    }
  }

  /** A target with an UNKNOWN attempt: it is left alone, or asked again while attempts are left. */
  public enum Unknown {
    LEAVE,
    ASK_AGAIN
  }

  /** The endings a retry can be asked for: each outcome of a query that left, but OK. */
  public enum Ending {
    REFUSED,
    AXON_ERROR,
    BAD_BODY,
    TOO_LARGE,
    BAD_PROTOCOL,
    TIMED_OUT,
    UNREACHABLE,
    DISCONNECTED,
    LOCAL_FAULT
  }

  /**
   * What is kept.
   *
   * @param maxResponseBytes the most of an answer that is read; a longer one is TOO_LARGE
   */
  public record Storing(Bodies bodies, int maxResponseBytes) {

    public Storing {
      requirePositive("maxResponseBytes", maxResponseBytes);
    }
  }

  /**
   * Whose request and response bodies are kept: of every attempt, of those that are OK, of none.
   */
  public enum Bodies {
    ALL,
    OK,
    NONE
  }

  /**
   * What the export adds.
   *
   * @param fields names of extra scoring columns, each a JSON Pointer into the answer; in file
   *     order
   * @param successThreshold share of the denominator that must be OK for exit code 0, 0.0 to 1.0
   */
  public record Scoring(Map<String, JsonPointer> fields, double successThreshold) {

    public Scoring {
      if (!(successThreshold >= 0.0 && successThreshold <= 1.0)) {
        throw new IllegalArgumentException(
            "success threshold must be 0.0..1.0, was " + successThreshold);
      }
      fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }
  }

  /**
   * How long what a round stored is kept after its seal; empty = for good.
   *
   * @param bodies request and response bodies; not longer than the rows
   * @param rows the round with its targets, attempts and scoring inputs
   */
  public record Keeping(Optional<Duration> bodies, Optional<Duration> rows) {}

  private static void requirePositive(String what, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(what + " must be above 0, was " + value);
    }
  }
}
