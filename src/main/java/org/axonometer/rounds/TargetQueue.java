package org.axonometer.rounds;

import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.axonometer.history.PlannedTarget;

/**
 * Targets still to be asked, in their order. One whose address is busy steps aside, so that it
 * holds up nobody behind it, and comes before all others once there is room. Not safe for many
 * threads.
 */
final class TargetQueue {
  private final Deque<PlannedTarget> left;
  private final Map<InetAddress, Deque<Aside>> aside = new LinkedHashMap<>();

  private record Aside(PlannedTarget target, long sinceNanos) {}

  /**
   * A target whose address has been entered for it.
   *
   * @param waitedNanos how long it stood aside
   */
  record Ready(PlannedTarget target, long waitedNanos) {}

  TargetQueue(Collection<PlannedTarget> targets) {
    this.left = new ArrayDeque<>(targets);
  }

  boolean isEmpty() {
    return left.isEmpty() && aside.isEmpty();
  }

  int size() {
    return left.size() + aside.values().stream().mapToInt(Deque::size).sum();
  }

  void add(Collection<PlannedTarget> targets) {
    left.addAll(targets);
  }

  /** Puts back what {@link #take} gave; its addresses are left. */
  void putBack(List<Ready> taken, BusyAddresses.OfARound busy) {
    for (Ready ready : taken.reversed()) {
      busy.leave(ready.target().endpoint());
      left.addFirst(ready.target());
    }
  }

  /** Up to {@code most} of the next targets whose address has room, which they take. */
  List<Ready> take(int most, BusyAddresses.OfARound busy) {
    List<Ready> ready = new ArrayList<>(most);
    Iterator<Map.Entry<InetAddress, Deque<Aside>>> hosts = aside.entrySet().iterator();
    while (hosts.hasNext() && ready.size() < most) {
      Map.Entry<InetAddress, Deque<Aside>> host = hosts.next();
      takeAside(host.getKey(), host.getValue(), most, busy, ready);
      if (host.getValue().isEmpty()) {
        hosts.remove();
      }
    }
    while (ready.size() < most && !left.isEmpty()) {
      PlannedTarget target = left.removeFirst();
      if (busy.enter(target.endpoint())) {
        ready.add(new Ready(target, 0));
      } else {
        aside
            .computeIfAbsent(target.endpoint().host(), host -> new ArrayDeque<>())
            .add(new Aside(target, System.nanoTime()));
      }
    }
    return ready;
  }

  private static void takeAside(
      InetAddress host,
      Deque<Aside> waiting,
      int most,
      BusyAddresses.OfARound busy,
      List<Ready> ready) {
    Iterator<Aside> next = waiting.iterator();
    while (next.hasNext() && ready.size() < most && busy.hasRoom(host)) {
      Aside one = next.next();
      if (busy.enter(one.target().endpoint())) {
        next.remove();
        ready.add(new Ready(one.target(), System.nanoTime() - one.sinceNanos()));
      }
    }
  }
}
