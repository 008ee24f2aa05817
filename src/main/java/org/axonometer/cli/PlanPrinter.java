package org.axonometer.cli;

import java.io.PrintWriter;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.axonometer.jobs.JobDefinition;
import org.axonometer.rounds.RoundPlan;
import org.axonometer.subnet.Ss58Address;
import org.axonometer.subnet.Uid;
import org.axonometer.targets.Decision;
import org.axonometer.wallet.Keyring;
import org.axonometer.wallet.WalletDirectory;
import org.jspecify.annotations.Nullable;

/** Prints a plan, in uid order. */
record PlanPrinter(PrintWriter out, JsonFlag json) {

  int print(JobDefinition job, long seed, Keyring keyring) {
    JobDefinition.Wallet wallet = job.wallet();
    Ss58Address own =
        new WalletDirectory(wallet.path()).open(wallet.name(), wallet.hotkey(), keyring).address();
    RoundPlan plan = RoundPlan.of(job, own, seed, Clock.systemUTC());
    Map<Uid, Integer> positions = new HashMap<>();
    for (Decision target : plan.targets()) {
      positions.put(target.neuron().uid(), positions.size() + 1);
    }
    if (json.chosen()) {
      JsonFlag.print(out, asMap(job, plan, positions));
    } else {
      printText(job, plan, positions);
    }
    out.flush();
    return ExitCode.GOOD;
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
    out.printf(
        "%n%s: %s %s at block %d, taken %s, seed %d: %d neurons, %s. Nothing was sent.%n",
        job.name(),
        plan.snapshot().network(),
        plan.snapshot().netuid(),
        plan.snapshot().block(),
        plan.snapshot().takenAt(),
        plan.seed(),
        plan.decisions().size(),
        counts(plan));
  }

  private static Map<Decision.Verdict, Integer> counts(RoundPlan plan) {
    Map<Decision.Verdict, Integer> counts = new EnumMap<>(Decision.Verdict.class);
    plan.decisions().forEach(decision -> counts.merge(decision.verdict(), 1, Integer::sum));
    return counts;
  }

  private static Map<String, @Nullable Object> asMap(
      JobDefinition job, RoundPlan plan, Map<Uid, Integer> positions) {
    List<Map<String, @Nullable Object>> neurons = new ArrayList<>();
    for (Decision decision : plan.decisions()) {
      Map<String, @Nullable Object> neuron = new LinkedHashMap<>();
      neuron.put("uid", decision.neuron().uid().value());
      neuron.put("hotkey", decision.neuron().hotkey().text());
      neuron.put("endpoint", endpoint(decision));
      neuron.put("decision", decision.verdict().name());
      neuron.put("reason", decision.reason());
      neuron.put("position", positions.get(decision.neuron().uid()));
      neurons.add(neuron);
    }
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("job", job.name());
    map.put("network", plan.snapshot().network());
    map.put("netuid", plan.snapshot().netuid().value());
    map.put("block", plan.snapshot().block());
    map.put("taken_at", plan.snapshot().takenAt().toString());
    map.put("seed", plan.seed());
    map.put("counts", counts(plan));
    map.put("neurons", neurons);
    return map;
  }

  private static String endpoint(Decision decision) {
    return decision.neuron().endpoint().map(Object::toString).orElse("-");
  }
}
