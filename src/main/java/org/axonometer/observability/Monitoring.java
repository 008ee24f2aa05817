package org.axonometer.observability;

import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.axonometer.history.Database;
import org.axonometer.schedule.JobScheduler;

/**
 * Metrics and health of a scheduler at {@code http://127.0.0.1:<port>/metrics} and {@code /health},
 * and the calls of its jobs' {@code on-failure}. Every metric is explained in {@code
 * docs/observability.md}.
 */
public final class Monitoring implements AutoCloseable {
  private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final LiveRounds live = new LiveRounds(registry);
  private final JobGauges gauges = new JobGauges(registry);
  private final JobWatch watch;
  private final Clock clock;
  private final FailureHooks hooks;
  private final Optional<MonitorServer> server;

  /**
   * Answers at the port from now on.
   *
   * @param port 0 = any that is free; empty = nobody is answered
   * @param hotkeys whether each hotkey of a job's newest round gets series of its own
   * @throws IOException when the port cannot be had
   */
  public Monitoring(Database database, Optional<Integer> port, boolean hotkeys, Clock clock)
      throws IOException {
    this.clock = clock;
    this.hooks = new FailureHooks(clock, live::hookCalled);
    this.watch = new JobWatch(database, hotkeys, clock);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    this.server = port.isPresent() ? Optional.of(server(port.get())) : Optional.empty();
  }

  private MonitorServer server(int port) throws IOException {
    return new MonitorServer(port, Map.of("/metrics", this::metrics, "/health", this::health));
  }

  /** To be called before the scheduler starts. */
  public void listenTo(JobScheduler scheduler) {
    scheduler.tell(watch);
    scheduler.tell(live);
    scheduler.tell(hooks);
  }

  /** Where it answers. */
  public Optional<Integer> port() {
    return server.map(MonitorServer::port);
  }

  private synchronized MonitorServer.Page metrics() {
    gauges.set(watch.reading(), live.inFlight(), clock.instant());
    return new MonitorServer.Page(200, PROMETHEUS_TEXT, registry.scrape());
  }

  private MonitorServer.Page health() {
    Instant now = clock.instant();
    JobWatch.Reading reading = watch.reading();
    List<JobHealth.Complaint> complaints = reading.complaints(now);
    Map<String, Object> health = new LinkedHashMap<>();
    health.put("healthy", complaints.isEmpty());
    health.put("jobs", reading.jobs().stream().map(JobWatch.Job::name).toList());
    health.put("reasons", complaints.stream().map(Monitoring::asMap).toList());
    return new MonitorServer.Page(
        complaints.isEmpty() ? 200 : 503,
        "application/json",
        AsciiJson.MAPPER.writeValueAsString(health));
  }

  private static Map<String, String> asMap(JobHealth.Complaint complaint) {
    Map<String, String> map = new LinkedHashMap<>();
    map.put("job", complaint.job());
    map.put("fault", complaint.fault().name().toLowerCase(Locale.ROOT));
    map.put("detail", complaint.detail());
    return map;
  }

  @Override
  public void close() {
    server.ifPresent(MonitorServer::close);
    hooks.close();
    registry.close();
  }
}
