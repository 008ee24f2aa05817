package org.axonometer.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.axonometer.history.Database;
import org.axonometer.history.HistoryQueries;
import org.axonometer.history.KeptSynapses;
import org.axonometer.history.Round;
import org.axonometer.history.RoundDetails;
import org.axonometer.history.StoredChallenges;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.subnet.ForeignText;
import org.axonometer.subnet.Uid;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** One round: outcomes and partition steps, or one target's stored bodies. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description =
        "Shows a round: its outcomes and its partition steps; with --body what was sent to a uid and what came back.")
final class ShowCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private HistoryFlags home = new HistoryFlags();
  @Mixin private JsonFlag json = new JsonFlag();

  @Parameters(paramLabel = "<round>", description = "The round's number, or last.")
  private String number = "";

  @Option(
      names = "--body",
      paramLabel = "<uid>",
      description = "Print the stored request and response bodies of this uid.")
  private @Nullable Integer uid;

  @Option(
      names = "--synapses",
      arity = "0..1",
      fallbackValue = "1000",
      paramLabel = "<n>",
      description =
          "Print the first n attempts (1000) as the base synapses Python's dendrite would have kept in its"
              + " synapse_history, one JSON object a line.")
  private @Nullable Integer synapses;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (Database database = Stored.database(home)) {
      var queries = new HistoryQueries(database);
      var details = new RoundDetails(database);
      Round round = Stored.round(queries, number);
      if (synapses != null) {
        List<ObjectNode> kept =
            new KeptSynapses(database)
                .ofRound(round.id(), most(synapses)).stream().map(ShowCommand::synapse).toList();
        if (json.chosen()) {
          JsonFlag.print(out, Map.of("round", round.id(), "synapses", kept));
        } else {
          kept.forEach(line -> out.println(AsciiJson.MAPPER.writeValueAsString(line)));
        }
      } else if (uid == null) {
        if (json.chosen()) {
          JsonFlag.print(out, new RoundTelling(queries, details, round).asMap());
        } else {
          show(out, queries, round);
          showSteps(out, details.partitionSteps(round.id()));
        }
      } else {
        List<RoundDetails.AttemptBodies> attempts = attempts(details, round, uid(uid));
        var asked = new AskedFields(round, uid(uid), new StoredChallenges(database).of(round.id()));
        if (json.chosen()) {
          JsonFlag.print(
              out,
              Map.of(
                  "round",
                  round.id(),
                  "uid",
                  uid,
                  "attempts",
                  attempts.stream().map(attempt -> RoundTelling.asMap(attempt, asked)).toList()));
        } else {
          showBodies(out, attempts, asked);
        }
      }
      out.flush();
      return ExitCode.GOOD;
    }
  }

  private static int most(int synapses) {
    if (synapses < 1) {
      throw new CommandException("--synapses is " + synapses + "; it must be 1 or more");
    }
    return synapses;
  }

  private static ObjectNode synapse(KeptSynapses.Kept attempt) {
    ObjectNode line = JsonNodeFactory.instance.objectNode();
    line.put("uid", attempt.uid().value());
    line.put("attempt", attempt.attempt());
    line.put("outcome", attempt.outcome().name());
    line.set("synapse", attempt.synapse().toJson());
    return line;
  }

  private static Uid uid(int value) {
    try {
      return new Uid(value);
    } catch (IllegalArgumentException e) {
      throw new CommandException("--body: " + e.getMessage(), e);
    }
  }

  private static void show(PrintWriter out, HistoryQueries queries, Round round) {
    out.printf("round      %d (%s, %s)%n", round.id(), round.kind(), round.state());
    queries.follows(round.id()).ifPresent(id -> out.printf("follows    round %d%n", id));
    List<Long> followUps = queries.followUps(round.id());
    if (!followUps.isEmpty()) {
      out.printf(
          "followed   by %s%n",
          followUps.stream().map(id -> "round " + id).collect(Collectors.joining(", ")));
    }
    out.printf("job        %s (%s)%n", round.job(), round.jobFile());
    out.printf("snapshot   %s %s at block %d%n", round.network(), round.netuid(), round.block());
    queries
        .snapshotAge(round.id())
        .ifPresent(
            age -> {
              out.printf(
                  "           %s old when the round opened%n",
                  MetagraphSnapshot.ageText(age.age()));
              age.notes()
                  .ifPresent(notes -> out.printf("           %s%n", ForeignText.escape(notes)));
            });
    out.printf("hotkey     %s%n", round.ownHotkey());
    out.printf("opened     %s, deadline %s%n", round.openedAt(), round.deadline());
    round.sealedAt().ifPresent(at -> out.printf("sealed     %s%n", at));
    queries
        .seal(round.id())
        .ifPresent(
            seal -> out.printf("seal       %s (inputs %s)%n", seal.sha256(), seal.inputsSha256()));
    out.printf("seed       %d%n%n", round.seed());
    out.printf("%-16s %8s%n", "outcome", "targets");
    for (HistoryQueries.OutcomeCount count : queries.outcomes(round.id())) {
      out.printf(
          "%-16s %8d%n", count.outcome().map(Enum::name).orElse("(not ended)"), count.targets());
    }
  }

  private static void showSteps(PrintWriter out, List<RoundDetails.PartitionStep> steps) {
    out.printf(
        "%n%-4s %-12s %-10s %8s %8s %9s%n",
        "run", "step", "status", "read", "written", "rollbacks");
    for (RoundDetails.PartitionStep step : steps) {
      out.printf(
          "%-4d %-12s %-10s %8d %8d %9d%n",
          step.run(), step.name(), step.status(), step.read(), step.written(), step.rollbacks());
      step.cause().ifPresent(cause -> out.printf("     cause: %s%n", cause));
    }
  }

  private static List<RoundDetails.AttemptBodies> attempts(
      RoundDetails details, Round round, Uid uid) {
    List<RoundDetails.AttemptBodies> attempts = details.bodies(round.id(), uid);
    if (attempts.isEmpty()) {
      throw new CommandException("round %d sent nothing to that uid".formatted(round.id()));
    }
    return attempts;
  }

  private static void showBodies(
      PrintWriter out, List<RoundDetails.AttemptBodies> attempts, AskedFields asked) {
    for (RoundDetails.AttemptBodies attempt : attempts) {
      out.printf(
          "attempt %d: %s %s, uuid %s, nonce %d, claimed %s%n",
          attempt.attempt(),
          attempt.state(),
          attempt.outcome() == null ? "" : attempt.outcome(),
          attempt.uuid(),
          attempt.nonceNanos(),
          attempt.claimedAt());
      out.println("asked:    " + ForeignText.escape(asked.at(attempt.attempt())));
      out.println(
          "request:  " + attempt.request().map(ShowCommand::printable).orElse("(not stored)"));
      out.println("headers:  " + attempt.responseHeaders().orElse("(not stored)"));
      out.println(
          "response: " + attempt.response().map(ShowCommand::printable).orElse("(not stored)"));
    }
  }

  private static String printable(byte[] bytes) {
    return ForeignText.escape(text(bytes));
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
