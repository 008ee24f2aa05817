package org.axonometer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Axons behind a router that answers for them: one "host unreachable", one "forbidden". The router
 * is a second network namespace, and neither can reach any other network.
 */
class IcmpUnreachableIT {
  private static final String NETWORK =
      """
      set -e
      ip link set lo up
      unshare -n sleep 600 &
      router=$!
      trap 'kill $router' EXIT
      here=$(readlink /proc/self/ns/net)
      while [ "$(readlink /proc/$router/ns/net)" = "$here" ]; do sleep 0.05; done
      ip link add inside type veth peer name outside netns $router
      ip addr add 10.77.0.1/30 dev inside
      ip link set inside up
      ip route add default via 10.77.0.2
      of_router() { nsenter -t $router -n "$@"; }
      of_router ip addr add 10.77.0.2/30 dev outside
      of_router ip link set outside up
      of_router sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward'
      of_router ip route add unreachable 8.8.4.0/24
      of_router ip route add prohibit 8.8.5.0/24
      "$@"
      """;

  @TempDir private Path folder;

  @Test
  void whatARouterSaysOfAnAxonIsUnreachableAndAtOnce() throws Exception {
    var network = new OwnNetwork(folder, NETWORK);
    network.need();
    assertThat(network.round(0, "20s", "8.8.4.1", "8.8.5.1"))
        .hasSize(2)
        .allSatisfy(
            row -> {
              assertThat(row.get("outcome").stringValue()).isEqualTo("UNREACHABLE");
              assertThat(row.get("blame").stringValue()).isEqualTo("NETWORK");
              assertThat(row.get("detail").stringValue()).contains("no connection");
            });
  }
}
