package org.axonometer.jobs;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.axonometer.jobs.JobDefinition.Asking;
import org.axonometer.jobs.JobDefinition.Ending;
import org.axonometer.jobs.JobDefinition.Keeping;
import org.axonometer.jobs.JobDefinition.Retrying;
import org.axonometer.jobs.JobDefinition.Scoring;
import org.axonometer.jobs.JobDefinition.SnapshotSource;
import org.axonometer.jobs.JobDefinition.SnapshotSource.WhenStale;
import org.axonometer.jobs.JobDefinition.Storing;
import org.axonometer.jobs.JobDefinition.Unknown;
import org.axonometer.jobs.JobDefinition.Wallet;
import org.axonometer.metagraph.ChainFetch;
import org.axonometer.subnet.AxonEndpoint;
import org.axonometer.subnet.NetUid;
import org.axonometer.subnet.Sha256;
import org.axonometer.targets.Selection;
import tools.jackson.core.JsonPointer;

/**
 * Reads the keys of one job file, block by block; every key it asks for stands in {@code
 * jobs/README.md}.
 */
final class JobReader {
  private static final Pattern LINE = Pattern.compile("[^\\p{Cntrl}\\u2028\\u2029]{1,200}");
  private static final Pattern NETWORK = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Pattern FILE_NAME =
      Pattern.compile("(?!\\.{1,2}$)[^/\\\\\\p{Cntrl}]{1,100}");
  private static final Pattern POINTER = Pattern.compile("(?=.{1,500}$)(/([^~/]|~[01])*)+");
  private static final Pattern COLUMN = Pattern.compile("[a-z][a-z0-9_]{0,40}");
  private static final int MOST_COLUMNS = 32;
  private static final int MOST_ENDPOINTS = 16;
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration LEAST_KEPT = Duration.ofHours(1);
  private static final Duration MOST_KEPT = Duration.ofDays(3_650);

  private final String name;
  private final String source;
  private final Path file;
  private final Optional<Instant> now;
  private final Mistakes mistakes;
  private final Set<String> keys = new LinkedHashSet<>();

  /**
   * @param now see {@link ScheduleReader}
   */
  JobReader(String name, String source, Path file, Optional<Instant> now) {
    this.name = name;
    this.source = source;
    this.file = file;
    this.now = now;
    this.mistakes = new Mistakes(file.toString());
  }

  /** Every key asked for so far, dotted, with {@code <name>} where the file chooses the name. */
  Set<String> keys() {
    return Set.copyOf(keys);
  }

  JobDefinition definition() {
    Block job = Block.top(YamlTree.of(source, mistakes), new Block.Reading(mistakes, keys));
    String description =
        job.text("description", LINE, "write one line of at most 200 characters")
            .orElse(JobDefaults.DESCRIPTION);
    String network = network(job);
    NetUid netuid = netuid(job);
    SnapshotSource snapshot = snapshot(job, network);
    Wallet wallet = wallet(job.block("wallet"));
    Optional<SynapseReader.Asked> asked = new SynapseReader(job).asked();
    Optional<ChallengeRule> challenge =
        new ChallengeReader(job, resolved("."), this::resolved).rule(asked);
    Selection selection = new SelectionReader(job.block("select")).selection();
    Asking asking = asking(job.block("ask"));
    Storing storing = storing(job.block("store"));
    Scoring scoring = scoring(job.block("score"), asked);
    Optional<JobSchedule> schedule = new ScheduleReader(job, now).schedule();
    Keeping keeping = keeping(job.block("keep"));
    Optional<FailureHook> onFailure = new HookReader(job, resolved(".")).hook();
    job.end();
    mistakes.refuse();
    SynapseReader.Asked question = asked.orElseThrow();
    return new JobDefinition(
        name,
        description,
        network,
        netuid,
        snapshot,
        wallet,
        question.type(),
        question.fields(),
        challenge,
        selection,
        asking,
        storing,
        scoring,
        schedule,
        keeping,
        onFailure,
        source,
        Sha256.hex(source.getBytes(StandardCharsets.UTF_8)));
  }

  private String network(Block job) {
    String allowed = "write the network's name as the snapshot has it (for example finney)";
    job.require("network", allowed);
    return job.text("network", NETWORK, allowed).orElse("");
  }

  private NetUid netuid(Block job) {
    job.require("netuid", "write the subnet's number, 0 to 65535 (for example 1)");
    return new NetUid((int) job.wholeNumber("netuid", 1, 0, 65_535));
  }

