package org.axonometer.cli;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ctrl-C and SIGTERM for a command that has something to lose. At the first it is asked to stop,
 * and the process stays until it has, then ends with the command's own exit code. The second ends
 * the process at once, as a kill would: what is under way is in the database as an open intent.
 */
final class Interruption {
  private static final CountDownLatch ENDED = new CountDownLatch(1);
  private static final AtomicBoolean ASKED = new AtomicBoolean();
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
    List.of("INT", "TERM").forEach(Interruption::handle);
  }

  static void commandEnded(int code) {
    exitCode = code;
    ENDED.countDown();
  }

  private static void signalled() {
    if (ASKED.compareAndSet(false, true)) {
      // Runs the hook; on a thread of its own, because the next signal has to get through.
      Thread.ofPlatform().daemon().start(() -> System.exit(ExitCode.INTERRUPTED));
    } else {
      Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
    }
  }

  /**
   * Java has no other door to signals than {@code sun.misc.Signal}, which every runtime has and no
   * program may compile against without a warning. Where it is missing, the runtime's own handling
   * stays: the first signal runs the hook, a second does nothing.
   */
  private static void handle(String name) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object ours =
          Proxy.newProxyInstance(
              handler.getClassLoader() == null
                  ? Interruption.class.getClassLoader()
                  : handler.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  signalled();
                }
                return null;
              });
      Method handle = signal.getMethod("handle", signal, handler);
      handle.invoke(null, signal.getConstructor(String.class).newInstance(name), ours);
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      // Taken by the operator (-Xrs), or absent.
    }
  }
}
