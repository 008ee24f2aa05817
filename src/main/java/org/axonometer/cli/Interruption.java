package org.axonometer.cli;

import java.util.concurrent.CountDownLatch;

/**
 * Ctrl-C and SIGTERM for a command that has something to lose: it is asked to stop, and the process
 * stays until it has, then ends with the command's own exit code.
 */
final class Interruption {
  private static final CountDownLatch ENDED = new CountDownLatch(1);
  private static volatile int exitCode;

  private Interruption() {}

  /** From now on an interruption calls {@code stop} instead of ending the process at once. */
  static void handledBy(Runnable stop) {
    Thread hook =
        new Thread(
            () -> {
              if (ENDED.getCount() == 0) {
                return;
              }
              stop.run();
              try {
                ENDED.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              Runtime.getRuntime().halt(exitCode);
            },
            "interruption");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  static void commandEnded(int code) {
    exitCode = code;
    ENDED.countDown();
  }
}