  private enum From {
    FILE,
    FETCH
  }

  private SnapshotSource snapshot(Block job, String network) {
    job.require(
        "snapshot", "write fetch, or file below it (for example file: ../snapshots/finney-1.json)");
    Block block = job.blockOrBare("snapshot", "from");
    From from = block.choice("from", From.FILE);
    Optional<Path> path = block.parsed("file", this::resolved);
    List<URI> endpoints =
        block.list(
            "endpoints",
            MOST_ENDPOINTS,
            "write a list of endpoints (for example [\"wss://node.example:443\"])",
            scalar -> Optional.of(ChainFetch.endpoint(scalar.text())));
    Optional<Duration> timeout =
        block.duration("timeout", SECOND, Duration.ofMinutes(10), ChainFetch.TIMEOUT);
    Optional<Duration> maxAge =
        block.duration("max-age", SECOND, Duration.ofDays(365), Duration.ofHours(2));
    WhenStale whenStale = block.choice("when-stale", WhenStale.REFUSE);
    SnapshotSource.Origin origin = new SnapshotSource.File(path.orElse(file));
    if (from == From.FETCH) {
      if (block.has("file")) {
        block.refuse("file", "has no meaning with from: fetch; remove one of them");
      }
      if (endpoints.isEmpty() && !ChainFetch.knows(network)) {
        block.refuse(
            "from",
            "is \"fetch\", but no endpoint of network %s is known; add endpoints"
                .formatted(Mistakes.quoted(network)));
      } else {
        origin =
            new SnapshotSource.Chain(
                ChainFetch.of(network, endpoints, timeout.orElse(ChainFetch.TIMEOUT)));
      }
    } else {
      block.require("file", "write the snapshot's path (for example ../snapshots/finney-1.json)");
      for (String key : List.of("endpoints", "timeout")) {
        if (block.has(key)) {
          block.refuse(key, "has no meaning here; write from: fetch, or remove it");
        }
      }
    }
    block.end();
    return new SnapshotSource(origin, maxAge, whenStale);
  }

  private Wallet wallet(Block block) {
    Path path =
        block.parsed("path", this::resolved).orElseGet(() -> resolved(JobDefaults.WALLET_PATH));
    String wallet = fileName(block, "name").orElse(JobDefaults.WALLET_NAME);
    String hotkey = fileName(block, "hotkey").orElse(JobDefaults.WALLET_HOTKEY);
    block.end();
    return new Wallet(path, wallet, hotkey);
  }

  private static Optional<String> fileName(Block block, String key) {
    return block.text(key, FILE_NAME, "write a name without slashes (for example default)");
  }

  private Asking asking(Block block) {
    Duration timeout =
        block
            .duration(
                "timeout", Duration.ofMillis(100), Duration.ofMinutes(10), JobDefaults.TIMEOUT)
            .orElse(JobDefaults.TIMEOUT);
    Duration roundDeadline =
        block
            .duration("round-deadline", SECOND, Duration.ofDays(1), JobDefaults.ROUND_DEADLINE)
            .orElse(JobDefaults.ROUND_DEADLINE);
    if (roundDeadline.compareTo(timeout) <= 0) {
      block.refuse(
          "round-deadline",
          "is \"%s\"; write more than the timeout of %s"
              .formatted(Quantities.show(roundDeadline), Quantities.show(timeout)));
    }
    int maxAttempts = (int) block.wholeNumber("max-attempts", JobDefaults.MAX_ATTEMPTS, 1, 10);
    Asking asking =
        new Asking(
            timeout,
            (int) block.wholeNumber("concurrency", JobDefaults.CONCURRENCY, 1, 4_096),
            (int) block.wholeNumber("per-address", JobDefaults.PER_ADDRESS, 1, 4_096),
            (int) block.wholeNumber("partitions", JobDefaults.PARTITIONS, 1, 64),
            maxAttempts,
            roundDeadline,
            dendriteIp(block),
            retrying(block, maxAttempts));
    block.end();
    return asking;
  }

