package org.axonometer.schedule;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.axonometer.history.EndedAttempt;
import org.axonometer.history.Fire;
import org.axonometer.jobs.JobDefinition;
import org.axonometer.rounds.RoundProgress;
import org.axonometer.rounds.RoundReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everybody who listens to the scheduler, each told whatever the others throw. */
final class Listeners implements ScheduleListener {
  private static final Logger log = LoggerFactory.getLogger(Listeners.class);

  private final List<ScheduleListener> all = new CopyOnWriteArrayList<>();

  void add(ScheduleListener listener) {
    all.add(listener);
  }

  private void tell(Consumer<ScheduleListener> news) {
    for (ScheduleListener listener : all) {
      try {
        news.accept(listener);
      } catch (RuntimeException e) {
        log.error("a listener failed, nothing else did: {}", e.toString());
        log.debug("fault", e);
      }
    }
  }

  @Override
  public void watching(Map<String, JobDefinition> jobs) {
    tell(listener -> listener.watching(jobs));
  }

  @Override
  public void began(String job, RoundProgress progress) {
    tell(listener -> listener.began(job, progress));
  }

  @Override
  public void asked(String job, EndedAttempt.Sent query) {
    tell(listener -> listener.asked(job, query));
  }

  @Override
  public void ended(RoundReport report) {
    tell(listener -> listener.ended(report));
  }

  @Override
  public void failed(String job, long roundId, String why) {
    tell(listener -> listener.failed(job, roundId, why));
  }

  @Override
  public void leftToAnother(String job) {
    tell(listener -> listener.leftToAnother(job));
  }

  @Override
  public void withoutRound(String job, List<Fire> fires) {
    tell(listener -> listener.withoutRound(job, fires));
  }
}
