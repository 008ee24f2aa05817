package org.axonometer.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
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
          + " Without -y it only prints what it would delete."
    })
final class PruneCommand implements Callable<Integer> {
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
    try (Database database = Stored.database(home)) {
      List<RetentionRule> rules = rules(new HistoryQueries(database));
      var retention = new Retention(database);
      Map<String, Pruned> planned = new LinkedHashMap<>();
      rules.forEach(rule -> planned.put(rule.job(), retention.plan(rule)));
      if (dryRun || !yes) {
        print("would delete", planned, 0);
        if (dryRun || total(planned).isNothing()) {
          return ExitCode.GOOD;
        }
        throw new CommandException("nothing was deleted; add -y to delete it for good");
      }
      Instant now = Instant.now();
      Map<String, Pruned> pruned = new LinkedHashMap<>();
      rules.forEach(rule -> pruned.put(rule.job(), retention.prune(rule, now)));
      print("deleted", pruned, rules.isEmpty() ? 0 : retention.pruneSnapshots());
      return ExitCode.GOOD;
    }
  }

  private List<RetentionRule> rules(HistoryQueries queries) {
    Instant now = Instant.now();
    List<String> known = queries.jobs();
    if (job != null && !known.contains(job)) {
      throw new CommandException(
          "no round of job \"%s\" is stored; jobs with rounds: %s"
              .formatted(job, String.join(", ", known)));
    }
    SortedMap<String, JobDefinition.Keeping> keeping = keeping();
    List<RetentionRule> rules = new ArrayList<>();
    for (String name : job == null ? known : List.of(job)) {
      Optional<JobDefinition.Keeping> kept = Optional.ofNullable(keeping.get(name));
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
   * What the job files say. A file that does not parse stops the command: to guess what it keeps
   * could delete what it means to keep.
   */
  private SortedMap<String, JobDefinition.Keeping> keeping() {
    var keeping = new java.util.TreeMap<String, JobDefinition.Keeping>();
    if (rows != null && bodies != null) {
      return keeping;
    }
    try {
      home.jobs()
          .jobs()
          .forEach(
              (name, file) -> {
                if (job == null || name.equals(job)) {
                  keeping.put(name, JobFile.read(file).keeping());
                }
              });
    } catch (JobException e) {
      if (rows == null && bodies == null) {
        throw e;
      }
    }
    return keeping;
  }

  private void print(String verb, Map<String, Pruned> jobs, long snapshots) {
    PrintWriter out = spec.commandLine().getOut();
    if (json.chosen()) {
      Map<String, @Nullable Object> map = new LinkedHashMap<>();
      map.put("dry_run", dryRun);
      Map<String, Object> perJob = new LinkedHashMap<>();
      jobs.forEach((name, pruned) -> perJob.put(name, asMap(pruned)));
      map.put("jobs", perJob);
      map.put("snapshots", snapshots);
      JsonFlag.print(out, map);
    } else if (jobs.isEmpty()) {
      out.println("nothing to delete: no job says keep and no --older-than or --bodies-older-than");
    } else {
      jobs.forEach((name, pruned) -> printJob(out, verb, name, pruned));
      if (snapshots > 0) {
        out.printf("%s %d snapshots that no round uses any more%n", verb, snapshots);
      }
    }
    out.flush();
  }

  private static void printJob(PrintWriter out, String verb, String job, Pruned pruned) {
    out.printf(
        "%s: %s %d rounds (%d targets, %d attempts, %d scoring inputs, %d batch rows) and %d bodies%n",
        job,
        verb,
        pruned.rounds(),
        pruned.targets(),
        pruned.attempts(),
        pruned.inputs(),
        pruned.batchRows(),
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
    map.put("left_unexported", pruned.unexported());
    return map;
  }

  private static Pruned total(Map<String, Pruned> jobs) {
    return jobs.values().stream().reduce(Pruned.NOTHING, Pruned::plus);
  }
}
