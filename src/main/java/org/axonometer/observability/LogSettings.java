package org.axonometer.observability;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.ContextInitializer;
import ch.qos.logback.core.joran.spi.JoranException;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * What an operator wants of the log.
 *
 * @param format empty = as the environment says, else text
 * @param level of our own rooms; empty = as the environment says, else INFO
 * @param redactAddresses whether IP addresses are masked
 */
public record LogSettings(Optional<Format> format, Optional<Level> level, boolean redactAddresses) {

  /** One line of text or one JSON object an event. */
  public enum Format {
    TEXT,
    JSON
  }

  /** From now on the process logs so; logback.xml reads the properties. */
  public void apply() {
    format.ifPresent(chosen -> set("format", chosen.name().toLowerCase(Locale.ROOT)));
    level.ifPresent(chosen -> set("level", chosen.name()));
    set("redact", Boolean.toString(redactAddresses));
    var context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    try {
      new ContextInitializer(context).autoConfig();
    } catch (JoranException e) {
      throw new IllegalStateException("logback.xml cannot be read again", e);
    }
  }

  private static void set(String name, String value) {
    System.setProperty("axonometer.log." + name, value);
  }
}
