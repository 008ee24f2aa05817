package org.axonometer.cli;

import java.io.PrintWriter;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.axonometer.history.Database;
import org.axonometer.jobs.JobDefinition;
import org.axonometer.metagraph.KeptSnapshots;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.rounds.PlannedBody;
import org.axonometer.rounds.RoundPlan;
import org.axonometer.subnet.AxonEndpoint;
import org.axonometer.subnet.Ss58Address;
import org.axonometer.subnet.Uid;
import org.axonometer.targets.AddressGuard;
import org.axonometer.targets.Decision;
import org.axonometer.targets.Turn;
import org.axonometer.wallet.Keyring;
import org.axonometer.wallet.WalletDirectory;
import org.jspecify.annotations.Nullable;

/** Prints a plan, in uid order. */
record PlanPrinter(HistoryFlags home, PrintWriter out, JsonFlag json) {

  /**
   * @param bodies whether to print what is asked too; done for a job with a challenge anyhow
   */
  int print(JobDefinition job, long seed, Keyring keyring, boolean bodies) {
    JobDefinition.Wallet wallet = job.wallet();
    Ss58Address own =
        new WalletDirectory(wallet.path()).open(wallet.name(), wallet.hotkey(), keyring).address();
    Planned planned = planned(job, own, seed, bodies || job.challenge().isPresent());
    RoundPlan plan = planned.plan();
    Map<Uid, Integer> positions = new HashMap<>();
    for (Decision target : plan.targets()) {
      positions.put(target.neuron().uid(), positions.size() + 1);
    }
    if (json.chosen()) {
      JsonFlag.print(out, asMap(job, planned, positions));
    } else {
      printText(job, plan, positions);
      printBodies(planned.bodies());
    }
    out.flush();
    return ExitCode.GOOD;
  }

  /**
   * @param bodies none when they were not asked for
   */
  private record Planned(RoundPlan plan, List<PlannedBody> bodies) {}

  /** Without a database nobody was ever asked. */
  private Planned planned(JobDefinition job, Ss58Address own, long seed, boolean bodies) {
    KeptSnapshots kept = home.snapshots();
    if (!home.hasHistory()) {
      RoundPlan plan = RoundPlan.of(job, kept, own, seed, Clock.systemUTC(), Optional.empty());
      return planned(job, plan, bodies, Optional.empty());
    }
    try (Database database = home.connect()) {
      RoundPlan plan = RoundPlan.of(job, kept, own, seed, Clock.systemUTC(), Optional.of(database));
      return planned(job, plan, bodies, Optional.of(database));
    }
  }

  private static Planned planned(
      JobDefinition job, RoundPlan plan, boolean bodies, Optional<Database> history) {
    return new Planned(plan, bodies ? PlannedBody.of(job, plan, history) : List.of());
  }

  private void printBodies(List<PlannedBody> bodies) {
    if (bodies.isEmpty()) {
      return;
    }
    out.printf("%n%5s  %-19s  %s%n", "uid", "seed", "fields that would be sent");
    for (PlannedBody body : bodies) {
      out.printf(
          "%5s  %-19s  %s%n",
          body.uid().map(Uid::toString).orElse("all"),
          body.seed().isPresent() ? body.seed().getAsLong() : "-",
          body.fields());
    }
    out.printf("%d bodies. Nothing was sent.%n", bodies.size());
  }

  private static List<Map<String, @Nullable Object>> asMaps(List<PlannedBody> bodies) {
    List<Map<String, @Nullable Object>> maps = new ArrayList<>();
    for (PlannedBody body : bodies) {
      Map<String, @Nullable Object> map = new LinkedHashMap<>();
      map.put("uid", body.uid().map(Uid::value).orElse(null));
      map.put("seed", body.seed().isPresent() ? body.seed().getAsLong() : null);
      map.put("origin", body.origin());
      map.put("body_hash", body.bodyHash());
      map.put("fields", body.fields());
      maps.add(map);
    }
    return maps;
  }

