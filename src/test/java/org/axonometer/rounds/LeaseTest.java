package org.axonometer.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.axonometer.history.RoundStore;
import org.axonometer.scoring.RoundSealing;
import org.axonometer.testing.MutableClock;
import org.junit.jupiter.api.Test;

class LeaseTest {
  private final MutableClock clock = MutableClock.standing(Instant.parse("2027-01-01T00:00:00Z"));
  private final ScriptedRow row = new ScriptedRow();

  /** A row whose renewal takes until the test lets it go on. */
  private static final class ScriptedRow implements Lease.Row {
    final CountDownLatch renewing = new CountDownLatch(1);
    final CountDownLatch goOn = new CountDownLatch(1);
    final List<String> done = new CopyOnWriteArrayList<>();
    private volatile Thread renewer = Thread.currentThread();

    @Override
    public boolean renew() {
      renewer = Thread.currentThread();
      renewing.countDown();
      try {
        goOn.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      done.add("renewed");
      return true;
    }

    @Override
    public void seal(RoundStore.Sealing sealing) {
      done.add("sealed");
    }

    @Override
    public void release() {
      done.add(renewer.isAlive() ? "released while renewing goes on" : "released");
    }
  }

  private Lease begin() {
    Lease lease = Lease.begin(7, 1, row, clock, Lease.now(clock));
    clock.set(RoundStore.lease().dividedBy(4));
    return lease;
  }

  @Test
  void anEndThatComesDuringARenewalStands() throws Exception {
    Lease lease = begin();
    row.renewing.await();
    Thread closing = Thread.ofPlatform().start(lease::close);
    while (closing.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    row.goOn.countDown();
    assertThat(closing.join(Duration.ofMinutes(1))).isTrue();
    assertThat(row.done).containsExactly("renewed", "released");
  }

  @Test
  void aSealedRoundIsNotGivenBack() {
    row.goOn.countDown();
    try (Lease lease = begin()) {
      lease.seal(new RoundSealing(clock));
    }
    assertThat(row.done).contains("sealed").doesNotContain("released");
  }
}
