package org.axonometer.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.axonometer.history.Database;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.metagraph.SnapshotFile;
import org.axonometer.mockaxons.MockAxonPark;
import org.axonometer.mockaxons.ReceivedQuery;
import org.axonometer.rounds.RoundsApplication;
import org.axonometer.wallet.Hotkey;
import org.axonometer.wallet.Keyring;
import org.axonometer.wallet.PasswordSource;
import org.axonometer.wallet.WalletDirectory;

/** A folder with all a round needs: a park's snapshot, its validator's wallet and a job file. */
public record TestRounds(Path folder) {
  private static final Map<Path, List<MockAxonPark>> PARKS = new ConcurrentHashMap<>();

  /** What parks received of rounds in this folder. */
  static List<ReceivedQuery> received(Path folder) {
    return PARKS.getOrDefault(folder, List.of()).stream()
        .flatMap(park -> park.receivedQueries().stream())
        .toList();
  }

  static void forget(Path folder) {
    PARKS.remove(folder);
  }

  /** The application on a database that stays the caller's to close. */
  public static RoundsApplication start(Database database, Path exports) {
    return start(database, exports, RoundsApplication.MOST_IN_FLIGHT);
  }

  /** As {@link #start(Database, Path)}, with so many queries in flight at the most. */
  public static RoundsApplication start(Database database, Path exports, int mostInFlight) {
    return RoundsApplication.start(
        database, exports, mostInFlight, new Keyring(PasswordSource.none()));
  }

  /** Writes the park's snapshot and wallet. */
  public static TestRounds in(Path folder, MockAxonPark park) {
    PARKS.computeIfAbsent(folder, none -> new CopyOnWriteArrayList<>()).add(park);
    return in(folder, park.snapshot(), park.validator());
  }

  public static TestRounds in(Path folder, MetagraphSnapshot snapshot, Hotkey validator) {
    SnapshotFile.write(snapshot, folder.resolve("snapshot.json"));
    new WalletDirectory(folder.resolve("wallets")).create("default", "default", validator);
    return new TestRounds(folder);
  }

  /**
   * A job that asks {@code Prompt}; {@code ask} is the lines of its ask block, without indentation.
   */
  public Path job(String name, String... ask) {
    var yaml =
        new StringBuilder(
            """
            network: local
            netuid: 1
            snapshot: {file: snapshot.json}
            wallet: {path: wallets}
            synapse:
              name: Prompt
              request:
                roles: {type: "list[str]", value: [user]}
                messages: {type: "list[str]", value: ["What is the time?"]}
              response:
                completion: optional[str]
              hash-fields: [roles, messages]
            select:
              allow-addresses: [127.0.0.0/8]
            score:
              fields: {completion: /completion}
            ask:
            """);
    for (String line : ask) {
      yaml.append("  ").append(line).append('\n');
    }
    try {
      Path file = folder.resolve("jobs").resolve(name + ".yaml");
      Files.createDirectories(file.getParent());
      return Files.writeString(
          file,
          yaml.toString()
              .replace("snapshot.json", "../snapshot.json")
              .replace("path: wallets", "path: ../wallets"));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
