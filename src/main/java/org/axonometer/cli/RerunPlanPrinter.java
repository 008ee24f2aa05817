package org.axonometer.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.axonometer.history.AskableTarget;
import org.axonometer.history.Round;
import org.axonometer.rounds.RerunPlan;
import org.jspecify.annotations.Nullable;

/** Prints whom a rerun would ask, in the order of the round. */
record RerunPlanPrinter(PrintWriter out, JsonFlag json) {

  int print(RerunPlan plan) {
    if (json.chosen()) {
      JsonFlag.print(out, asMap(plan));
    } else {
      printText(plan);
    }
    out.flush();
    return ExitCode.GOOD;
  }

  private void printText(RerunPlan plan) {
    out.printf(
        "%5s  %-48s  %-24s  %8s  %s%n", "uid", "hotkey", "endpoint", "attempts", "last outcome");
    for (AskableTarget target : plan.targets()) {
      out.printf(
          "%5s  %-48s  %-24s  %8d  %s%n",
          target.uid(),
          target.hotkey(),
          target.endpoint(),
          target.attempts(),
          target.outcome().map(Enum::name).orElse("(not asked)"));
    }
    out.printf(
        "%nround %d of %s, %s: %d targets would be asked%s. Nothing was sent.%n",
        plan.round().id(),
        plan.round().job(),
        plan.round().state(),
        plan.targets().size(),
        followUp(plan) ? " in a follow-up round" : "");
  }

  private static boolean followUp(RerunPlan plan) {
    return plan.round().state() == Round.State.SEALED;
  }

  private static Map<String, @Nullable Object> asMap(RerunPlan plan) {
    List<Map<String, @Nullable Object>> targets = new ArrayList<>();
    for (AskableTarget target : plan.targets()) {
      Map<String, @Nullable Object> map = new LinkedHashMap<>();
      map.put("uid", target.uid().value());
      map.put("hotkey", target.hotkey().text());
      map.put("endpoint", target.endpoint().toString());
      map.put("attempts", target.attempts());
      map.put("last_outcome", target.outcome().map(Enum::name).orElse(null));
      targets.add(map);
    }
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("round", plan.round().id());
    map.put("job", plan.round().job());
    map.put("state", plan.round().state().name());
    map.put("follow_up", followUp(plan));
    map.put("targets", targets);
    return map;
  }
}
