package org.axonometer.schedule;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Date;
import java.util.Properties;
import javax.sql.DataSource;
import org.axonometer.history.Database;
import org.jspecify.annotations.Nullable;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobDetail;
import org.quartz.JobExecutionContext;
import org.quartz.JobKey;
import org.quartz.ObjectAlreadyExistsException;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.SimpleScheduleBuilder;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.impl.StdSchedulerFactory;
import org.quartz.impl.jdbcjobstore.JobStoreTX;
import org.quartz.impl.jdbcjobstore.PostgreSQLDelegate;
import org.quartz.simpl.SimpleThreadPool;
import org.quartz.utils.ConnectionProvider;
import org.quartz.utils.DBConnectionManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The alarm of all the processes that serve the same database: Quartz' cluster store rings each
 * time in one of them. It may ring too often or, after trouble with the database, not at all:
 * whoever hears it asks the ledger.
 */
final class SharedAlarm implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SharedAlarm.class);
  private static final String STORE = "history";
  private static final JobKey WORK = new JobKey("ring");

  private final Scheduler quartz;
  private @Nullable Instant setTo;

  /**
   * @param ring called on a thread of the alarm's own; must not take long
   */
  SharedAlarm(Database database, Runnable ring) {
    try {
      var factory = new StdSchedulerFactory();
      factory.initialize(settings());
      DBConnectionManager.getInstance()
          .addConnectionProvider(STORE, new Connections(database.dataSource()));
      this.quartz = factory.getScheduler();
      quartz.setJobFactory((bundle, scheduler) -> new Ring(ring));
      JobDetail detail =
          JobBuilder.newJob(Ring.class)
              .withIdentity(WORK)
              .storeDurably()
              .requestRecovery(false)
              .build();
      quartz.addJob(detail, true);
    } catch (SchedulerException e) {
      throw new IllegalStateException("the shared alarm refuses: " + e.getMessage(), e);
    }
  }

  private static Properties settings() {
    var settings = new Properties();
    settings.setProperty("org.quartz.scheduler.instanceName", "axonometer");
    settings.setProperty("org.quartz.scheduler.instanceId", "AUTO");
    settings.setProperty("org.quartz.scheduler.skipUpdateCheck", "true");
    settings.setProperty("org.quartz.threadPool.class", SimpleThreadPool.class.getName());
    settings.setProperty("org.quartz.threadPool.threadCount", "1");
    settings.setProperty("org.quartz.threadPool.threadNamePrefix", "shared-alarm");
    settings.setProperty("org.quartz.jobStore.class", JobStoreTX.class.getName());
    settings.setProperty(
        "org.quartz.jobStore.driverDelegateClass", PostgreSQLDelegate.class.getName());
    settings.setProperty("org.quartz.jobStore.dataSource", STORE);
    settings.setProperty("org.quartz.jobStore.useProperties", "true");
    settings.setProperty("org.quartz.jobStore.isClustered", "true");
    settings.setProperty("org.quartz.jobStore.acquireTriggersWithinLock", "true");
    settings.setProperty("org.quartz.jobStore.clusterCheckinInterval", "7500");
    return settings;
  }

  void start() {
    try {
      quartz.start();
    } catch (SchedulerException e) {
      throw new IllegalStateException("the shared alarm refuses: " + e.getMessage(), e);
    }
  }

  /** Lets it ring at that time, too. What another process let it ring at stays. */
  void ringAt(Instant time) {
    if (time.equals(setTo)) {
      return;
    }
    Trigger alarm =
        TriggerBuilder.newTrigger()
            .withIdentity(time.toString())
            .forJob(WORK)
            // Quartz counts milliseconds; early by a part of one would be too early.
            .startAt(Date.from(time.plusMillis(1)))
            .withSchedule(
                SimpleScheduleBuilder.simpleSchedule().withMisfireHandlingInstructionFireNow())
            .build();
    try {
      quartz.scheduleJob(alarm);
      setTo = time;
    } catch (ObjectAlreadyExistsException e) {
      setTo = time;
    } catch (SchedulerException e) {
      log.warn("the shared alarm cannot be set: {}", e.getMessage());
      log.debug("fault", e);
    }
  }

  @Override
  public void close() {
    try {
      quartz.shutdown(false);
    } catch (SchedulerException e) {
      log.debug("fault", e);
    }
  }

  private record Ring(Runnable ring) implements Job {
    @Override
    public void execute(JobExecutionContext context) {
      ring.run();
    }
  }

  /** The database's connections, as Quartz asks for them; the statements are its own. */
  private record Connections(DataSource database) implements ConnectionProvider {
    @Override
    public Connection getConnection() throws SQLException {
      return database.getConnection();
    }

    @Override
    public void initialize() {
      // They are there.
    }

    @Override
    public void shutdown() {
      // They are the database's.
    }
  }
}
