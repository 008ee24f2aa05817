package org.axonometer.mockaxons;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import org.axonometer.mockaxons.Behaviour.Manner;
import org.axonometer.subnet.Ss58Address;
import org.axonometer.subnet.Uid;

/** One simulated axon: who it is, where it listens, what it does, what it has seen. Thread-safe. */
final class MockAxon {
  private final Uid uid;
  private final Ss58Address hotkey;
  private final InetSocketAddress address;
  private final SynapseAxon synapses;
  private final QueryBook book;
  private final Workers workers;
  private final LongAdder received = new LongAdder();
  private final LongAdder verified = new LongAdder();
  private final LongAdder answered = new LongAdder();
  private final LongAccumulator worstLateNanos = new LongAccumulator(Math::max, 0);

  /**
   * @param hotkey what the snapshot says
   */
  MockAxon(
      Uid uid,
      Ss58Address hotkey,
      InetSocketAddress address,
      SynapseAxon synapses,
      QueryBook book,
      Workers workers) {
    this.uid = uid;
    this.hotkey = hotkey;
    this.address = address;
    this.synapses = synapses;
    this.book = book;
    this.workers = workers;
  }

  Uid uid() {
    return uid;
  }

  Ss58Address hotkey() {
    return hotkey;
  }

  InetSocketAddress address() {
    return address;
  }

  Behaviour behaviour() {
    return synapses.behaviour();
  }

  Traffic traffic() {
    return new Traffic(
        received.sum(), verified.sum(), answered.sum(), Duration.ofNanos(worstLateNanos.get()));
  }

  /** Writes the query down, before anything else is done with it. */
  void noteReceived(HttpRequest request) throws IOException {
    book.write(uid, request);
    received.increment();
  }

  /** Makes what leaves for this query. Waits for the park's workers, which do all computing. */
  Delivery prepare(HttpRequest request, byte[] body, InetSocketAddress client)
      throws InterruptedException {
    Manner manner = synapses.behaviour().manner();
    if (!manner.checks()) {
      return Delivery.of(manner, null, request.keepAlive());
    }
    SynapseAxon.Reply reply = workers.run(() -> synapses.reply(request, body, client));
    if (reply.verified()) {
      verified.increment();
    }
    return Delivery.of(manner, reply.http(), request.keepAlive());
  }

  void noteAnswered(long lateNanos) {
    answered.increment();
    worstLateNanos.accumulate(lateNanos);
  }
}