  private void printText(JobDefinition job, RoundPlan plan, Map<Uid, Integer> positions) {
    out.printf(
        "%5s  %-48s  %-24s  %-15s  %8s  %s%n",
        "uid", "hotkey", "endpoint", "decision", "position", "reason");
    for (Decision decision : plan.decisions()) {
      out.printf(
          "%5s  %-48s  %-24s  %-15s  %8s  %s%n",
          decision.neuron().uid(),
          decision.neuron().hotkey(),
          endpoint(decision),
          decision.verdict(),
          positions.containsKey(decision.neuron().uid())
              ? positions.get(decision.neuron().uid())
              : "-",
          decision.reason());
    }
    out.printf("%n%8s  %s%n", "neurons", "why");
    causes(plan).forEach((cause, count) -> out.printf("%8d  %s%n", count, cause.meaning()));
    out.printf("%nselection: %s%n", job.selection());
    long shared = sharedEndpoints(plan).size();
    if (shared > 0) {
      out.printf(
          "%d targets share their address and port with another: dup_endpoint, asked one after another%n",
          shared);
    }
    plan.turn()
        .ifPresent(
            turn ->
                out.printf(
                    "round-robin: ring %d, from %s to %s%n", turn.seed(), turn.from(), turn.to()));
    LabBanner.of(job.selection()).ifPresent(out::println);
    plan.notes().forEach(note -> out.printf("note: %s%n", note));
    out.printf(
        "%s: %s %s at block %d, taken %s (%s ago), seed %d: %d neurons, %s. Nothing was sent.%n",
        job.name(),
        plan.snapshot().network(),
        plan.snapshot().netuid(),
        plan.snapshot().block(),
        plan.snapshot().takenAt(),
        MetagraphSnapshot.ageText(plan.snapshot().age(Instant.now())),
        plan.seed(),
        plan.decisions().size(),
        counts(plan));
    job.warnings().forEach(warning -> out.println("warning: " + warning));
  }

  private static Map<Decision.Cause, Integer> causes(RoundPlan plan) {
    Map<Decision.Cause, Integer> causes = new EnumMap<>(Decision.Cause.class);
    plan.decisions().forEach(decision -> causes.merge(decision.cause(), 1, Integer::sum));
    return causes;
  }

  private static Set<Uid> sharedEndpoints(RoundPlan plan) {
    Map<AxonEndpoint, List<Uid>> uids =
        plan.targets().stream()
            .filter(target -> target.neuron().endpoint().isPresent())
            .collect(
                Collectors.groupingBy(
                    target -> reached(target.neuron().endpoint().orElseThrow()),
                    Collectors.mapping(target -> target.neuron().uid(), Collectors.toList())));
    return uids.values().stream()
        .filter(sharing -> sharing.size() > 1)
        .flatMap(List::stream)
        .collect(Collectors.toSet());
  }

  private static AxonEndpoint reached(AxonEndpoint endpoint) {
    return new AxonEndpoint(AddressGuard.reached(endpoint.host()), endpoint.port());
  }

  private static Map<Decision.Verdict, Integer> counts(RoundPlan plan) {
    Map<Decision.Verdict, Integer> counts = new EnumMap<>(Decision.Verdict.class);
    plan.decisions().forEach(decision -> counts.merge(decision.verdict(), 1, Integer::sum));
    return counts;
  }

  private static Map<String, @Nullable Object> asMap(
      JobDefinition job, Planned planned, Map<Uid, Integer> positions) {
    RoundPlan plan = planned.plan();
    List<Map<String, @Nullable Object>> neurons = new ArrayList<>();
    Set<Uid> shared = sharedEndpoints(plan);
    for (Decision decision : plan.decisions()) {
      Map<String, @Nullable Object> neuron = new LinkedHashMap<>();
      neuron.put("uid", decision.neuron().uid().value());
      neuron.put("hotkey", decision.neuron().hotkey().text());
      neuron.put("endpoint", endpoint(decision));
      neuron.put("decision", decision.verdict().name());
      neuron.put("cause", decision.cause().name());
      neuron.put("reason", decision.reason());
      neuron.put("dup_endpoint", shared.contains(decision.neuron().uid()));
      neuron.put("position", positions.get(decision.neuron().uid()));
      neurons.add(neuron);
    }
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("job", job.name());
    map.put("network", plan.snapshot().network());
    map.put("netuid", plan.snapshot().netuid().value());
    map.put("block", plan.snapshot().block());
    map.put("taken_at", plan.snapshot().takenAt().toString());
    map.put("snapshot_notes", plan.notes());
    map.put("seed", plan.seed());
    map.put("counts", counts(plan));
    map.put("warnings", job.warnings());
    map.put("causes", causes(plan));
    map.put("selection", job.selection().toString());
    map.put(
        "allow_addresses",
        job.selection().guard().allowed().stream().map(Object::toString).toList());
    map.put("ring_seed", plan.turn().map(Turn::seed).orElse(null));
    map.put("ring_from", plan.turn().map(Turn::from).orElse(null));
    map.put("ring_to", plan.turn().map(Turn::to).orElse(null));
    map.put("neurons", neurons);
    map.put("bodies", asMaps(planned.bodies()));
    return map;
  }

  private static String endpoint(Decision decision) {
    return decision.neuron().endpoint().map(Object::toString).orElse("-");
  }
}
