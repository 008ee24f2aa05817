package org.axonometer.jobs;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the block {@code on-failure} of a job file.
 *
 * @param folder the job file's, absolute
 */
record HookReader(Block job, Path folder) {
  private static final int LONGEST = 2_000;
  private static final Set<String> THIS_MACHINE = Set.of("127.0.0.1", "localhost", "[::1]");
  private static final String EITHER =
      "write command (for example [python3, alert.py]) or url, not both";

  /** Empty when the file has no such block, or one with mistakes. */
  Optional<FailureHook> hook() {
    Block block = job.block("on-failure");
    List<String> words = ChallengeReader.words(block);
    Optional<URI> url = block.parsed("url", HookReader::url);
    Duration timeout =
        block
            .duration(
                "timeout",
                Duration.ofSeconds(1),
                Duration.ofMinutes(5),
                JobDefaults.ON_FAILURE_TIMEOUT)
            .orElse(JobDefaults.ON_FAILURE_TIMEOUT);
    if (job.has("on-failure") && block.has("command") == block.has("url")) {
      job.refuse("on-failure", "names nobody to tell, or two; " + EITHER);
    }
    block.end();
    if (!words.isEmpty()) {
      return Optional.of(new FailureHook(new FailureHook.Command(words, folder), timeout));
    }
    return url.map(uri -> new FailureHook(new FailureHook.Url(uri), timeout));
  }

  private static URI url(String text) {
    try {
      URI uri = new URI(text);
      boolean allowed =
          "https".equals(uri.getScheme())
              || ("http".equals(uri.getScheme()) && THIS_MACHINE.contains(uri.getHost()));
      if (allowed
          && uri.getHost() != null
          && uri.getRawUserInfo() == null
          && uri.getRawFragment() == null
          && text.length() <= LONGEST) {
        return uri;
      }
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("write an address (for example https://host/path)", e);
    }
    throw new IllegalArgumentException(
        "write https://host/path, or http:// on 127.0.0.1, [::1] or localhost; no name and password in it, %d characters at most"
            .formatted(LONGEST));
  }
}
