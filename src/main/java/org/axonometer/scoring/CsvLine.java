package org.axonometer.scoring;

import java.util.Collection;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One line of CSV by RFC 4180, ended by CRLF. Text that a spreadsheet would run as a formula gets a
 * {@code '} in front; null is an empty cell.
 */
public final class CsvLine {

  private CsvLine() {}

  public static String of(Collection<? extends @Nullable Object> cells) {
    return cells.stream().map(CsvLine::cell).collect(Collectors.joining(",", "", "\r\n"));
  }

  private static String cell(@Nullable Object value) {
    if (value == null) {
      return "";
    }
    String text = value instanceof String string ? harmless(string) : value.toString();
    boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
    return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
  }

  /**
   * A spreadsheet skips control and format characters in front of a formula, so they do not hide
   * one here either.
   */
  private static String harmless(String text) {
    int first =
        text.codePoints()
            .filter(
                c ->
                    !Character.isISOControl(c)
                        && Character.getType(c) != Character.FORMAT
                        && !Character.isWhitespace(c))
            .findFirst()
            .orElse(' ');
    boolean startsOddly = !text.isEmpty() && (text.charAt(0) == '\t' || text.charAt(0) == '\r');
    return "=+-@".indexOf(first) >= 0 || startsOddly ? "'" + text : text;
  }
}
