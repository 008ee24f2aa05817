package org.axonometer.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.axonometer.history.Database;
import org.axonometer.history.FireStore;
import org.axonometer.history.JobControls;
import org.axonometer.jobs.JobDefinition;
import org.axonometer.jobs.JobException;
import org.axonometer.jobs.JobFile;
import org.axonometer.jobs.JobSchedule;
import org.axonometer.jobs.Timetable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Job files: what there is, whether it is right, when it runs; and wishes to the scheduler. */
@Command(
    name = "jobs",
    mixinStandardHelpOptions = true,
    description =
        "Lists the job files, checks them, shows their next times; pauses, resumes or runs a job of a running serve.",
    subcommands = {
      JobsCommand.Listing.class,
      JobsCommand.Validate.class,
      JobsCommand.Next.class,
      JobsCommand.Pause.class,
      JobsCommand.Resume.class,
      JobsCommand.Run.class
    },
    synopsisSubcommandLabel = "(list | validate | next | pause | resume | run)")
final class JobsCommand {
  private static final int TIMES_SHOWN = 10;

  private JobsCommand() {}

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists the jobs: name, next scheduled time, schedule, description.")
  static final class Listing implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private Home home = new Home();
    @Mixin private JsonFlag json = new JsonFlag();

    @Override
    public Integer call() {
      Instant now = Clock.systemUTC().instant();
      List<Map<String, @Nullable Object>> rows = new ArrayList<>();
      home.jobs().jobs().forEach((name, file) -> rows.add(row(name, file, now)));
      PrintWriter out = spec.commandLine().getOut();
      if (json.chosen()) {
        JsonFlag.print(out, Map.of("jobs", rows));
        return ExitCode.GOOD;
      }
      out.printf("%-24s %-21s %-40s %s%n", "job", "next", "schedule", "description");
      rows.forEach(
          row ->
              out.printf(
                  "%-24s %-21s %-40s %s%n",
                  row.get("job"),
                  shown(row.get("next")),
                  shown(row.get("schedule")),
                  row.get("description")));
      return ExitCode.GOOD;
    }

    private static Map<String, @Nullable Object> row(String name, Path file, Instant now) {
      Map<String, @Nullable Object> row = new LinkedHashMap<>();
      row.put("job", name);
      try {
        JobDefinition job = JobFile.readToSchedule(file, now);
        Optional<Timetable> times = job.schedule().map(JobSchedule::timetable);
        row.put(
            "next", times.flatMap(table -> table.next(now)).map(Instant::toString).orElse(null));
        row.put("schedule", times.map(Timetable::text).orElse(null));
        row.put("description", job.description());
      } catch (JobException e) {
        row.put("next", null);
        row.put("schedule", null);
        row.put("description", "has mistakes; see: axonometer jobs validate " + name);
      }
      return row;
    }

