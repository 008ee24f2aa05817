package org.axonometer.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.axonometer.history.Database;
import org.axonometer.history.HistoryException;
import org.axonometer.history.RoundStore;
import org.axonometer.jobs.JobDefinition;
import org.axonometer.jobs.JobException;
import org.axonometer.jobs.JobFile;
import org.axonometer.observability.Monitoring;
import org.axonometer.rounds.RoundsApplication;
import org.axonometer.schedule.JobScheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The scheduler, until it is stopped. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description = {
      "Runs the jobs that have a schedule at their times, until Ctrl-C or SIGTERM. Every scheduled time becomes one"
          + " round or one recorded reason why not. New, changed and removed job files are picked up without a restart.",
      "At its start it finishes the rounds a process before it left open: by their own deadlines, and without asking"
          + " where those have passed.",
      "It owns the H2 file meanwhile, and may be one of several on a PostgreSQL database; every other command works beside it. A round that a rerun or run asks is left to"
          + " it, and finished here when that process dies. Stopped, it exits with 4 when a round is left open."
    })
final class ServeCommand implements Callable<Integer> {
  /** Together with a hook under way and all that is to be closed it stays below half a minute. */
  private static final Duration PATIENCE = Duration.ofSeconds(22);

  private static final Duration MOST_APART = Duration.ofSeconds(1);

  @Mixin private Home home = new Home();
  @Mixin private WalletFlags wallet = new WalletFlags();
  @Mixin private LogFlags logging = new LogFlags();

  @Option(
      names = "--max-in-flight",
      paramLabel = "<n>",
      defaultValue = "1024",
      description = "Queries on their way at once, over all rounds, 1 to 65536. Default: 1024")
  private int mostInFlight;

  @Option(
      names = "--metrics-port",
      paramLabel = "<port>",
      defaultValue = "${env:AXONOMETER_METRICS_PORT}",
      description =
          "Serves /metrics (Prometheus) and /health on 127.0.0.1 at this port; 0 takes any free one."
              + " Variable AXONOMETER_METRICS_PORT. Default: off")
  private @Nullable Integer metricsPort;

  @Option(
      names = "--metrics-hotkeys",
      description = "Gives each hotkey of a job's newest round metrics of its own.")
  private boolean metricsHotkeys;

  @Override
  public Integer call() throws InterruptedException {
    if (mostInFlight < 1 || mostInFlight > 65_536) {
      throw new CommandException("--max-in-flight is " + mostInFlight + "; it must be 1 to 65536");
    }
    logging.apply();
    // Not in a static field: every command makes this class, and most have nothing to log.
    Logger log = LoggerFactory.getLogger(ServeCommand.class);
    unlockHotkeys();
    try (Database database = openInTime();
        Monitoring monitoring = monitoring(database);
        RoundsApplication application =
            RoundsApplication.start(database, home.exports(), mostInFlight, wallet.keyring())) {
      var stopped = new CountDownLatch(1);
      Interruption.handledBy(stopped::countDown);
      var scheduler =
          new JobScheduler(
              database, application.launcher(), home.jobs(), wallet::over, Clock.systemUTC());
      monitoring.listenTo(scheduler);
      monitoring
          .port()
          .ifPresent(port -> log.info("metrics and health on http://127.0.0.1:{}", port));
      log.info("serving; jobs with a schedule: {}", scheduler.start());
      stopped.await();
      log.info("stopping: no more rounds, waiting for the answers under way");
      boolean leftOpen = scheduler.stop(PATIENCE);
      log.info(leftOpen ? "stopped; a round is left open, the next start finishes it" : "stopped");
      return leftOpen ? ExitCode.INTERRUPTED : ExitCode.GOOD;
    }
  }

  /** With others that serve it too, the scheduled times are only one's when the clocks agree. */
  private Database openInTime() {
    Database database = home.own();
    Duration apart =
        database.isShared()
            ? new RoundStore(database).databaseAhead(Clock.systemUTC()).abs()
            : Duration.ZERO;
    if (apart.compareTo(MOST_APART) > 0) {
      database.close();
      throw new HistoryException(
          "the database's clock and ours are %d ms apart, and may be %d ms where several hosts can serve; set the clock"
              .formatted(apart.toMillis(), MOST_APART.toMillis()));
    }
    return database;
  }

  /** The terminal is asked now, once for each encrypted hotkey, and no more while rounds run. */
  private void unlockHotkeys() {
    for (Path file : home.jobs().jobs().values()) {
      JobDefinition.Wallet signing;
      try {
        signing = wallet.over(JobFile.read(file)).wallet();
      } catch (JobException _) {
        continue; // the scheduler says so
      }
      wallet.unlock(signing);
    }
    wallet.askNoMore();
  }

  private Monitoring monitoring(Database database) {
    try {
      return new Monitoring(
          database, Optional.ofNullable(metricsPort), metricsHotkeys, Clock.systemUTC());
    } catch (IOException | IllegalArgumentException e) {
      throw new CommandException(
          "--metrics-port is %d; 127.0.0.1 cannot be listened on there: %s; write a free port, 0 to 65535"
              .formatted(metricsPort, e.getMessage()));
    }
  }
}
