package org.axonometer.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.axonometer.dendrite.Outcome;
import org.axonometer.rounds.RoundProgress;

/**
 * How far a round is, on stderr while it runs: a bar on a terminal, a line every few seconds
 * elsewhere.
 */
final class ProgressDisplay implements AutoCloseable {
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(3);
  private static final Duration BETWEEN_BAR_STEPS = Duration.ofMillis(100);

  private final RoundProgress progress;
  private final PrintWriter err;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread thread;

  ProgressDisplay(RoundProgress progress, PrintWriter err) {
    this.progress = progress;
    this.err = err;
    this.thread =
        Thread.ofPlatform()
            .daemon()
            .name("progress")
            .unstarted(onTerminal() ? this::bar : this::lines);
  }

  // Java 25 has no console again where the streams are redirected.
  @SuppressWarnings("SystemConsoleNull")
  private static boolean onTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  void start() {
    thread.start();
  }

  @Override
  public void close() {
    ended.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void lines() {
    while (!endedWithin(BETWEEN_LINES)) {
      err.println(line());
      err.flush();
    }
  }

  private void bar() {
    try (ProgressBar bar =
        new ProgressBarBuilder()
            .setTaskName("asking")
            .setInitialMax(Math.max(1, progress.toAsk()))
            .setConsumer(new ConsoleProgressBarConsumer(System.err))
            .build()) {
      boolean last;
      do {
        last = endedWithin(BETWEEN_BAR_STEPS);
        bar.maxHint(Math.max(1, progress.toAsk()));
        bar.stepTo(progress.ended());
        bar.setExtraMessage(
            " ok %d, in flight %d".formatted(progress.ended(Outcome.OK), progress.inFlight()));
      } while (!last);
    }
  }

  private String line() {
    if (progress.toAsk() == 0) {
      return "preparing: reading, opening, warming up";
    }
    return String.format(
        Locale.ROOT,
        "asked %d of %d: ok %d, timed out %d, other %d, in flight %d",
        progress.ended(),
        progress.toAsk(),
        progress.ended(Outcome.OK),
        progress.ended(Outcome.TIMED_OUT),
        progress.ended() - progress.ended(Outcome.OK, Outcome.TIMED_OUT),
        progress.inFlight());
  }

  private boolean endedWithin(Duration time) {
    try {
      return ended.await(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
