package org.axonometer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A round on a machine whose network is gone: it has nothing but loopback. */
class NoRouteIT {
  @TempDir private Path folder;

  @Test
  void nobodyIsBlamedWhenThereIsNoRouteToAnybody() throws Exception {
    var network = new OwnNetwork(folder, "ip link set lo up && exec \"$@\"");
    network.need();
    assertThat(network.round(2, "3s", "8.8.4.1", "8.8.4.2", "2606:4700::1111", "2606:4700::2222"))
        .hasSize(4)
        .allSatisfy(
            row -> {
              assertThat(row.get("outcome").stringValue()).isEqualTo("LOCAL_FAULT");
              assertThat(row.get("blame").stringValue()).isEqualTo("VALIDATOR");
              assertThat(row.get("detail").stringValue()).contains("this machine cannot connect");
            });
  }
}
