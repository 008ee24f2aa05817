package org.axonometer.jobs;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What {@code serve} calls when a round of the job fails or a scheduled time gets none.
 *
 * @param timeout for all of one call
 */
public record FailureHook(Target target, Duration timeout) {

  /** A command or an address. */
  public sealed interface Target {}

  /**
   * A program that gets the failure as one JSON object on its input.
   *
   * @param words the program and its arguments; no shell reads them
   * @param folder where it is started; absolute
   */
  public record Command(List<String> words, Path folder) implements Target {

    public Command {
      words = List.copyOf(words);
    }
  }

  /**
   * Where the failure is sent by POST, as one JSON object.
   *
   * @param uri https, or http on this machine; its path may be a secret
   */
  public record Url(URI uri) implements Target {

    /** Without its path, which may be a secret. */
    @Override
    public String toString() {
      return uri.getScheme() + "://" + uri.getHost();
    }
  }
}
