package org.axonometer.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.axonometer.metagraph.SnapshotException;
import org.junit.jupiter.api.Test;

class OutsideWorkTest {
  private final OutsideWork outside = new OutsideWork();

  private static int untilInterrupted() {
    try {
      new CountDownLatch(1).await();
      return 1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SnapshotException("interrupted while fetching a snapshot", e);
    }
  }

  private static void isStopped(ThrowingCallable work) {
    assertThatThrownBy(work)
        .isInstanceOfSatisfying(
            RoundException.class,
            told -> assertThat(told.reason()).isEqualTo(RoundException.Reason.STOPPED));
  }

  @Test
  void aStopInterruptsWhatIsWaitedForAndNothingThatComesAfter() {
    assertThat(outside.await(() -> 1)).isEqualTo(1);
    outside.requireNotStopped();

    isStopped(
        () ->
            outside.await(
                () -> {
                  outside.stop();
                  return untilInterrupted();
                }));
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    isStopped(() -> outside.await(OutsideWorkTest::untilInterrupted));
    isStopped(outside::requireNotStopped);
  }

  @Test
  void aFailureBeforeTheStopIsToldAsItIs() {
    assertThatThrownBy(
            () ->
                outside.await(
                    () -> {
                      throw new SnapshotException("no snapshot from the chain");
                    }))
        .hasMessage("no snapshot from the chain");
  }
}
