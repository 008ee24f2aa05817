package org.axonometer.metagraph;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Opens regular files only. Java can neither open without waiting nor ask an open file what it is,
 * so a path is looked at before and after, and nobody waits for long: a pipe that was put in the
 * file's place in between opens only when somebody writes to it.
 */
final class RegularFile {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private RegularFile() {}

  /** SnapshotException when there is no such file, or it is no regular one. */
  static InputStream open(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new SnapshotException(file + ": no such file");
    }
    require(file);
    InputStream in = opened(file, PATIENCE);
    try {
      require(file);
      return in;
    } catch (SnapshotException e) {
      in.close();
      throw e;
    }
  }

  private static void require(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new SnapshotException(file + ": not a regular file");
    }
  }

  /**
   * Opens what was a regular file a moment ago.
   *
   * @param patience how long it may take, on a slow disk too
   */
  static InputStream opened(Path file, Duration patience) throws IOException {
    CompletableFuture<InputStream> opened = new CompletableFuture<>();
    Thread.ofPlatform().daemon().name("snapshot-open").start(() -> open(file, opened));
    try {
      return opened.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new SnapshotException(file + ": not a regular file: it does not open", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException cause ? cause : new IOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } finally {
      opened.cancel(false);
    }
  }

  private static void open(Path file, CompletableFuture<InputStream> opened) {
    try {
      InputStream in = Files.newInputStream(file);
      if (!opened.complete(in)) {
        in.close();
      }
    } catch (IOException e) {
      opened.completeExceptionally(e);
    }
  }
}
