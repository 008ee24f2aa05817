package org.axonometer.dendrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.axonometer.subnet.AxonEndpoint;
import org.axonometer.synapse.UnsignedRequests;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("measures")
class WarmUpIT {

  @BeforeAll
  static void properties() {
    HttpProperties.set();
  }

  @Test
  void asksItsOwnLoopbackSocketsAsOftenAsTold() throws InterruptedException {
    Set<AxonEndpoint> asked = ConcurrentHashMap.newKeySet();
    long before = Descriptors.open();
    try (Dendrite dendrite = new Dendrite(10_000)) {
      int answered =
          WarmUp.run(
              dendrite,
              UnsignedRequests.dummy(),
              axon -> {
                asked.add(axon);
                return UnsignedRequests.to(axon, Duration.ofSeconds(5));
              },
              300,
              16,
              () -> true);
      assertThat(answered).isEqualTo(300);
    }
    assertThat(asked).hasSize(16);
    assertThat(asked)
        .extracting(AxonEndpoint::host)
        .containsOnly(InetAddress.ofLiteral("127.0.0.1"));
    Descriptors.awaitAtMost(before + 8);
  }

  @Test
  void endsWhenItsSocketTakesNoConnectionAnyMore() throws IOException {
    AtomicInteger tries = new AtomicInteger();
    try (ServerSocket exhausted =
        new ServerSocket() {
          @Override
          public Socket accept() throws IOException {
            if (tries.incrementAndGet() > 1_000) {
              throw new IllegalStateException("it spins");
            }
            throw new SocketException("Too many open files");
          }
        }) {
      WarmUp.answer(exhausted, new byte[0]);
      assertThat(tries).hasValue(1);
      assertThat(exhausted.isClosed()).isTrue();
    }
  }

  @Test
  void needsAtLeastOneQuery() {
    try (Dendrite dendrite = new Dendrite(10_000)) {
      assertThatThrownBy(
              () ->
                  WarmUp.run(
                      dendrite,
                      UnsignedRequests.dummy(),
                      axon -> UnsignedRequests.to(axon, Duration.ofSeconds(1)),
                      0,
                      1,
                      () -> true))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
