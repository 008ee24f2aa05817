package org.axonometer.synapse;

import java.util.Locale;
import java.util.Optional;

/**
 * What a StreamingSynapse's answer is made into. The answer itself is bytes without any framing of
 * the SDK (protocol 5): where a chunk ends says nothing, only all of it together does.
 *
 * @param field the response field that gets the whole; empty: none, only a listener hears it
 */
public record Streaming(Parser parser, Optional<String> field) {

  /** How the bytes, UTF-8 always, become a value. */
  public enum Parser {
    /** One text, nothing removed. */
    TEXT,
    /**
     * A list of lines. A line ends with LF or CR LF, which are not part of it; a CR alone is text.
     * The last line may lack its end, and an end at the very end opens no further line.
     */
    LINES,
    /** A list of JSON values, one a line as in LINES; blank lines are passed over. */
    JSON_LINES
  }

  /** The text as it comes, into no field. */
  public static final Streaming UNDECLARED = new Streaming(Parser.TEXT, Optional.empty());

  @Override
  public String toString() {
    return parser.name().toLowerCase(Locale.ROOT).replace('_', '-')
        + field.map(name -> " into " + name).orElse("");
  }
}
