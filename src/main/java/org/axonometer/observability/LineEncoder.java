package org.axonometer.observability;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.axonometer.subnet.ForeignText;

/**
 * The form of the log: each event is one line, {@code time | LEVEL | message} or one JSON object in
 * ASCII, whatever is in the message; see {@link RepeatedLines}. logback.xml sets it up.
 */
public final class LineEncoder extends EncoderBase<ILoggingEvent> {
  private static final int LONGEST = 8_192;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSX").withZone(ZoneOffset.UTC);

  /** IPv4, and IPv6 in full or with {@code ::}; a time of day is none. */
  private static final Pattern ADDRESS =
      Pattern.compile(
          "(?i)(?<![\\w:.])(?:"
              + "(?:\\d{1,3}\\.){3}\\d{1,3}(?!\\.?\\w)"
              + "|(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}(?![\\w:])"
              + "|(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,6})?::(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,6})?"
              + "(?:\\.\\d{1,3}){0,3}(?![\\w:]))");

  private static final String MASK = "[address]";

  private final RepeatedLines repeated = new RepeatedLines();
  private boolean json;
  private boolean redactAddresses;

  /**
   * @param format {@code text} or {@code json}
   */
  public void setFormat(String format) {
    json = format.equalsIgnoreCase("json");
  }

  /** Whether IP addresses become {@value #MASK}. */
  public void setRedactAddresses(boolean redact) {
    redactAddresses = redact;
  }

  @Override
  public byte[] headerBytes() {
    return new byte[0];
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    var said = new RepeatedLines.Said(event.getLevel(), event.getLoggerName(), message(event));
    return bytes(repeated.say(said, event.getInstant()));
  }

  @Override
  public byte[] footerBytes() {
    return bytes(repeated.rest());
  }

  private byte[] bytes(List<RepeatedLines.Line> lines) {
    var text = new StringBuilder();
    for (RepeatedLines.Line line : lines) {
      text.append(json ? json(line) : text(line)).append('\n');
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private String message(ILoggingEvent event) {
    String message = String.valueOf(event.getFormattedMessage());
    IThrowableProxy cause = event.getThrowableProxy();
    if (cause != null) {
      message += ": " + cause.getClassName() + ": " + cause.getMessage();
    }
    if (message.length() > LONGEST) {
      message = message.substring(0, LONGEST) + "...";
    }
    return redactAddresses ? ADDRESS.matcher(message).replaceAll(MASK) : message;
  }

  private static String text(RepeatedLines.Line line) {
    return "%s | %-5s | %s%s"
        .formatted(
            TIME.format(line.at()),
            line.said().level(),
            ForeignText.escape(line.said().message()),
            line.repeated() == 0 ? "" : " | repeated=" + line.repeated());
  }

  private static String json(RepeatedLines.Line line) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("time", TIME.format(line.at()));
    fields.put("level", line.said().level().toString());
    fields.put("logger", line.said().logger());
    fields.put("message", line.said().message());
    if (line.repeated() > 0) {
      fields.put("repeated", line.repeated());
    }
    return AsciiJson.MAPPER.writeValueAsString(fields);
  }
}