  private static Retrying retrying(Block block, int maxAttempts) {
    List<Ending> endings =
        block.list(
            "retry",
            Ending.values().length,
            "write a list of "
                + Block.either(Arrays.stream(Ending.values()).map(Ending::name).toList()),
            scalar ->
                Arrays.stream(Ending.values())
                    .filter(ending -> ending.name().equals(scalar.text()))
                    .findFirst());
    if (!endings.isEmpty() && maxAttempts == 1) {
      block.refuse("retry", "needs a second attempt; write max-attempts, 2 to 10");
    }
    Duration backOff =
        block
            .duration(
                "back-off", Duration.ofMillis(100), Duration.ofMinutes(10), JobDefaults.BACK_OFF)
            .orElse(JobDefaults.BACK_OFF);
    Unknown unknown = block.choice("unknown", JobDefaults.UNKNOWN);
    if (unknown == Unknown.ASK_AGAIN && maxAttempts == 1) {
      block.refuse("unknown", "needs a second attempt; write max-attempts, 2 to 10");
    }
    return new Retrying(Set.copyOf(endings), backOff, unknown);
  }

  private static String dendriteIp(Block block) {
    return block
        .parsed("dendrite-ip", AxonEndpoint::literal)
        .map(address -> new AxonEndpoint(address, 1).hostText())
        .orElse(JobDefaults.DENDRITE_IP);
  }

  private static Storing storing(Block block) {
    JobDefinition.Bodies bodies = block.choice("bodies", JobDefaults.BODIES);
    int maxResponse =
        block.bytes("max-response", JobDefaults.MAX_RESPONSE_BYTES, 1_024, 16 * 1_048_576);
    block.end();
    return new Storing(bodies, maxResponse);
  }

  private Scoring scoring(Block block, Optional<SynapseReader.Asked> asked) {
    Block columns = block.named("fields", "<column>");
    Map<String, JsonPointer> pointers = new LinkedHashMap<>();
    for (String column : columns.names()) {
      pointer(columns, column, asked).ifPresent(pointer -> pointers.put(column, pointer));
    }
    if (columns.names().size() > MOST_COLUMNS) {
      block.refuse(
          "fields",
          "has %d columns; at most %d are allowed".formatted(columns.names().size(), MOST_COLUMNS));
    }
    double threshold = block.decimal("success-threshold", JobDefaults.SUCCESS_THRESHOLD, 0.0, 1.0);
    block.end();
    return new Scoring(pointers, threshold);
  }

  private static Keeping keeping(Block block) {
    Optional<Duration> bodies = block.duration("bodies", LEAST_KEPT, MOST_KEPT, Duration.ofDays(7));
    Optional<Duration> rows = block.duration("rows", LEAST_KEPT, MOST_KEPT, Duration.ofDays(90));
    if (bodies.isPresent() && rows.isPresent() && bodies.get().compareTo(rows.get()) > 0) {
      block.refuse(
          "bodies",
          "is \"%s\"; write at most the %s of keep.rows"
              .formatted(Quantities.show(bodies.get()), Quantities.show(rows.get())));
    }
    block.end();
    return new Keeping(bodies, rows);
  }

  private static Optional<JsonPointer> pointer(
      Block columns, String column, Optional<SynapseReader.Asked> asked) {
    Optional<JsonPointer> pointer =
        columns
            .text(column, POINTER, "write a JSON Pointer into the answer (for example /completion)")
            .map(JsonPointer::compile);
    if (!COLUMN.matcher(column).matches()) {
      columns.refuse(
          column, "is not a column name; write a-z, 0-9 and _, a letter first, at most 41");
    } else if (pointer.isPresent() && asked.isPresent()) {
      Set<String> answered = asked.get().responseNames();
      String field = pointer.get().getMatchingProperty();
      if (!answered.contains(field)) {
        columns.refuse(
            column,
            "is %s; the answer has %s"
                .formatted(
                    Mistakes.quoted(pointer.get().toString()),
                    Block.either(answered.stream().map(name -> "/" + name).toList())));
      }
    }
    return pointer;
  }

  /**
   * An absolute path; {@code ~/} is the user's home, a relative one starts at the file's folder.
   */
  private Path resolved(String text) {
    if (text.startsWith("~") && !text.equals("~") && !text.startsWith("~/")) {
      throw new IllegalArgumentException("write ~/ for your own home folder, or a full path");
    }
    if (text.isBlank()) {
      throw new IllegalArgumentException("write a path");
    }
    if (text.startsWith("~")) {
      return Path.of(System.getProperty("user.home") + text.substring(1)).normalize();
    }
    return file.toAbsolutePath().resolveSibling(text).normalize();
  }
}
