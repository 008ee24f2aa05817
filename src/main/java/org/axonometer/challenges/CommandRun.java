package org.axonometer.challenges;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.axonometer.jobs.ChallengeRule;
import org.axonometer.jobs.ChallengeRule.Limits;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of an operator's command: input in, output out, under a time and a size limit. No shell;
 * none of our variables, which may hold passwords; its standard error goes to the log. Whatever
 * goes wrong, the command and all that it started are killed: on Linux also what has outlived its
 * parent, which the variable {@code COMMAND_RUN} gives away.
 */
public final class CommandRun {
  private static final Logger log = LoggerFactory.getLogger(CommandRun.class);
  private static final int MOST_LOGGED_BYTES = 65_536;
  private static final int MOST_LOGGED_LINES = 200;
  private static final String MARK = "COMMAND_RUN";
  private static final int MOST_SEARCHES = 10;

  private final String block;
  private final ChallengeRule.Command command;
  private final Map<String, String> variables;
  private final Limits limits;
  private final String shown;
  private final String mark = MARK + "=" + UUID.randomUUID();

  /** A challenge's. */
  CommandRun(ChallengeRule.Command command, Limits limits) {
    this("challenge", command, Map.of(), limits);
  }

  /**
   * @param block of the job file, which messages name
   * @param variables what it is told beside its input
   */
  public CommandRun(
      String block, ChallengeRule.Command command, Map<String, String> variables, Limits limits) {
    this.block = block;
    this.command = command;
    this.variables = Map.copyOf(variables);
    this.limits = limits;
    this.shown = block + " command " + Shown.text(String.join(" ", command.words()));
  }

  /** What messages call it. */
  String shown() {
    return shown;
  }

  /**
   * Its output.
   *
   * @throws ChallengeException when it cannot be started, takes too long, prints too much, or ends
   *     with another code than 0
   */
  public byte[] output(byte[] input) {
    Process process = start();
    boolean isGood = false;
    try {
      byte[] output = output(process, input, System.nanoTime() + limits.timeout().toNanos());
      isGood = true;
      return output;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ChallengeException(shown + ": interrupted", e);
    } finally {
      if (!isGood) {
        kill(process);
      }
    }
  }

  private Process start() {
    ProcessBuilder builder =
        new ProcessBuilder(command.words()).directory(command.folder().toFile());
    withoutOurs(builder.environment());
    builder.environment().putAll(variables);
    builder.environment().put(MARK, mark.substring(MARK.length() + 1));
    try {
      return builder.start();
    } catch (IOException e) {
      throw new ChallengeException(
          shown + ": cannot be started: " + Shown.text(String.valueOf(e.getMessage())), e);
    }
  }

  /** Removes the variables that are ours or the wallet's. */
  static void withoutOurs(Map<String, String> environment) {
    environment.keySet().removeIf(CommandRun::isOurs);
  }

  private static boolean isOurs(String variable) {
    return variable.startsWith("BT_") || variable.startsWith("AXONOMETER_");
  }

  private byte[] output(Process process, byte[] input, long deadlineNanos)
      throws InterruptedException {
    Thread.ofPlatform().daemon().name(block + "-in").start(() -> write(process, input));
    CompletableFuture<Void> logged = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .name(block + "-err")
        .start(
            () -> {
              log(process);
              logged.complete(null);
            });
    CompletableFuture<byte[]> read = new CompletableFuture<>();
    Thread.ofPlatform().daemon().name(block + "-out").start(() -> read(process, read));
    byte[] output = await(read, deadlineNanos);
    if (output.length > limits.maxBytes()) {
      throw new ChallengeException(
          "%s: printed more than the %d bytes it may; it was stopped"
              .formatted(shown, limits.maxBytes()));
    }
    if (!process.waitFor(left(deadlineNanos), TimeUnit.NANOSECONDS)) {
      throw tooLong();
    }
    if (process.exitValue() != 0) {
      awaitLog(logged);
      throw new ChallengeException(
          "%s: ended with code %d; its standard error is in the log"
              .formatted(shown, process.exitValue()));
    }
    awaitLog(logged);
    return output;
  }

  private void awaitLog(CompletableFuture<Void> logged) throws InterruptedException {
    try {
      logged.get(1, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      // Something it left behind still holds its standard error; that is no reason to wait.
      log.warn("the standard error of {} is still open after its end", shown);
    }
  }

  private byte[] await(CompletableFuture<byte[]> read, long deadlineNanos)
      throws InterruptedException {
    try {
      return read.get(left(deadlineNanos), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw tooLong();
    } catch (ExecutionException e) {
      throw new ChallengeException(shown + ": its output cannot be read", e);
    }
  }

  private static long left(long deadlineNanos) {
    return Math.max(0, deadlineNanos - System.nanoTime());
  }

  private ChallengeException tooLong() {
    Duration timeout = limits.timeout();
    return new ChallengeException(
        "%s: not done after the %d ms of %s.timeout; it was stopped"
            .formatted(shown, timeout.toMillis(), block));
  }

  private static void write(Process process, byte[] input) {
    try (OutputStream out = process.getOutputStream()) {
      out.write(input);
    } catch (IOException e) {
      // It need not read all of its input; what it makes of it is judged by its output.
      log.debug("a challenge command did not read its whole input", e);
    }
  }

  private void read(Process process, CompletableFuture<byte[]> read) {
    try (InputStream in = process.getInputStream()) {
      read.complete(in.readNBytes(limits.maxBytes() + 1));
    } catch (IOException e) {
      read.completeExceptionally(e);
    }
  }

  /** To the end, so that a command that says a lot does not wait for us; only its start is kept. */
  private void log(Process process) {
    var kept = new ByteArrayOutputStream();
    try (InputStream in = process.getErrorStream()) {
      byte[] some = new byte[8_192];
      for (int n = in.read(some); n >= 0; n = in.read(some)) {
        kept.write(some, 0, Math.min(n, MOST_LOGGED_BYTES - kept.size()));
      }
    } catch (IOException e) {
      log.debug("the standard error of a challenge command broke off", e);
    }
    List<String> lines = kept.toString(StandardCharsets.UTF_8).lines().toList();
    lines.stream()
        .limit(MOST_LOGGED_LINES)
        .forEach(line -> log.warn("{} says: {}", shown, Shown.text(line)));
    if (lines.size() > MOST_LOGGED_LINES || kept.size() == MOST_LOGGED_BYTES) {
      log.warn("{} says more than is logged", shown);
    }
  }

  private void kill(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    // What has outlived its parent is nobody's descendant. While it is sought it may start more.
    List<ProcessHandle> left = marked();
    for (int search = 1; !left.isEmpty() && search < MOST_SEARCHES; search++) {
      left.forEach(ProcessHandle::destroyForcibly);
      left = marked();
    }
  }

  private List<ProcessHandle> marked() {
    return ProcessHandle.allProcesses().filter(this::isMarked).toList();
  }

  private boolean isMarked(ProcessHandle other) {
    try {
      Path environment = Path.of("/proc", Long.toString(other.pid()), "environ");
      return Files.readString(environment, StandardCharsets.ISO_8859_1).contains(mark);
    } catch (IOException e) {
      return false; // it has ended, is another user's, or this is no Linux
    }
  }
}
