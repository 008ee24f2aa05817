package org.axonometer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.axonometer.challenges.ChallengeSeed;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.metagraph.Neuron;
import org.axonometer.metagraph.SnapshotFile;
import org.axonometer.subnet.NetUid;
import org.axonometer.subnet.Ss58Address;
import org.axonometer.testing.CountedProgram;
import org.axonometer.testing.CountedSockets;
import org.axonometer.testing.ScriptedAxon;
import org.axonometer.testing.SharedFolder;
import org.axonometer.testing.TestRounds;
import org.axonometer.wallet.Hotkey;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Plans of the recorded mainnet subnet with a challenge for each target, in processes whose sockets
 * are counted. Every axon's address is that of a listener here, which would hear any of them.
 */
class DryRunIT {
  private static final int NEURONS = 1_024;

  @TempDir private Path folder;
  private MetagraphSnapshot recorded =
      MetagraphSnapshot.of("finney", new NetUid(1), 1, Instant.EPOCH, List.of());

  @BeforeEach
  void read() {
    Path file =
        SharedFolder.file("metagraph").resolve("finney_sn1_block6530367_neurons_lite.decoded.json");
    Path json = folder.resolve("recorded.json");
    assertThat(
            Axonometer.commandLine()
                .execute(
                    "snapshot",
                    "import",
                    file.toString(),
                    "--network=finney",
                    "--netuid=1",
                    "--block=6530367",
                    "--out=" + json))
        .isZero();
    recorded = SnapshotFile.read(json);
    assertThat(recorded.neurons()).hasSize(NEURONS);
  }

  /** The recorded subnet, with every serving axon at this address. */
  private MetagraphSnapshot at(ScriptedAxon canary) {
    List<Neuron> neurons = new ArrayList<>();
    for (Neuron neuron : recorded.neurons()) {
      boolean serves = neuron.endpoint().isPresent();
      neurons.add(
          new Neuron(
              neuron.uid(),
              neuron.hotkey(),
              neuron.coldkey(),
              serves ? BigInteger.valueOf(0x7f000001L) : BigInteger.ZERO,
              serves ? 4 : 0,
              serves ? canary.endpoint().port() : 0,
              neuron.axonVersion(),
              neuron.axonBlock(),
              neuron.stakeRao(),
              neuron.active(),
              neuron.validatorPermit(),
              neuron.incentive(),
              neuron.dividends(),
              neuron.consensus(),
              neuron.lastUpdate(),
              neuron.totalStakeRao(),
              neuron.registeredBlock()));
    }
    return MetagraphSnapshot.of(
        recorded.network(), recorded.netuid(), recorded.block(), recorded.takenAt(), neurons);
  }

  private Path job(MetagraphSnapshot snapshot) throws IOException {
    Path job = TestRounds.in(folder, snapshot, Hotkey.generate()).job("mainnet", "timeout: 10s");
    return Files.writeString(
        job,
        Files.readString(job).replace("network: local", "network: finney")
            + "challenge: {from: template, fields: {messages: ['{uid} at {block}: {seed}']}}\n");
  }

  private record Ran(int exitCode, int sockets, String out) {}

  private Ran run(String... arguments) throws IOException, InterruptedException {
    Path count = folder.resolve("sockets");
    Path out = folder.resolve("out.txt");
    Files.deleteIfExists(count);
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                "-ea:jdk.internal.net.http.ResponseContent",
                "-Djava.nio.channels.spi.SelectorProvider=" + CountedSockets.class.getName(),
                "-cp",
                System.getProperty("java.class.path"),
                CountedProgram.class.getName(),
                count.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectError(folder.resolve("err.txt").toFile())
            .redirectOutput(out.toFile());
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("AXONOMETER_") || name.startsWith("BT_"));
    Process process = builder.start();
    if (!process.waitFor(3, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new IllegalStateException("still running after three minutes");
    }
    assertThat(count).as(Files.readString(folder.resolve("err.txt"))).exists();
    return new Ran(
        process.exitValue(), Integer.parseInt(Files.readString(count)), Files.readString(out));
  }

  @Test
  void printsEveryBodyWithItsSeedAndContactsNobody() throws Exception {
    try (ScriptedAxon canary = ScriptedAxon.acceptsAndStaysSilent()) {
      Path job = job(at(canary));
      long serving = recorded.neurons().stream().filter(n -> n.endpoint().isPresent()).count();
      assertThat(serving).isEqualTo(1_020);

      Ran plan = run("plan", job.toString(), "--home", "home", "--seed=42", "--json");
      assertThat(plan.exitCode()).as(Files.readString(folder.resolve("err.txt"))).isZero();
      assertThat(plan.sockets()).isZero();
      JsonNode json = JsonMapper.shared().readTree(plan.out());
      assertThat(json.get("bodies")).hasSize((int) serving);
      for (JsonNode body : json.get("bodies")) {
        int uid = body.get("uid").intValue();
        Ss58Address hotkey = recorded.neurons().get(uid).hotkey();
        long seed = ChallengeSeed.of(42, hotkey);
        assertThat(body.get("seed").longValue()).isEqualTo(seed);
        assertThat(body.get("fields").stringValue())
            .contains("\"messages\":[\"%d at 6530367: %d\"]".formatted(uid, seed));
        assertThat(body.get("body_hash").stringValue()).matches("[0-9a-f]{64}");
      }

      Ran dryRun = run("run", job.toString(), "--home", "home", "--seed=42", "--dry-run");
      assertThat(dryRun.exitCode()).isZero();
      assertThat(dryRun.sockets()).isZero();
      assertThat(dryRun.out())
          .contains("1020 bodies. Nothing was sent.")
          .contains(
              "\"messages\":[\"7 at 6530367: %d\"]"
                  .formatted(ChallengeSeed.of(42, recorded.neurons().get(7).hotkey())));

      assertThat(canary.acceptedConnections()).isZero();
      assertThat(folder.resolve("home")).doesNotExist();

      Ran control = run("connect", "127.0.0.1:" + canary.endpoint().port());
      assertThat(control.sockets()).isEqualTo(2);
    }
  }
}
