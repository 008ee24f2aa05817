package org.axonometer.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.axonometer.history.Database;
import org.axonometer.metagraph.SnapshotFile;
import org.axonometer.mockaxons.MockAxonPark;
import org.axonometer.mockaxons.ParkSettings;
import org.axonometer.mockaxons.Profile;
import org.axonometer.wallet.WalletDirectory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * What the launcher runs once under {@code -XX:AOTCacheOutput}, so that the cache holds the classes
 * of a round and of the commands an operator types most, and what the compiler wants to know of
 * them. Asks nobody but simulated axons of its own, with their rehearsal's key.
 */
@Command(
    name = "train-start-up",
    hidden = true,
    mixinStandardHelpOptions = true,
    description = {
      "Runs a round against simulated axons and some short commands in an empty folder, for the launcher's start-up cache.",
      "Ends with the code of the round."
    })
final class TrainStartUpCommand implements Callable<Integer> {
  private static final int AXONS = 64;

  private static final String JOB =
      """
      network: local
      netuid: 1
      snapshot: {file: snapshot.json}
      wallet: {path: wallets}
      synapse:
        name: Prompt
        request: {roles: {type: "list[str]", value: [user]}, messages: {type: "list[str]", value: [rehearsal]}}
        response: {completion: "optional[str]"}
        hash-fields: [roles, messages]
      select: {allow-addresses: [127.0.0.0/8]}
      ask: {timeout: 2s, concurrency: 32, partitions: 4}
      score: {fields: {completion: /completion}}
      """;

  private static final List<List<String>> COMMANDS =
      List.of(
          List.of("--help"),
          List.of("status"),
          List.of("status", "--json"),
          List.of("rounds"),
          List.of("show", "last"),
          List.of("plan", "demo"),
          List.of("jobs", "list"),
          List.of("sql", "select * from round"),
          List.of("sql", "--format", "json", "select count(*) from synapse_history"));

  @Mixin private HomeFlag home = new HomeFlag();

  @Override
  public Integer call() throws IOException {
    Database.own(home.path()).close();
    int code = round();
    for (List<String> command : COMMANDS) {
      execute(command);
    }
    return code;
  }

  private int round() throws IOException {
    try (MockAxonPark park = MockAxonPark.open(ParkSettings.of(AXONS, Profile.HONEST))) {
      new WalletDirectory(home.path().resolve("wallets"))
          .create("default", "default", park.validator());
      SnapshotFile.write(park.snapshot(), home.path().resolve("snapshot.json"));
      Path job = home.path().resolve("rehearsal.yaml");
      Files.writeString(job, JOB);
      return execute(List.of("run", job.toString()));
    }
  }

  private int execute(List<String> command) {
    List<String> arguments = new ArrayList<>(command);
    if (!command.contains("--help")) {
      arguments.addAll(List.of("--home", home.path().toString()));
    }
    try (PrintWriter nowhere = new PrintWriter(Writer.nullWriter())) {
      CommandLine axonometer = Axonometer.commandLine();
      axonometer.setOut(nowhere);
      axonometer.setErr(nowhere);
      return axonometer.execute(arguments.toArray(String[]::new));
    }
  }
}
