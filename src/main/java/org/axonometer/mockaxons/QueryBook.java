package org.axonometer.mockaxons;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import org.axonometer.subnet.Uid;
import org.jspecify.annotations.Nullable;

/**
 * The park's book of received queries: the nonce log when there is one, and the newest 50,000 in
 * memory. A line of the log is one write to the system, so it is whole and survives the death of
 * any process at once. Thread-safe.
 */
final class QueryBook implements AutoCloseable {
  private static final int MAX_QUERIES = 50_000;

  private final Clock clock;
  private final ArrayDeque<ReceivedQuery> newest = new ArrayDeque<>();
  // A plain stream and not a channel: interrupting one writer would close a channel for all.
  private final @Nullable OutputStream log;

  QueryBook(Clock clock, Optional<Path> nonceLog) {
    this.clock = clock;
    this.log = nonceLog.isEmpty() ? null : appendTo(nonceLog.get());
  }

  private static OutputStream appendTo(Path path) {
    try {
      return new FileOutputStream(path.toFile(), true);
    } catch (IOException e) {
      throw new ParkException("nonce log " + path + " cannot be written: " + e.getMessage(), e);
    }
  }

  void write(Uid uid, HttpRequest request) throws IOException {
    ReceivedQuery query =
        new ReceivedQuery(
            Verification.epochNanos(clock.instant()),
            uid,
            request.headers().getOrDefault("bt_header_dendrite_hotkey", ""),
            request.headers().getOrDefault("bt_header_dendrite_uuid", ""),
            request.headers().getOrDefault("bt_header_dendrite_nonce", ""),
            request.path());
    if (log != null) {
      log.write((query.line() + "\n").getBytes(StandardCharsets.US_ASCII));
    }
    synchronized (newest) {
      if (newest.size() == MAX_QUERIES) {
        newest.removeFirst();
      }
      newest.addLast(query);
    }
  }

  /** The newest queries, oldest first. */
  List<ReceivedQuery> newest() {
    synchronized (newest) {
      return List.copyOf(newest);
    }
  }

  @Override
  public void close() {
    if (log != null) {
      try {
        log.close();
      } catch (IOException e) {
        // Every line went out with its own write: there is nothing left to lose.
      }
    }
  }
}
