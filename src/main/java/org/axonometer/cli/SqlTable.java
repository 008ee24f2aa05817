package org.axonometer.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.axonometer.history.SqlRows;
import org.axonometer.subnet.ForeignText;
import org.jspecify.annotations.Nullable;

/**
 * Rows as a table for a terminal: numbers to the right, foreign text made harmless, long text cut.
 */
final class SqlTable {
  private static final int WIDEST = 100;

  private SqlTable() {}

  static void print(PrintWriter out, SqlRows answer) {
    List<List<String>> lines = new ArrayList<>();
    lines.add(answer.columns().stream().map(SqlTable::text).toList());
    for (List<@Nullable Object> row : answer.rows()) {
      List<String> line = new ArrayList<>();
      row.forEach(value -> line.add(text(value)));
      lines.add(line);
    }
    int[] widths = new int[answer.columns().size()];
    boolean[] right = new boolean[widths.length];
    for (int i = 0; i < widths.length; i++) {
      for (List<String> line : lines) {
        widths[i] = Math.max(widths[i], length(line.get(i)));
      }
      int column = i;
      right[i] = answer.rows().stream().anyMatch(row -> row.get(column) instanceof Number);
    }
    for (List<String> line : lines) {
      var text = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        String pad = " ".repeat(widths[i] - length(line.get(i)));
        text.append(right[i] ? pad + line.get(i) : line.get(i) + pad).append("  ");
      }
      out.println(text.toString().stripTrailing());
    }
  }

  private static String text(@Nullable Object value) {
    if (value == null) {
      return "-";
    }
    String text =
        value instanceof Double number
            ? String.format(Locale.ROOT, "%.4f", number)
            : ForeignText.escape(value.toString());
    return length(text) <= WIDEST
        ? text
        : text.substring(0, text.offsetByCodePoints(0, WIDEST - 1)) + "…";
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }
}
