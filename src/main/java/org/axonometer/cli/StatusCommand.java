package org.axonometer.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.axonometer.history.Database;
import org.axonometer.history.HistoryQueries;
import org.axonometer.history.JobControls;
import org.axonometer.history.RoundRate;
import org.axonometer.jobs.JobException;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Where every job stands, for a person and for a monitor. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = {
      "Shows per job the last round, the last success (sealed, at or above the job's success threshold, with somebody"
          + " who counts), the last failure, the last 20 sealed rounds without follow-ups, the open round, the snapshot's age and the next run of a job with a"
          + " schedule (it takes a running serve).",
      "With --max-age it exits 2 when a job's last success is older, or there is none. Unless named, jobs without a file, and"
          + " jobs without a schedule that were never run, are passed over, with a line on stderr; with nobody left it exits 2"
          + " too. serve --metrics-port tells the same to"
          + " Prometheus, and at /health whether a scheduled round is late or sent nothing."
    })
final class StatusCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Home home = new Home();
  @Mixin private JsonFlag json = new JsonFlag();

  @Parameters(
      arity = "0..*",
      paramLabel = "<job>",
      description = "These jobs only. Default: every job with a file or a round.")
  private List<String> chosen = List.of();

  @Option(
      names = "--max-age",
      paramLabel = "<time>",
      converter = DurationFlag.class,
      description = "How old a last success may be, such as 2h.")
  private @Nullable Duration maxAge;

  @Override
  public Integer call() {
    Instant now = Instant.now();
    List<JobStatus> jobs = jobs(now);
    print(spec.commandLine().getOut(), jobs, now);
    return maxAge == null ? ExitCode.GOOD : judge(jobs, maxAge, now);
  }

  private int judge(List<JobStatus> jobs, Duration limit, Instant now) {
    PrintWriter err = spec.commandLine().getErr();
    List<JobStatus> judged = new ArrayList<>();
    for (JobStatus job : jobs) {
      if (chosen.isEmpty() && job.passedOver().isPresent()) {
        err.printf("not judged: %s: %s%n", job.job(), job.passedOver().get());
      } else {
        judged.add(job);
      }
    }
    String late =
        judged.isEmpty()
            ? "there is no job to judge"
            : judged.stream()
                .map(job -> job.late(limit, now))
                .flatMap(Optional::stream)
                .collect(Collectors.joining("; "));
    if (late.isEmpty()) {
      return ExitCode.GOOD;
    }
    err.println("axonometer: " + late + "; --max-age is " + DurationFlag.show(limit));
    return ExitCode.BELOW_THRESHOLD;
  }

  private List<JobStatus> jobs(Instant now) {
    Map<String, Path> files = files();
    if (!home.hasHistory()) {
      return wanted(files.keySet().stream().toList()).stream()
          .map(job -> JobStatus.of(job, files.get(job), home.snapshots(), now))
          .toList();
    }
    try (Database database = home.connect()) {
      var queries = new HistoryQueries(database);
      Map<String, JobControls.Control> wishes = new JobControls(database).all();
      List<String> ran = queries.jobs();
      Set<String> names = new TreeSet<>(files.keySet());
      names.addAll(ran);
      return wanted(List.copyOf(names)).stream()
          .map(
              job ->
                  JobStatus.of(job, files.get(job), home.snapshots(), now)
                      .with(
                          queries,
                          ran.contains(job),
                          wishes.getOrDefault(job, JobControls.Control.NONE).paused()))
          .toList();
    }
  }

  private List<String> wanted(List<String> known) {
    for (String job : chosen) {
      if (!known.contains(job)) {
        throw new CommandException(
            "no job \"%s\" has a file or a round; there are: %s"
                .formatted(job, String.join(", ", known)));
      }
    }
    return chosen.isEmpty() ? known : chosen;
  }

  /** Without a folder of job files the rounds still say much. */
  private Map<String, Path> files() {
    try {
      return home.jobs().jobs();
    } catch (JobException e) {
      spec.commandLine().getErr().println("axonometer: " + e.getMessage());
      return Map.of();
    }
  }

  private void print(PrintWriter out, List<JobStatus> jobs, Instant now) {
    if (json.chosen()) {
      JsonFlag.print(out, Map.of("jobs", jobs.stream().map(job -> job.asMap(now)).toList()));
      out.flush();
      return;
    }
    out.printf(
        "%-24s %8s %-7s %14s %14s %9s %7s %7s %8s %10s  %s%n",
        "job",
        "round",
        "state",
        "last success",
        "last failure",
        "took",
        "good",
        "rate",
        "open",
        "snapshot",
        "next run");
    for (JobStatus job : jobs) {
      printLine(out, job, now);
    }
    jobs.stream()
        .filter(job -> job.problem() != null)
        .forEach(job -> out.printf("%s: %s%n", job.job(), job.problem()));
    out.flush();
  }

  private static void printLine(PrintWriter out, JobStatus job, Instant now) {
    out.printf(
        "%-24s %8s %-7s %14s %14s %9s %7s %7s %8s %10s  %s%n",
        job.job(),
        job.last().map(round -> Long.toString(round.id())).orElse("-"),
        job.last().map(round -> round.state().name()).orElse("-"),
        ago(job.lastSuccess().map(RoundRate::sealedAt), now),
        ago(job.lastFailure().map(RoundRate::sealedAt), now),
        job.recent().stream().findFirst().map(rate -> DurationFlag.show(rate.took())).orElse("-"),
        job.recent().isEmpty() ? "-" : job.recentSuccesses() + "/" + job.recent().size(),
        job.recentRate().map(rate -> String.format(Locale.ROOT, "%.1f%%", 100 * rate)).orElse("-"),
        job.open().map(round -> Long.toString(round.id())).orElse("-"),
        job.snapshotTakenAt()
            .map(taken -> MetagraphSnapshot.ageText(Duration.between(taken, now)))
            .orElse("-"),
        job.next());
  }

  private static String ago(Optional<Instant> when, Instant now) {
    return when.map(then -> DurationFlag.show(Duration.between(then, now)) + " ago").orElse("-");
  }
}
