package org.axonometer.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.axonometer.metagraph.SnapshotFile;
import org.axonometer.mockaxons.MockAxonPark;
import org.axonometer.mockaxons.ParkSettings;
import org.axonometer.mockaxons.Profile;
import org.axonometer.subnet.NetUid;
import org.axonometer.wallet.WalletDirectory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A park of simulated axons, until Ctrl-C. */
@Command(
    name = "mock-axons",
    mixinStandardHelpOptions = true,
    description = {
      "Runs simulated axons on loopback that speak the real protocol, each with its own key and address, until Ctrl-C.",
      "Writes into --dir: snapshot.json that names them, wallets/default/hotkeys/default (the rehearsal's validator), and"
          + " received.log with every query they received. Jobs need allow-addresses: [127.0.0.0/8]."
    })
final class MockAxonsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--count",
      paramLabel = "<n>",
      defaultValue = "64",
      description = "How many, 1 to 4096. Default: 64")
  private int count;

  @Option(
      names = "--profile",
      paramLabel = "<profile>",
      defaultValue = "mixed",
      description = "${COMPLETION-CANDIDATES}. Default: MIXED")
  private Profile profile = Profile.MIXED;

  @Option(
      names = "--delay",
      paramLabel = "<ms>",
      defaultValue = "0",
      description = "Milliseconds before each answer. Default: 0")
  private long delayMillis;

  @Option(
      names = "--hanging",
      paramLabel = "<n>",
      defaultValue = "0",
      description = "The first n accept and never answer.")
  private int hanging;

  @Option(
      names = "--port",
      paramLabel = "<port>",
      defaultValue = "0",
      description = "The same port for every axon. Default: free ones")
  private int port;

  @Option(
      names = "--netuid",
      paramLabel = "<n>",
      defaultValue = "1",
      description = "Subnet named in the snapshot. Default: 1")
  private int netuid;

  @Option(
      names = "--network",
      paramLabel = "<name>",
      defaultValue = "local",
      description = "Network named in the snapshot. Default: local")
  private String network = "";

  @Option(
      names = "--seed",
      paramLabel = "<n>",
      defaultValue = "1",
      description = "Seed of the keys and of the mix. Default: 1")
  private long seed;

  @Option(
      names = "--dir",
      paramLabel = "<dir>",
      defaultValue = ".demo",
      description = "Where to write. Default: .demo")
  private Path folder = Path.of("");

  @Override
  public Integer call() throws InterruptedException {
    WalletDirectory wallets =
        new WalletDirectory(folder.toAbsolutePath().normalize().resolve("wallets"));
    makeFolder();
    try (MockAxonPark park = MockAxonPark.open(settings())) {
      Path hotkey = wallets.root().resolve("default").resolve("hotkeys").resolve("default");
      if (!Files.exists(hotkey)) {
        wallets.create("default", "default", park.validator());
      } else if (!wallets.open("default", "default").address().equals(park.validator().address())) {
        throw new CommandException(
            hotkey
                + " holds another hotkey than this park's validator; choose another --dir or --seed");
      }
      Path snapshot = folder.resolve("snapshot.json");
      SnapshotFile.write(park.snapshot(), snapshot);
      var interrupted = new CountDownLatch(1);
      Interruption.handledBy(interrupted::countDown);
      spec.commandLine()
          .getOut()
          .printf(
              "%d axons (%s) are listening; snapshot %s, validator %s. Ctrl-C ends them.%n",
              count, profile, snapshot, park.validator().address());
      spec.commandLine().getOut().flush();
      interrupted.await();
    }
    return ExitCode.GOOD;
  }

  private void makeFolder() {
    try {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (IOException e) {
      throw new CommandException("the folder " + folder + " cannot be made: " + e.getMessage(), e);
    }
  }

  private ParkSettings settings() {
    try {
      return ParkSettings.of(count, profile)
          .withDelay(Duration.ofMillis(delayMillis))
          .withSeed(seed)
          .withSubnet(network, new NetUid(netuid), 1_000_000)
          .withPort(port)
          .withHanging(hanging)
          .withNonceLog(folder.resolve("received.log"));
    } catch (IllegalArgumentException e) {
      throw new CommandException("mock-axons: " + e.getMessage(), e);
    }
  }
}
