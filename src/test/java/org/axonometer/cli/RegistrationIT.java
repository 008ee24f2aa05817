package org.axonometer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.axonometer.metagraph.MetagraphSnapshot;
import org.axonometer.metagraph.Neuron;
import org.axonometer.subnet.NetUid;
import org.axonometer.testing.Shell;
import org.axonometer.testing.SnapshotNeurons;
import org.axonometer.testing.TestRounds;
import org.axonometer.wallet.Hotkey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code doctor} says of a hotkey that axons may not answer, before any is asked. */
class RegistrationIT {
  @TempDir private Path folder;

  private String registration(Hotkey hotkey, Neuron... neurons) {
    TestRounds.in(
            folder,
            MetagraphSnapshot.of(
                "local", new NetUid(1), 1_000, Instant.now().minusSeconds(20), List.of(neurons)),
            hotkey)
        .job("mine", "timeout: 3s");
    Shell.Ended doctor = Shell.in(folder).run("scripts/axonometer doctor mine");
    assertThat(doctor.exitCode()).as(doctor.toString()).isZero();
    return doctor
        .out()
        .lines()
        .filter(line -> line.contains("registration of mine"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void warnsOfAHotkeyThatIsNotRegistered() {
    Hotkey hotkey = Hotkey.generate();
    assertThat(registration(hotkey, SnapshotNeurons.serving(0, "127.0.0.1", 8_091)))
        .startsWith("warn")
        .contains(hotkey.address() + " is not registered on local 1 at block 1000");
  }

  @Test
  void warnsOfAHotkeyWithoutAPermit() {
    Hotkey hotkey = Hotkey.generate();
    Neuron miner = SnapshotNeurons.serving(0, "127.0.0.1", 8_091);
    assertThat(
            registration(
                hotkey,
                new Neuron(
                    miner.uid(),
                    hotkey.address(),
                    miner.coldkey(),
                    miner.axonIp(),
                    miner.axonIpType(),
                    miner.axonPort(),
                    miner.axonVersion(),
                    miner.axonBlock(),
                    miner.stakeRao(),
                    miner.active(),
                    false,
                    miner.incentive(),
                    miner.dividends(),
                    miner.consensus(),
                    miner.lastUpdate())))
        .startsWith("warn")
        .contains("uid 0 has no validator permit");
  }
}