    private static Object shown(@Nullable Object value) {
      return value == null ? "-" : value;
    }
  }

  @Command(
      name = "validate",
      mixinStandardHelpOptions = true,
      description =
          "Checks every job file, or one. Prints a line for each mistake and each warning, and exits with 1 when there is a mistake.")
  static final class Validate implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private Home home = new Home();

    @Parameters(paramLabel = "<job>", arity = "0..1", description = "A job's name or file.")
    private @Nullable String job;

    @Override
    public Integer call() {
      List<Path> files =
          job == null ? List.copyOf(home.jobs().jobs().values()) : List.of(home.jobs().find(job));
      int wrong = 0;
      for (Path file : files) {
        try {
          JobDefinition definition = JobFile.readToSchedule(file, Clock.systemUTC().instant());
          spec.commandLine().getOut().println(file + ": good");
          definition
              .warnings()
              .forEach(
                  warning -> spec.commandLine().getErr().println(file + ": warning: " + warning));
        } catch (JobException e) {
          wrong++;
          spec.commandLine().getErr().println(e.getMessage());
        }
        JobFile.warnings(file).forEach(spec.commandLine().getErr()::println);
      }
      return wrong == 0 ? ExitCode.GOOD : ExitCode.USAGE;
    }
  }

  @Command(
      name = "next",
      mixinStandardHelpOptions = true,
      description =
          "Prints a job's next ten scheduled times, in its zone and in UTC. A day with a clock change is marked.")
  static final class Next implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private Home home = new Home();
    @Mixin private JsonFlag json = new JsonFlag();

    @Parameters(paramLabel = "<job>", description = "A job's name or file.")
    private String job = "";

    @Override
    public Integer call() {
      Instant now = Clock.systemUTC().instant();
      JobDefinition definition = JobFile.readToSchedule(home.jobs().find(job), now);
      Timetable times =
          definition
              .schedule()
              .orElseThrow(() -> new CommandException("the job " + job + " has no schedule"))
              .timetable();
      List<Instant> next = new ArrayList<>();
      Optional<Instant> time = times.next(now);
      while (time.isPresent() && next.size() < TIMES_SHOWN) {
        next.add(time.get());
        time = times.next(time.get());
      }
      PrintWriter out = spec.commandLine().getOut();
      if (json.chosen()) {
        JsonFlag.print(out, asMap(definition.name(), times.zone(), next));
        return ExitCode.GOOD;
      }
      for (Instant fire : next) {
        OffsetDateTime local = fire.atZone(times.zone()).toOffsetDateTime();
        String change =
            ClockChange.on(local.toLocalDate(), times.zone()).map(ClockChange::toString).orElse("");
        out.println("%-26s %-21s %s".formatted(local, fire, change).stripTrailing());
      }
      return ExitCode.GOOD;
    }

    private static Map<String, Object> asMap(String job, ZoneId zone, List<Instant> next) {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("job", job);
      map.put("zone", zone.getId());
      map.put("next", next.stream().map(Instant::toString).toList());
      map.put(
          "clock_changes",
          next.stream()
              .map(fire -> fire.atZone(zone).toLocalDate())
              .distinct()
              .flatMap(day -> ClockChange.on(day, zone).stream())
              .map(ClockChange::asMap)
              .toList());
      return map;
    }
  }

  @Command(
      name = "pause",
      mixinStandardHelpOptions = true,
      description =
          "The job's scheduled times get no round until it is resumed. A running round goes on.")
  static final class Pause extends Wish {
    @Override
    String wish(JobControls controls, String name) {
      controls.pause(name, true);
      return name + " is paused; go on with: axonometer jobs resume " + name;
    }
  }

  @Command(
      name = "resume",
      mixinStandardHelpOptions = true,
      description = "The job's scheduled times get rounds again.")
  static final class Resume extends Wish {
    @Override
    String wish(JobControls controls, String name) {
      controls.pause(name, false);
      return name + " is not paused";
    }
  }

  @Command(
      name = "run",
      mixinStandardHelpOptions = true,
      description =
          "Asks the running serve for one round of the job now. Without a serve within a minute it is forgotten.")
  static final class Run extends Wish {
    @Override
    String wish(JobControls controls, String name) {
      controls.askForRun(name, Clock.systemUTC().instant());
      return "asked for a round of " + name + "; see: axonometer rounds";
    }
  }

  /** A line left in the database for the process that serves. */
  abstract static class Wish implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private Home home = new Home();

    @Parameters(paramLabel = "<job>", description = "A job's name or file.")
    private String job = "";

    /** Leaves it; what the operator is told. */
    abstract String wish(JobControls controls, String name);

    @Override
    public Integer call() {
      @Nullable JobException mistake = mistake();
      if (mistake != null && !home.hasHistory()) {
        throw mistake;
      }
      String name = job.replaceFirst("^.*/", "").replaceFirst("\\.ya?ml$", "");
      try (Database database = Stored.database(home)) {
        // Whoever serves goes on by what a broken file said before.
        if (mistake != null && !new FireStore(database).positions().containsKey(name)) {
          throw mistake;
        }
        spec.commandLine().getOut().println(wish(new JobControls(database), name));
      }
      return ExitCode.GOOD;
    }

    private @Nullable JobException mistake() {
      try {
        JobFile.read(home.jobs().find(job));
        return null;
      } catch (JobException e) {
        return e;
      }
    }
  }
}
