package org.axonometer.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.axonometer.dendrite.HttpProperties;
import org.axonometer.history.Database;
import org.axonometer.jobs.JobFolder;
import org.axonometer.rounds.RoundsApplication;
import org.axonometer.testing.TestRounds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;

/** A scheduler whose wall clock is set while it runs. */
@Isolated("measures")
class SetClockIT {
  @TempDir private Path folder;

  /** The system's clock, so much ahead. */
  private static final class ShiftedClock extends Clock {
    private volatile Duration ahead = Duration.ZERO;

    @Override
    public Instant instant() {
      return Instant.now().plus(ahead);
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  @Test
  void tellsOnceThatTheClockWasSetFar() throws Exception {
    HttpProperties.set();
    Database.bindToLoopback();
    Files.createDirectories(folder.resolve("jobs"));
    var lines = new ListAppender<ILoggingEvent>();
    Logger logger = (Logger) LoggerFactory.getLogger(ClockWatch.class);
    var clock = new ShiftedClock();
    try (Database database = Database.own(folder.resolve("home"));
        RoundsApplication application = TestRounds.start(database, folder.resolve("exports"))) {
      // The application sets up logging anew at its start.
      lines.start();
      logger.addAppender(lines);
      var scheduler =
          new JobScheduler(
              database,
              application.launcher(),
              new JobFolder(folder.resolve("jobs")),
              UnaryOperator.identity(),
              clock);
      scheduler.start();
      try {
        LockSupport.parkNanos(Duration.ofSeconds(3).toNanos());
        assertThat(told(lines, "clock")).isEmpty();
        clock.ahead = Duration.ofHours(-1);
        LockSupport.parkNanos(Duration.ofSeconds(5).toNanos());
        assertThat(told(lines, "the clock was set back by 3")).hasSize(1);
        clock.ahead = Duration.ofHours(5);
        LockSupport.parkNanos(Duration.ofSeconds(5).toNanos());
        assertThat(told(lines, "the clock went forward by 2")).hasSize(1);
        assertThat(told(lines, "the clock")).hasSize(2);
      } finally {
        scheduler.stop(Duration.ofSeconds(5));
      }
    } finally {
      logger.detachAppender(lines);
    }
  }

  private static List<String> told(ListAppender<ILoggingEvent> lines, String what) {
    return List.copyOf(lines.list).stream()
        .map(ILoggingEvent::getFormattedMessage)
        .filter(line -> line.contains(what))
        .toList();
  }
}
