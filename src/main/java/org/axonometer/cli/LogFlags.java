package org.axonometer.cli;

import java.util.Optional;
import org.axonometer.observability.LogSettings;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;
import picocli.CommandLine.Option;

/** What a command that runs rounds logs on stderr, and how. */
final class LogFlags {
  @Option(
      names = "--log-format",
      paramLabel = "<form>",
      description =
          "text or json, one line an event. Variable AXONOMETER_LOG_FORMAT. Default: text")
  private LogSettings.@Nullable Format format;

  @Option(
      names = "--log-level",
      paramLabel = "<level>",
      description =
          "error, warn, info (a line a round) or debug (a line a query). Variable AXONOMETER_LOG."
              + " Default: info")
  private @Nullable Level level;

  @Option(names = "--redact-addresses", description = "Masks IP addresses in the log.")
  private boolean redactAddresses;

  void apply() {
    if (format != null || level != null || redactAddresses) {
      new LogSettings(Optional.ofNullable(format), Optional.ofNullable(level), redactAddresses)
          .apply();
    }
  }
}
