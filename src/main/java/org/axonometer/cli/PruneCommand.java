package org.axonometer.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.axonometer.history.Database;
import org.axonometer.history.HistoryQueries;
import org.axonometer.history.Pruned;
import org.axonometer.history.Retention;
import org.axonometer.history.RetentionRule;
import org.axonometer.jobs.JobDefinition;
import org.axonometer.jobs.JobException;
import org.axonometer.jobs.JobFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Deletes what the jobs do not keep. */
@Command(
    name = "prune",
    mixinStandardHelpOptions = true,
    description = {
      "Deletes rounds and bodies older than their job's keep block says, or than the flags say. Ages count from a"
          + " round's seal. Seals stay, so verify still follows the chain.",
      "Never touches an open round, nor, without --unexported, a round whose scoring inputs were never exported."
          + " Without -y it only prints what it would delete of each job; with it, snapshots and kept snapshot files go too that"
          + " no round names any more. Exports are never touched."
    })
final class PruneCommand implements Callable<Integer> {

  /** A kept file this young may be that of a round about to be opened. */
  private static final Duration FRESH = Duration.ofDays(1);

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Home home = new Home();
  @Mixin private JsonFlag json = new JsonFlag();

  @Option(names = "--job", paramLabel = "<job>", description = "This job only. Default: all.")
  private @Nullable String job;

  @Option(
      names = "--older-than",
      paramLabel = "<time>",
      converter = DurationFlag.class,
      description = "Delete rounds sealed longer ago, such as 90d, whatever keep.rows says.")
  private @Nullable Duration rows;

  @Option(
      names = "--bodies-older-than",
      paramLabel = "<time>",
      converter = DurationFlag.class,
      description = "Delete bodies of rounds sealed longer ago, whatever keep.bodies says.")
  private @Nullable Duration bodies;

  @Option(
      names = "--unexported",
      description = "Also rounds whose scoring inputs were never exported.")
  private boolean unexported;

  @Option(names = "--dry-run", description = "Print what would be deleted and delete nothing.")
  private boolean dryRun;

  @Option(
      names = {"-y", "--yes"},
      description = "Delete.")
  private boolean yes;

  @Override
  public Integer call() {
    Instant now = Instant.now();
    try (Database database = Stored.database(home)) {
      var queries = new HistoryQueries(database);
      JobFiles files = files();
      List<RetentionRule> rules = rules(queries, files.jobs(), now);
      var retention = new Retention(database);
      Map<String, Pruned> jobs = new LinkedHashMap<>();
      if (dryRun || !yes) {
        rules.forEach(rule -> jobs.put(rule.job(), retention.plan(rule)));
        print("would delete", jobs, 0, 0);
        if (dryRun || total(jobs).isNothing()) {
          return ExitCode.GOOD;
        }
        throw new CommandException("nothing was deleted; add -y to delete it for good");
      }
      rules.forEach(rule -> jobs.put(rule.job(), retention.prune(rule, now)));
      long snapshots = rules.isEmpty() ? 0 : retention.pruneSnapshots();
      print("deleted", jobs, snapshots, rules.isEmpty() ? 0 : pruneFiles(queries, files, now));
      return ExitCode.GOOD;
    }
  }

  /** Kept snapshot files that neither a round nor a job names, as far as that is known. */
  private int pruneFiles(HistoryQueries queries, JobFiles files, Instant now) {
    if (!files.all()) {
      return 0;
    }
    Set<Path> named = new HashSet<>();
    for (JobDefinition definition : files.jobs().values()) {
      if (definition.snapshot().origin() instanceof JobDefinition.SnapshotSource.File(Path path)) {
        named.add(path.toAbsolutePath().normalize());
      }
    }
    return home.snapshots().prune(queries.snapshotDigests()::contains, named, now.minus(FRESH));
  }

