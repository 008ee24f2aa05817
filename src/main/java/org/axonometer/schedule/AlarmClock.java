package org.axonometer.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.quartz.DisallowConcurrentExecution;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobDetail;
import org.quartz.JobExecutionContext;
import org.quartz.JobKey;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.SimpleScheduleBuilder;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.TriggerKey;
import org.quartz.impl.StdSchedulerFactory;

/**
 * Quartz as an alarm clock: calls one piece of work at a fixed beat and at one settable time, never
 * twice at once. It keeps nothing, decides nothing, and makes up for nothing it missed.
 */
final class AlarmClock implements AutoCloseable {
  private static final JobKey WORK = new JobKey("look");
  private static final TriggerKey ALARM = new TriggerKey("alarm");
  private static final TriggerKey HEART = new TriggerKey("beat");

  private final Scheduler quartz;
  private final Duration beat;
  private final Thread watch;
  private volatile boolean closed;

  AlarmClock(Duration beat, Runnable work) {
    this.beat = beat;
    this.watch = Thread.ofPlatform().name("clock-watch").daemon().unstarted(this::watch);
    try {
      var factory = new StdSchedulerFactory();
      factory.initialize(settings());
      this.quartz = factory.getScheduler();
      quartz.setJobFactory((bundle, scheduler) -> new Work(work));
      JobDetail detail =
          JobBuilder.newJob(Work.class)
              .withIdentity(WORK)
              .storeDurably()
              .requestRecovery(false)
              .build();
      quartz.addJob(detail, true);
      quartz.scheduleJob(heart());
    } catch (SchedulerException e) {
      throw refused(e);
    }
  }

  private Trigger heart() {
    return TriggerBuilder.newTrigger()
        .withIdentity(HEART)
        .forJob(WORK)
        .withSchedule(
            SimpleScheduleBuilder.simpleSchedule()
                .withIntervalInMilliseconds(beat.toMillis())
                .repeatForever()
                .withMisfireHandlingInstructionNextWithRemainingCount())
        .build();
  }

  /**
   * Quartz waits for times of the wall clock: one that is set back an hour would silence the beat
   * for an hour. So the beat begins anew when it is out of reach.
   */
  private void watch() {
    while (!closed) {
      LockSupport.parkNanos(beat.toNanos());
      try {
        Trigger heart = quartz.getTrigger(HEART);
        if (isOutOfReach(heart, Instant.now().plus(beat.multipliedBy(3)))) {
          quartz.rescheduleJob(HEART, heart());
          wakeNow();
        }
      } catch (SchedulerException e) {
        if (!closed) {
          throw refused(e);
        }
      }
    }
  }

  private static boolean isOutOfReach(@Nullable Trigger heart, Instant latest) {
    return heart != null
        && heart.getNextFireTime() != null
        && heart.getNextFireTime().toInstant().isAfter(latest);
  }

  private static Properties settings() {
    var settings = new Properties();
    settings.setProperty("org.quartz.scheduler.instanceName", "axonometer-" + System.nanoTime());
    settings.setProperty("org.quartz.scheduler.skipUpdateCheck", "true");
    settings.setProperty("org.quartz.jobStore.class", "org.quartz.simpl.RAMJobStore");
    settings.setProperty("org.quartz.threadPool.class", "org.quartz.simpl.SimpleThreadPool");
    settings.setProperty("org.quartz.threadPool.threadCount", "1");
    settings.setProperty("org.quartz.threadPool.threadNamePrefix", "scheduler");
    return settings;
  }

  void start() {
    try {
      quartz.start();
      watch.start();
    } catch (SchedulerException e) {
      throw refused(e);
    }
  }

  /** Sets the one alarm; an earlier setting is gone. */
  void wakeAt(Instant time) {
    Trigger alarm =
        TriggerBuilder.newTrigger()
            .startAt(Date.from(time))
            .withIdentity(ALARM)
            .forJob(WORK)
            .withSchedule(
                SimpleScheduleBuilder.simpleSchedule()
                    .withMisfireHandlingInstructionNextWithRemainingCount())
            .build();
    try {
      if (quartz.checkExists(ALARM)) {
        quartz.rescheduleJob(ALARM, alarm);
      } else {
        quartz.scheduleJob(alarm);
      }
    } catch (SchedulerException e) {
      throw refused(e);
    }
  }

  /** Without effect after the end. */
  void wakeNow() {
    try {
      quartz.triggerJob(WORK);
    } catch (SchedulerException e) {
      if (!closed) {
        throw refused(e);
      }
    }
  }

  /** Ends when the work that is under way has ended. */
  @Override
  public void close() {
    closed = true;
    try {
      quartz.shutdown(true);
    } catch (SchedulerException e) {
      throw refused(e);
    }
  }

  private static IllegalStateException refused(SchedulerException e) {
    return new IllegalStateException("the alarm clock refuses: " + e.getMessage(), e);
  }

  @DisallowConcurrentExecution
  private record Work(Runnable work) implements Job {
    @Override
    public void execute(JobExecutionContext context) {
      work.run();
    }
  }
}
