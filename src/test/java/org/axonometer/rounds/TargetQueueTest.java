package org.axonometer.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.axonometer.testing.SnapshotNeurons.hotkey;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.axonometer.history.PlannedTarget;
import org.axonometer.subnet.AxonEndpoint;
import org.axonometer.subnet.Uid;
import org.junit.jupiter.api.Test;

class TargetQueueTest {

  private final BusyAddresses.OfARound busy = new BusyAddresses().upTo(4);

  @Test
  void whoWaitsForAnAddressHoldsUpNobodyBehind() {
    List<PlannedTarget> crowd =
        IntStream.range(0, 5_000).mapToObj(uid -> target(uid, "8.8.8.8", 1_000 + uid)).toList();
    var queue =
        new TargetQueue(
            Stream.concat(crowd.stream(), Stream.of(target(9_000, "8.8.4.4", 80))).toList());
    assertThat(uids(queue.take(50, busy))).containsExactly(0, 1, 2, 3, 9_000);
    assertThat(queue.take(50, busy)).isEmpty();
    assertThat(queue.size()).isEqualTo(4_996);
    busy.leave(crowd.get(2).endpoint());
    List<TargetQueue.Ready> next = queue.take(50, busy);
    assertThat(uids(next)).containsExactly(4);
    assertThat(next.getFirst().waitedNanos()).isPositive();
  }

  @Test
  void oneAtATimeGoesToAnAddressAndPort() {
    var queue =
        new TargetQueue(
            List.of(target(1, "8.8.8.8", 80), target(2, "8.8.8.8", 80), target(3, "8.8.8.8", 81)));
    assertThat(uids(queue.take(50, busy))).containsExactly(1, 3);
    busy.leave(target(3, "8.8.8.8", 81).endpoint());
    assertThat(queue.take(50, busy)).isEmpty();
    busy.leave(target(1, "8.8.8.8", 80).endpoint());
    assertThat(uids(queue.take(50, busy))).containsExactly(2);
    assertThat(queue.isEmpty()).isTrue();
  }

  @Test
  void whatWasPutBackComesFirstAgain() {
    var queue = new TargetQueue(List.of(target(1, "8.8.8.8", 80), target(2, "8.8.4.4", 80)));
    List<TargetQueue.Ready> taken = queue.take(1, busy);
    queue.putBack(taken, busy);
    assertThat(uids(queue.take(50, busy))).containsExactly(1, 2);
  }

  private static PlannedTarget target(int uid, String ip, int port) {
    return new PlannedTarget(
        new Uid(uid), hotkey(uid), new AxonEndpoint(AxonEndpoint.literal(ip), port), uid + 1, 0, 1);
  }

  private static List<Integer> uids(List<TargetQueue.Ready> ready) {
    return ready.stream().map(one -> one.target().uid().value()).toList();
  }
}