  private List<RetentionRule> rules(
      HistoryQueries queries, SortedMap<String, JobDefinition> files, Instant now) {
    List<String> known = queries.jobs();
    if (job != null && !known.contains(job)) {
      throw new CommandException(
          "no round of job \"%s\" is stored; jobs with rounds: %s"
              .formatted(job, String.join(", ", known)));
    }
    List<RetentionRule> rules = new ArrayList<>();
    for (String name : job == null ? known : List.of(job)) {
      Optional<JobDefinition.Keeping> kept =
          Optional.ofNullable(files.get(name)).map(JobDefinition::keeping);
      Optional<Duration> keepBodies =
          Optional.ofNullable(bodies).or(() -> kept.flatMap(JobDefinition.Keeping::bodies));
      Optional<Duration> keepRows =
          Optional.ofNullable(rows).or(() -> kept.flatMap(JobDefinition.Keeping::rows));
      if (keepBodies.isPresent() || keepRows.isPresent()) {
        rules.add(
            new RetentionRule(
                name, keepBodies.map(now::minus), keepRows.map(now::minus), unexported));
      }
    }
    return rules;
  }

  /**
   * The jobs by name.
   *
   * @param all whether every file could be read
   */
  private record JobFiles(SortedMap<String, JobDefinition> jobs, boolean all) {}

  /**
   * What the job files say. One that does not parse stops the command when it matters: to guess
   * what it keeps could delete what it means to keep.
   */
  private JobFiles files() {
    boolean told = rows != null || bodies != null;
    SortedMap<String, JobDefinition> jobs = new TreeMap<>();
    boolean all = true;
    SortedMap<String, Path> files = new TreeMap<>();
    try {
      files.putAll(home.jobs().jobs());
    } catch (JobException e) {
      if (!told) {
        throw e;
      }
      all = false;
    }
    for (Map.Entry<String, Path> file : files.entrySet()) {
      try {
        jobs.put(file.getKey(), JobFile.read(file.getValue()));
      } catch (JobException e) {
        if (!told && (job == null || job.equals(file.getKey()))) {
          throw e;
        }
        all = false;
      }
    }
    return new JobFiles(jobs, all);
  }

  private void print(String verb, Map<String, Pruned> jobs, long snapshots, long files) {
    PrintWriter out = spec.commandLine().getOut();
    if (json.chosen()) {
      Map<String, @Nullable Object> map = new LinkedHashMap<>();
      map.put("dry_run", dryRun);
      Map<String, Object> perJob = new LinkedHashMap<>();
      jobs.forEach((name, pruned) -> perJob.put(name, asMap(pruned)));
      map.put("jobs", perJob);
      map.put("snapshots", snapshots);
      map.put("snapshot_files", files);
      JsonFlag.print(out, map);
    } else if (jobs.isEmpty()) {
      out.println("nothing to delete: no job says keep and no --older-than or --bodies-older-than");
    } else {
      jobs.forEach((name, pruned) -> printJob(out, verb, name, pruned));
      if (snapshots > 0) {
        out.printf("%s %d snapshots that no round uses any more%n", verb, snapshots);
      }
      if (files > 0) {
        out.printf("%s %d kept snapshot files that no round was opened on%n", verb, files);
      }
    }
    out.flush();
  }

  private static void printJob(PrintWriter out, String verb, String job, Pruned pruned) {
    out.printf(
        "%s: %s %d rounds (%d targets, %d attempts, %d scoring inputs, %d batch rows, %d scheduled times) and %d"
            + " bodies%n",
        job,
        verb,
        pruned.rounds(),
        pruned.targets(),
        pruned.attempts(),
        pruned.inputs(),
        pruned.batchRows(),
        pruned.fires(),
        pruned.bodies());
    if (pruned.unexported() > 0) {
      out.printf(
          "%s: left %d rounds alone that were never exported; export them, or add --unexported%n",
          job, pruned.unexported());
    }
  }

  private static Map<String, Long> asMap(Pruned pruned) {
    Map<String, Long> map = new LinkedHashMap<>();
    map.put("rounds", pruned.rounds());
    map.put("bodies", pruned.bodies());
    map.put("attempts", pruned.attempts());
    map.put("targets", pruned.targets());
    map.put("scoring_inputs", pruned.inputs());
    map.put("batch_rows", pruned.batchRows());
    map.put("fires", pruned.fires());
    map.put("left_unexported", pruned.unexported());
    return map;
  }

  private static Pruned total(Map<String, Pruned> jobs) {
    return jobs.values().stream().reduce(Pruned.NOTHING, Pruned::plus);
  }
}
